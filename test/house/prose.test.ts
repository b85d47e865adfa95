/**
 * The parts of the rule for comments that a machine can see: lines fit the screen, and a comment begins with its subject. A doc
 * comment of "Whether" or "What" is half a sentence; "Of" and "Those" speak of a noun that stands elsewhere.
 */
import { dirname } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { expectOnly } from "../support/ratchet.js";
import { SOURCES, type Source } from "../support/sources.js";

const WIDTH = 120;

/** How many lines of a folder are too long. */
const LONG: Readonly<Record<string, number>> = {
  report: 5,
};

const BEGINNINGS: Readonly<Record<string, number>> = {};

const longLines = ({ path, text }: Source): string[] =>
  text.split("\n").flatMap((line, i) => (line.length > WIDTH ? [`${path}:${i + 1}`] : []));

const BEGINNING = /\/\*\*\s+(?:\* )?(?:Of|What|Whether|That of|Those)\s/g;

const halfSentences = ({ path, text }: Source): string[] =>
  [...text.matchAll(BEGINNING)].map(({ index }) => `${path}:${text.slice(0, index).split("\n").length}`);

function byFolder(find: (source: Source) => readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const source of SOURCES) {
    const folder = dirname(source.path);
    const places = find(source);
    if (places.length > 0) found.set(folder, [...(found.get(folder) ?? []), ...places]);
  }
  return found;
}

test("no more lines than these are longer than 120 columns", () => {
  expectOnly(byFolder(longLines), LONG);
});

test("no more doc comments than these begin in the middle of a sentence", () => {
  expectOnly(byFolder(halfSentences), BEGINNINGS);
});

describe("what is found", () => {
  const source = (text: string): Source => ({ path: "x.ts", text });

  test("a line of 121 columns, and none of 120", () => {
    expect(longLines(source(`${"x".repeat(120)}\n${"x".repeat(121)}\n`))).toEqual(["x.ts:2"]);
  });

  test.each([
    "/** Of all the others. */",
    "/**\n * What is left\n */",
    "  /** Whether it is. */",
    "/** That of the first. */",
    "/** Those that are left. */",
  ])("%j", (text) => {
    expect(halfSentences(source(text))).toEqual(["x.ts:1"]);
  });

  test.each(["/** Often. */", "/** That is all. */", "// Of these one is left.", "/** True if it is what is left. */"])(
    "not %j",
    (text) => {
      expect(halfSentences(source(text))).toEqual([]);
    },
  );
});
