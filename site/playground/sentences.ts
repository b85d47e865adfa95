/** Sentences of the compiler in the words of this page, where shapes are fields and `tensors` is nowhere to be seen. */
import type { Refusal } from "./messages.js";
import type { Source } from "./setup.js";

/** What a refusal says to somebody who types a formula here. Specs in JSON have `tensors`, as in a program. */
export const sentenceOf = ({ sentence }: Refusal, { kind }: Pick<Source, "kind">): string =>
  kind === "op"
    ? sentence
    : sentence
        .replace("give its shape in tensors", "give its shape below")
        // The shapes below are of what a formula reads.
        .replace(/, or give the shape of \w+$/, "")
        .replace(/^tensors has a shape for (\w+)/, "there is a shape for $1 below");

/** Why what was typed is no shape, or undefined if it is one. An empty field is none yet. */
export function wrongShape(name: string, shape: string): string | undefined {
  const wrong = sizesIn(shape).find((size) => !/^\d+$/.test(size));
  return wrong === undefined
    ? undefined
    : `the shape of ${name} is whole numbers with commas between, such as 64, 256; got ${JSON.stringify(wrong)}`;
}

/** The sizes in a shape, as they were typed. */
export const sizesIn = (shape: string): string[] =>
  shape
    .replace(/^\s*\[|\]\s*$/g, "")
    .split(/\s*,\s*|\s+/)
    .filter((size) => size !== "");
