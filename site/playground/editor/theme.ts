/** The editor in the colours of the page, light and dark. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "2px solid var(--tuned)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "0.6rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.75rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-matchingBracket": { backgroundColor: "var(--kin)", outline: "none" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--tuned)", color: "var(--surface)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.8" },
  ".refused": {
    backgroundColor: "var(--removed)",
    borderRadius: "0.2rem",
    textDecoration: "underline wavy var(--wrong)",
    textUnderlineOffset: "0.25em",
  },
});

const highlighted = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--parallel)", fontWeight: "600" },
  { tag: tags.number, color: "var(--unrolled)" },
  { tag: tags.string, color: "var(--vectorized)" },
  { tag: tags.typeName, color: "var(--tuned)" },
  { tag: tags.propertyName, color: "var(--gpu)" },
  { tag: tags.operator, color: "var(--muted)" },
]);

export const THEME: readonly Extension[] = [colours, syntaxHighlighting(highlighted)];
