/** The refused part of a text, underlined, with carets in a line of their own below it. */
import { StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

/** Characters of the text, from one up to another. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export const showRefusal = StateEffect.define<Place | undefined>();

class Carets extends WidgetType {
  constructor(
    readonly column: number,
    readonly length: number,
  ) {
    super();
  }

  override eq(other: Carets): boolean {
    return other.column === this.column && other.length === this.length;
  }

  override toDOM(): HTMLElement {
    const line = document.createElement("div");
    line.className = "carets";
    // The sentence below the editor says the same in words.
    line.setAttribute("aria-hidden", "true");
    line.textContent = " ".repeat(this.column) + "^".repeat(this.length);
    return line;
  }
}

export const refusalMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, newDoc }) {
    const shown = effects.findLast((effect) => effect.is(showRefusal));
    return shown ? marksAt(shown.value as Place | undefined, newDoc) : marks.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marksAt(place: Place | undefined, doc: Text): DecorationSet {
  if (!place) return Decoration.none;
  const from = Math.min(place.from, doc.length);
  const line = doc.lineAt(from);
  const to = Math.max(from, Math.min(place.to, line.to));
  const carets = new Carets(from - line.from, Math.max(1, to - from));
  return Decoration.set([
    ...(to > from ? [Decoration.mark({ class: "refused" }).range(from, to)] : []),
    Decoration.widget({ widget: carets, block: true, side: 1 }).range(line.to),
  ]);
}
