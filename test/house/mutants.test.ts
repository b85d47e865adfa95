/** The mutants of scripts/mutants/ break what there is: each text occurs in its file exactly once, and its tests exist. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MUTANTS } from "../../scripts/mutants.js";

const inTree = (path: string) => new URL(`../../${path}`, import.meta.url);
const read = (file: string): string => (existsSync(inTree(file)) ? readFileSync(inTree(file), "utf8") : "");

describe("each mutant", () => {
  test.each(MUTANTS)("$name", ({ file, from, to, noticedBy }) => {
    expect(read(file).split(from).length - 1, `occurrences of its text in ${file}`).toBe(1);
    expect(to).not.toBe(from);
    expect(noticedBy.filter((tests) => !existsSync(inTree(tests)))).toEqual([]);
    expect(noticedBy).not.toEqual([]);
  });

  test("has a name of its own, by which it can be tried alone", () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
