/** Text on a terminal: colours where there are colours, lines that fit, and nothing lost. */
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wrapped } from "../src/cli/style.js";
import { tilewright } from "./support/commands.js";
import { PAIRS, SEED } from "./support/effort.js";

const SPEC = '{ "op": "conv2d", "value": [1, 9, 9, 8], "filters": [3, 3, 8, 8], "rate": 1, "padding": "SAME" }';
const COMMANDS = [
  ["--help"],
  ...["init", "build", "extract", "tune", "records", "report", "explain"].map((name) => [name, "--help"]),
  ["explain", SPEC],
  ["explain", SPEC, "--all"],
  ["explain", "{}"],
  ["tune", "--level", "nowhere"],
];
/** Everything that a terminal would take for a command. */
const escapesIn = (text: string): string[] => text.match(/\p{Cc}\[\d+m/gu) ?? [];

describe.each(COMMANDS)("tilewright %s %s", (...argv) => {
  const given = argv.filter((part) => part !== undefined);

  test("says the same in colours, and has none where nobody sees them", async () => {
    const plain = await tilewright(given);
    const coloured = await tilewright(given, "", { hasColours: true, columns: undefined });
    expect(escapesIn(plain.out + plain.err)).toEqual([]);
    expect(escapesIn(coloured.out + coloured.err)).not.toEqual([]);
    for (const output of ["out", "err"] as const)
      expect(stripVTControlCharacters(coloured[output])).toBe(plain[output]);
  });

  test("says the same on a narrow terminal, in lines that fit it", async () => {
    const words = (text: string) => text.split(/\s+/);
    const [plain, narrow] = [await tilewright(given), await tilewright(given, "", { hasColours: true, columns: 60 })];
    for (const output of ["out", "err"] as const)
      expect(words(stripVTControlCharacters(narrow[output]))).toEqual(words(plain[output]));
    if (given.includes("--all")) return; // listings are not prose
    const [prose = ""] = stripVTControlCharacters(narrow.out + narrow.err).split(/^EXAMPLE$/m);
    expect(prose.split("\n").filter((line) => line.length > 60)).toEqual([]);
  });
});

test("machines get no colours", async () => {
  const { out } = await tilewright(["explain", SPEC, "--json"], "", { hasColours: true, columns: 60 });
  expect(out).toBe((await tilewright(["explain", SPEC, "--json"])).out);
});

test("an escape in what is refused stays visible, and the colour is ours", async () => {
  const { err } = await tilewright(["explain", SPEC, "--stage", "\u001b[31mx"], "", {
    hasColours: true,
    columns: undefined,
  });
  expect(err).toContain("\\u001b[31mx");
  expect(escapesIn(err)).toEqual(["\u001b[31m", "\u001b[39m"]);
});

describe("wrapped text", () => {
  test("keeps its words, breaks none, and fits where they do", () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 12, max: 100 }), (words, columns) => {
        const lines = wrapped(words.join(" "), columns).split("\n");
        expect(lines.flatMap((line) => line.split(" "))).toEqual(words);
        expect(lines.filter((line) => line.length > columns)).toEqual([]);
        // A line that could take the next word would have taken it.
        lines.slice(1).forEach((line, i) => {
          expect(`${lines[i]} ${line.split(" ")[0]}`.length).toBeGreaterThan(columns);
        });
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  test("stands below the description that it belongs to", () => {
    expect(wrapped("  --out=<path>    The page that is written\n\nMore of it", 36)).toBe(
      "  --out=<path>    The page that is\n                  written\n\nMore of it",
    );
    expect(wrapped("  --out=<path>    The page that is written", 30)).toBe(
      "  --out=<path>    The page\n  that is written",
    );
    expect(wrapped("a path of /one/that/has/no/spaces/to/break/at", 20)).toBe(
      "a path of\n/one/that/has/no/spaces/to/break/at",
    );
  });
});
