/** Misspelt names: the known one that was probably meant, as the end of a refusal. */
import { show } from "./errors.js";

/** No known name has as many characters, and longer ones would take long to compare. */
const MOST = 64;

/** "; did you mean x?" for the known name that is nearest, if one is near. Capitals do not count. */
export function meant(name: string, known: Iterable<string>): string {
  const found = nearest(name, known);
  return found === undefined ? "" : `; did you mean ${found}?`;
}

/** The same for a value that may be no text. */
export function meantValue(given: unknown, known: Iterable<string>): string {
  const found = typeof given === "string" ? nearest(given, known) : undefined;
  return found === undefined ? "" : `; did you mean ${show(found)}?`;
}

/** The known name that is nearest, if one is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MOST) return undefined;
  // In a short word two letters are a large part.
  const most = name.length > 4 ? 2 : Math.min(1, Math.floor(name.length / 2));
  let [found, least]: [string | undefined, number] = [undefined, most + 1];
  for (const one of known) {
    const distance = distanceBetween(name.toLowerCase(), one.toLowerCase());
    if (distance < least) [found, least] = [one, distance];
  }
  return found;
}

/** The fewest letters to put in, leave out, change or swap with the next that make one word of the other. */
function distanceBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] as number) + (a[i] === b[j] ? 0 : 1);
      const isSwapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const swapped = isSwapped ? (before[j - 1] as number) + 1 : changed;
      next.push(Math.min(changed, swapped, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}
