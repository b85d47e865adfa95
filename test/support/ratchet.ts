/** Lists of what is still wrong, which may only become shorter. */
import { expect } from "vitest";

/**
 * Compares what there is today, by name, with the counts that are allowed. More than that fails, and so does less: a count that is
 * not lowered at once would let the same come back.
 */
export function expectOnly(
  found: ReadonlyMap<string, readonly string[]>,
  allowed: Readonly<Record<string, number>>,
): void {
  const more = [...found].filter(([name, places]) => places.length > (allowed[name] ?? 0));
  expect(
    more.map(([name, places]) => `${name}: ${places.length} instead of ${allowed[name] ?? 0}: ${places.join(", ")}`),
  ).toEqual([]);
  const fewer = Object.entries(allowed).filter(([name, count]) => (found.get(name)?.length ?? 0) < count);
  expect(
    fewer.map(([name]) => `${name}: only ${found.get(name)?.length ?? 0} are left, so lower its count in the list`),
  ).toEqual([]);
}
