/** The editor: CodeMirror with the words of formulas and specs, and a mark under what is refused. */
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { FormulaNames } from "../messages.js";
import { completeFormula, completeSpec } from "./completion.js";
import { formulaLanguage, specLanguage } from "./language.js";
import { type Place, refusalMarks, showRefusal } from "./refusal.js";
import { THEME } from "./theme.js";

export interface Editor {
  /** Shows another text, without telling that it changed. */
  setText(text: string, kind: "formula" | "op"): void;
  setRefusal(place: Place | undefined): void;
}

export function openEditor(parent: HTMLElement, names: () => FormulaNames, onChange: (text: string) => void): Editor {
  const language = new Compartment();
  let shownKind: "formula" | "op" = "formula";
  let isOwnChange = false;
  const languageFor = (kind: "formula" | "op") =>
    kind === "formula"
      ? [formulaLanguage, autocompletion({ override: [completeFormula(names)] })]
      : [specLanguage, autocompletion({ override: [completeSpec] })];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        history(),
        bracketMatching(),
        EditorView.lineWrapping,
        // Tab leaves the editor, so that the keyboard is never caught in it.
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": "Formula or spec", "aria-describedby": "refusal" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isOwnChange) onChange(update.state.doc.toString());
        }),
        refusalMarks,
        language.of(languageFor(shownKind)),
        ...THEME,
      ],
    }),
  });
  return {
    setText(text, kind) {
      isOwnChange = true;
      const isOther = view.state.doc.toString() !== text;
      view.dispatch({
        ...(isOther ? { changes: { from: 0, to: view.state.doc.length, insert: text } } : {}),
        // Completion that is open closes when it is configured anew.
        effects: kind === shownKind ? [] : language.reconfigure(languageFor(kind)),
      });
      shownKind = kind;
      isOwnChange = false;
    },
    setRefusal: (place) => view.dispatch({ effects: showRefusal.of(place) }),
  };
}
