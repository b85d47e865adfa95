/** The attack: a few rounds of each part find nothing, and faults made on purpose are found. */
import { TilewrightError } from "tilewright";
import { describe, expect, test } from "vitest";
import { PARTS } from "../scripts/attack/parts.js";
import { runPart } from "../scripts/attack/run.js";
import { Tally } from "../scripts/attack/tally.js";
import { SEED } from "./support/effort.js";

const ROUNDS: Readonly<Record<string, number>> = {
  kernels: 40,
  formulas: 40,
  schedules: 100,
  arguments: 200,
  files: 3,
  soak: 1,
};

const seed = String(SEED);
const partOf = (name: string) => PARTS[name] ?? expect.fail(`there is no part ${name}`);

test.each(Object.keys(PARTS))(`%s, seed ${seed}`, async (name) => {
  const extent = { seed, rounds: ROUNDS[name] ?? 1 };
  const { attempts, right, refused, findings } = await runPart(name, partOf(name), extent, { isTimed: false });
  expect(findings).toEqual([]);
  expect(right + refused).toBe(attempts);
  expect(attempts).toBeGreaterThan(0);
});

describe("a fault is found", () => {
  /** One element is not what it was. */
  const alter = (expected: Float64Array) => expected.map((element, i) => (i === 0 ? element + 1 : element));

  test.each([
    ["kernels", 20],
    ["formulas", 20],
    ["schedules", 20],
    ["soak", 1],
  ])("a wrong result, by %s", async (name, rounds) => {
    const { wrong, raw } = await runPart(name, partOf(name), { seed, rounds }, { alter });
    expect(wrong).toBeGreaterThan(0);
    expect(raw).toBe(0);
  });

  const judged = async (act: () => unknown) => {
    const tally = new Tally("part");
    await tally.attempt("an input", act);
    const { right, refused, wrong, raw } = tally;
    return { right, refused, wrong, raw };
  };
  const none = { right: 0, refused: 0, wrong: 0, raw: 0 };
  const thrown = (error: unknown) => () => {
    throw error;
  };

  test.each([
    ["an answer", () => undefined, { right: 1 }],
    ["a wrong answer", () => "element 3 is 1, not 2", { wrong: 1 }],
    ["a refusal", thrown(new TilewrightError("invalid-spec", "no")), { refused: 1 }],
    ["a bug by its own words", thrown(new TilewrightError("internal", "no")), { raw: 1 }],
    ["a refusal without an end", thrown(new TilewrightError("invalid-spec", "x".repeat(1e5))), { raw: 1 }],
    ["another error", thrown(new TypeError("x is not a function")), { raw: 1 }],
    ["a promise that fails", () => Promise.reject(new RangeError("too deep")), { raw: 1 }],
    ["what is no error", thrown(undefined), { raw: 1 }],
  ])("%s", async (_, act, expected) => {
    expect(await judged(act)).toEqual({ ...none, ...expected });
  });

  test("a promise that nobody waits for", async () => {
    const round = async (_: unknown, tally: Tally) =>
      tally.attempt("an input", () => void Promise.reject(new Error("nobody waits")));
    const { raw, findings } = await runPart("stray", { round }, { seed, rounds: 1 });
    expect(raw).toBe(1);
    expect(findings[0]?.why).toContain("nobody waits");
  });
});

test("the same seed draws the same again", async () => {
  const inputs = async () => {
    const seen: string[] = [];
    const alter = (expected: Float64Array) => expected.map((element) => element + 1);
    const report = ({ input }: { readonly input: string }) => void seen.push(input);
    await runPart("kernels", partOf("kernels"), { seed, first: 3, rounds: 5 }, { alter, report });
    return seen;
  };
  expect(await inputs()).toEqual(await inputs());
});
