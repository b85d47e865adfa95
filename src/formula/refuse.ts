/** Refusals of formulas: a sentence, and below it the line of the text with carets under the place. */
import { TilewrightError } from "../ir/errors.js";
import type { TextSpan } from "./formula.js";

/** Throws `invalid-formula`. A place that code has built has no text, so the sentence alone must do. */
export function refuseAt(span: TextSpan | undefined, sentence: string): never {
  const error = new TilewrightError("invalid-formula", span ? `${sentence}\n${excerpt(span)}` : sentence);
  throw span ? Object.assign(error, { place: { from: span.from, to: span.to } }) : error;
}

/** The columns of a terminal. */
const COLUMNS = 80;
const MORE = "...";

/** The line of the place, and carets below it. Of a long line it is the part around the place. */
function excerpt({ text, from, to }: TextSpan): string {
  const begin = text.lastIndexOf("\n", from - 1) + 1;
  const end = text.indexOf("\n", from);
  // Behind the last character stands a place, too.
  const line = `${text.slice(begin, end < 0 ? text.length : end).replace(/\s/g, " ")} `;
  const number = text.slice(0, begin).split("\n").length;
  const margin = text.trim().includes("\n") ? `${number} | ` : "  ";
  const [shown, column] = cutAround(line, from - begin, COLUMNS - margin.length);
  const length = Math.max(1, Math.min(to - from, shown.length - column));
  return `${margin}${shown.trimEnd()}\n${" ".repeat(margin.length + column)}${"^".repeat(length)}`;
}

/** As many characters of the line as fit, and the place of one of them among these. */
function cutAround(line: string, column: number, width: number): [shown: string, column: number] {
  if (line.length <= width) return [line, column];
  const first = Math.max(0, Math.min(column - Math.floor(width / 2), line.length - width));
  const last = first + width;
  const before = first > 0 ? MORE : "";
  const after = last < line.length ? MORE : "";
  const shown = before + line.slice(first + before.length, last - after.length) + after;
  return [shown, column - first];
}

/** "1 value", "2 values" */
export const amount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** The remedy for a power, of which there are many spellings elsewhere. */
export const POWER = "a power is a product, as in x[i]*x[i]";
