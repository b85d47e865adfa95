/** The refused part of a text, underlined where it stands, as lines that are wrapped have no column. */
import { StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

/** Characters of the text, from one up to another. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export const showRefusal = StateEffect.define<Place | undefined>();

/** A caret where there is no character to underline: at the end of a line. */
class Caret extends WidgetType {
  override eq(): boolean {
    return true;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement("span");
    caret.className = "refused";
    // The sentence below the editor says the same in words.
    caret.setAttribute("aria-hidden", "true");
    caret.textContent = "^";
    return caret;
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
  const to = Math.max(from, Math.min(place.to, doc.lineAt(from).to));
  return Decoration.set(
    to > from
      ? Decoration.mark({ class: "refused" }).range(from, to)
      : Decoration.widget({ widget: new Caret(), side: 1 }).range(from),
  );
}
