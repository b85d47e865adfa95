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
  let [found, least]: [string | undefined, number] = [undefined, Math.min(2, Math.floor(name.length / 2)) + 1];
  for (const one of known) {
    const distance = distanceBetween(name.toLowerCase(), one.toLowerCase());
    if (distance < least) [found, least] = [one, distance];
  }
  return found;
}

/** The fewest letters to put in, leave out or change that make one word of the other. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] as number) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
