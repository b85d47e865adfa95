/** What is typed into the playground, pasted and linked to, and the compiler's sentences in the words of the page. */
import { describe, expect, test } from "vitest";
import { snapshotsOf } from "../../site/generate/snapshots.js";
import { sentenceOf, sizesIn, wrongShape } from "../../site/playground/sentences.js";
import { decodeSetup, encodeSetup, type Setup, sourceWith, withoutStrangers } from "../../site/playground/setup.js";

const FORMULA = { kind: "formula", text: "y[i] = x[i]", shapes: { x: "8", gone: "3" }, weights: ["gone"] } as const;
const OP = { kind: "op", text: '{ "op": "softmax", "value": [8, 16] }' } as const;

describe("a text", () => {
  test("is a spec if it begins with a brace, else a formula", () => {
    expect(sourceWith("  \n{", FORMULA)).toEqual({ kind: "op", text: "  \n{" });
    expect(sourceWith("y[i] = x[i]", OP)).toEqual({ kind: "formula", text: "y[i] = x[i]", shapes: {}, weights: [] });
  });

  test("stays what it is where it is empty", () => {
    expect(sourceWith(" ", OP)).toEqual({ kind: "op", text: " " });
    expect(sourceWith("", FORMULA)).toEqual({ ...FORMULA, text: "" });
  });
});

describe("a link", () => {
  const setup: Setup = { source: FORMULA, target: "wasm", accuracy: "exact" };

  test("holds a setup, and half of one is none", () => {
    const link = `#${encodeSetup(setup)}`;
    expect(decodeSetup(link)).toEqual(setup);
    expect(decodeSetup(link.slice(0, -20))).toBeUndefined();
  });

  test("has the shapes that the formula reads", () => {
    expect(withoutStrangers(setup, ["x"]).source).toEqual({ ...FORMULA, shapes: { x: "8" }, weights: [] });
  });
});

describe("a shape", () => {
  test.each(["", "8", "64, 256", "64 256", "[64, 256]", "[]"])("%j", (shape) => {
    expect(wrongShape("x", shape)).toBeUndefined();
  });

  test.each([
    ["100 x 8", "x"],
    ["100x8", "100x8"],
    ["8, n", "n"],
    ["-1", "-1"],
    ["2.5", "2.5"],
  ])("%j is none", (shape, word) => {
    expect(wrongShape("x", shape)).toBe(
      `the shape of x is whole numbers with commas between, such as 64, 256; got "${word}"`,
    );
  });

  test("is its sizes", () => {
    expect(sizesIn("[64, 256]")).toEqual(["64", "256"]);
  });
});

describe("a sentence", () => {
  const said = snapshotsOf("test/formula/errors.test.ts").map(({ text }) => text.split("\n")[0] as string);

  test("about a shape speaks of the fields below a formula, of which a spec has none", () => {
    const sentence = said.find((one) => one.includes("give its shape in tensors")) as string;
    expect(sentenceOf({ code: "", sentence }, { kind: "formula" })).toContain("give its shape below");
    expect(sentenceOf({ code: "", sentence }, { kind: "op" })).toBe(sentence);
  });

  test("never asks for what the page lacks", () => {
    expect(said.length).toBeGreaterThan(30);
    const lacking = said.filter((one) => /in tensors|tensors has a shape|give the shape of/.test(one));
    expect(lacking.length).toBeGreaterThan(2);
    const shown = lacking.map((sentence) =>
      sentenceOf({ code: "", sentence: sentence.replace("invalid-formula: ", "") }, { kind: "formula" }),
    );
    expect(shown.filter((one) => /in tensors|tensors has|give the shape of/.test(one))).toEqual([]);
  });
});
