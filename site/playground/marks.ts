/** Names of loops and axes in texts, marked alike in all panes: to point at one is to point at all of them. */
import { computed, effect, signal } from "@preact/signals";
import type { Directive } from "tilewright/compiler";
import { compiled } from "./store.js";

/** The name that is pointed at, and the one that stays marked until it is clicked again. */
const pointed = signal<string | undefined>(undefined);
const pinned = signal<string | undefined>(undefined);

/** Names of loops and axes, each with the axes that it is a part of. */
export const roots = computed((): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, ReadonlySet<string>>();
  const now = compiled.value;
  if (!now) return found;
  for (const { axis } of now.axes) found.set(axis, new Set([axis]));
  for (const directives of Object.values(now.explanation.schedule.directives))
    for (const directive of directives) follow(directive, found);
  for (const { steps } of now.explanation.kernels) {
    for (const [, name = ""] of (steps[0]?.ir ?? "").matchAll(/^\s*for (\w+) </gm))
      if (!found.has(name)) found.set(name, new Set([name]));
  }
  return found;
});

function follow(directive: Directive, found: Map<string, ReadonlySet<string>>): void {
  const of = (axis: string) => found.get(axis) ?? new Set([axis]);
  if (directive.do === "split") for (const part of directive.into) found.set(part, of(directive.axis));
  if (directive.do === "fuse") found.set(directive.into, new Set(directive.axes.flatMap((axis) => [...of(axis)])));
}

/** All names that share an axis with this one. */
function kinOf(name: string): string[] {
  const own = roots.value.get(name);
  if (!own) return [];
  return [...roots.value].flatMap(([other, axes]) => ([...axes].some((axis) => own.has(axis)) ? [other] : []));
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] as string);

const WORDS: ReadonlySet<string> = new Set(
  (
    "for if else while alloc register local workgroup index flag unrolled vectorized parallel peeled partition " +
    "kernel program stage run prepare sum max min term domain where const let function fn var return loop func memory"
  ).split(" "),
);
const TOKEN = /[A-Za-z_]\w*|[^A-Za-z_]+/g;

/** A text as markup in which names and words of the language are marked. */
export const marked = (text: string, known: ReadonlyMap<string, unknown>): string =>
  text.replace(TOKEN, (token) => {
    if (known.has(token)) return `<span data-name="${token}">${token}</span>`;
    return WORDS.has(token) ? `<b>${token}</b>` : escaped(token);
  });

/** Marks what is pointed at, by pointer or by keyboard, for as long as the page lives. */
export function followPointer(): void {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  effect(() => {
    const name = pointed.value ?? pinned.value;
    const rule = (found: readonly string[], style: string) =>
      found.length === 0 ? "" : `${found.map((one) => `[data-name="${one}"]`).join()} { ${style} }`;
    sheet.replaceSync(
      name === undefined
        ? ""
        : rule(kinOf(name), "background: var(--kin);") + rule([name], "background: var(--lit); color: var(--lit-ink);"),
    );
  });
  const nameAt = ({ target }: Event): string | undefined =>
    (target as Element | null)?.closest?.("[data-name]")?.getAttribute("data-name") ?? undefined;
  for (const event of ["pointerover", "focusin"])
    document.addEventListener(event, (happened) => {
      pointed.value = nameAt(happened);
    });
  document.addEventListener("click", (happened) => {
    const name = nameAt(happened);
    if (name !== undefined) pinned.value = pinned.value === name ? undefined : name;
  });
}
