/** Texts of the compiler, with names of loops marked. */
import { useState } from "preact/hooks";
import { marked, roots } from "../marks.js";
import { Scroll } from "./scroll.js";

/** More lines make a page slow, and nobody reads them. */
const MOST_LINES = 1200;

/** `label` names the region for readers who reach it by keyboard. */
export function Listing({ text, label }: { readonly text: string; readonly label: string }) {
  const [isWhole, setWhole] = useState(false);
  const lines = text.split("\n");
  const isLong = lines.length > MOST_LINES && !isWhole;
  const shown = isLong ? lines.slice(0, MOST_LINES).join("\n") : text;
  return (
    <>
      <Scroll class="listing" label={label}>
        <pre dangerouslySetInnerHTML={{ __html: marked(shown, roots.value) }} />
      </Scroll>
      {isLong && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {lines.length} lines
        </button>
      )}
    </>
  );
}

/** A few words of a schedule. */
export const Marked = ({ text }: { readonly text: string }) => (
  <code dangerouslySetInnerHTML={{ __html: marked(text, roots.value) }} />
);

/** The name of a loop or an axis, which can be pinned by keyboard as well. */
export const Name = ({ name }: { readonly name: string }) => (
  <button type="button" class="name" data-name={name} title={`Mark ${name} in all panes`}>
    {name}
  </button>
);
