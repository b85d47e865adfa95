// @ts-check
/** Random formulas held to their own meaning, and texts that are broken or hostile. */
import { compile } from "tilewright";
import { difference, elementsIn } from "./compare.js";
import { FormulaDrawer } from "./drawFormula.js";
import { gradientRound } from "./formulaGradients.js";
import { mutatedText } from "./mutate.js";
import { computeLine } from "./oracle/formula.js";
import { rawness } from "./tally.js";

/** @typedef {import("./random.js").Random} Random */
/** @typedef {import("./tally.js").Tally} Tally */

/** Where float32 rounds, results may be off by so much of the largest number on the way. */
const ROUNDING = 1e-4;
const TARGETS = ["wasm", "wasm", "js", "auto", "plain"];

/** @param {Random} random @param {Tally} tally */
export async function round(random, tally) {
  const drawn = new FormulaDrawer(random);
  const formula = drawn.text;
  const tensors = Object.fromEntries(drawn.inputs.map((name) => [name, drawn.shapes[name] ?? []]));
  const kind = random.int(0, 9);
  const isOne = drawn.inputs.length > 0 && String(drawn.outputs) === "output";
  if (kind === 0 && isOne) return gradientRound(random, tally, drawn, { formula, tensors });
  if (kind < 6) return legalRound(random, tally, drawn, { formula, tensors });
  const text = kind < 9 ? mutatedText(random, formula, random.int(1, 3)) : hostileText(random, formula);
  const spec = { formula: text, tensors: random.once(4) ? mutatedShapes(random, tensors) : tensors };
  await tally.attempt(JSON.stringify(spec), () => agreed(random, spec));
}

/** @param {Random} random @param {Tally} tally @param {FormulaDrawer} drawn @param {any} plain */
async function legalRound(random, tally, drawn, plain) {
  const weights = random.once(2) ? [] : drawn.inputs.filter(() => random.once(2));
  const spec = weights.length === 0 ? plain : { ...plain, weights };
  const options = { target: random.pick(TARGETS), ...(random.once(5) ? { threads: 2 } : {}) };
  await tally.attempt(JSON.stringify({ spec, options }), async () => {
    const given = drawn.inputs.map((name) => {
      const shape = drawn.shapes[name] ?? [];
      return { name, shape, data: random.integers(elementsIn(shape)) };
    });
    const run = {
      tensors: new Map(given.map(({ name, shape, data }) => [name, { shape, data }])),
      largest: 1,
      isRounded: false,
      isEndless: false,
    };
    for (const line of drawn.lines) computeLine(line, /** @type {any} */ (run));
    /** @type {any} */
    let kernel;
    try {
      kernel = await compile(spec, /** @type {any} */ (options));
    } catch (error) {
      if (rawness(error) !== undefined) throw error;
      return `a legal formula was refused: ${/** @type {Error} */ (error).message}`;
    }
    const named = (/** @type {boolean} */ isWeight) =>
      Object.fromEntries(
        given.flatMap(({ name, data }) => (weights.includes(name) === isWeight ? [[name, data]] : [])),
      );
    const results = await kernel.run(named(false), ...(weights.length > 0 ? [kernel.prepare(named(true))] : []));
    kernel.dispose();
    if (String(Object.keys(results).sort()) !== String([...drawn.outputs].sort()))
      return `outputs are ${Object.keys(results)}`;
    for (const name of drawn.outputs) {
      const expected = tally.alter(Float64Array.from(run.tensors.get(name)?.data ?? []));
      const why = difference(results[name], expected, () => (run.isRounded ? ROUNDING * run.largest : 0));
      if (why) return `${name}: ${why} (${kernel.target})`;
    }
  });
}

/** What nobody can foresee must mean the same on every target. @param {Random} random @param {any} spec */
async function agreed(random, spec) {
  const kernel = /** @type {any} */ (await compile(spec, { target: "js" }));
  const shapes = Object.values(kernel.spec.tensors);
  // Legal formulas may be large: only small ones are run.
  if (shapes.some((shape) => elementsIn(shape) > 2000) || /\d{3}|[1-9]\d/.test(kernel.spec.formula)) return;
  const names = [...kernel.inputNames];
  const inputs = Object.fromEntries(
    names.map((name) => [name, random.integers(elementsIn(kernel.spec.tensors[name]))]),
  );
  const one = await kernel.run(inputs);
  for (const target of ["plain", "wasm"]) {
    const other = /** @type {any} */ (await compile(spec, /** @type {any} */ ({ target })));
    const results = await other.run(inputs);
    for (const [name, values] of Object.entries(one)) {
      const largest = values.reduce(
        (/** @type {number} */ most, /** @type {number} */ x) => Math.max(most, Math.abs(x) || 0),
        1,
      );
      // Of what is no number, targets may make different things.
      const isNumber = (/** @type {number} */ x) => Number.isFinite(x);
      const why = difference(results[name].filter(isNumber), values.filter(isNumber), () => ROUNDING * largest);
      if (why) return `${name} of js and ${target}: ${why}`;
    }
  }
}

/** @param {Random} random @param {Record<string, readonly number[]>} tensors */
function mutatedShapes(random, tensors) {
  const sizes = [0, 1, -1, 2.5, 1e9, 2 ** 53, Number.NaN, "3", null];
  const entries = Object.entries(tensors).map(([name, shape]) => {
    if (random.once(3)) return [name, shape.map((size) => (random.once(2) ? random.pick(sizes) : size))];
    if (random.once(6)) return [random.pick(["__proto__", "constructor", "x y", "", "sum", name]), shape];
    return [name, random.once(8) ? random.pick([null, "3", {}, [], new Array(40).fill(1)]) : shape];
  });
  return Object.fromEntries(entries);
}

/** @param {Random} random @param {string} formula */
function hostileText(random, formula) {
  const many = random.pick([10, 300, 5000, 60_000]);
  return random.pick([
    () => `output[] = ${"(".repeat(many)}1${")".repeat(many)}`,
    () => `output[] = ${"-".repeat(many)}1`,
    () => `output[] = ${new Array(many).fill("1").join(" + ")}`,
    () => `output[] = ${"sum(k < 2: ".repeat(many)}1${")".repeat(many)}`,
    () => `output[${"n, ".repeat(many)}m] = 1 for n < 2, m < 2`,
    () =>
      new Array(Math.min(many, 3000))
        .fill(0)
        .map((_, i) => `t${i}[] = ${i === 0 ? "1" : `t${i - 1}[] + 1`}`)
        .join("\n"),
    () => new Array(many).fill(formula).join("\n"),
    () => `output[n] = 1 for n < ${"9".repeat(many)}`,
    () => `output[${"n + ".repeat(many)}0] = 1 for n < 2`,
    () => `${"x".repeat(many)}[n] = 1 for n < 2`,
    () => `output[n] = ${"where(1 < 2, ".repeat(many)}1${", 0)".repeat(many)} for n < 2`,
    () => String.fromCodePoint(...random.list(Math.min(many, 5000), () => random.int(0, 0xffff))),
  ])();
}
