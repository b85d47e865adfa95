/** Random small specs x tiles x variations of Winograd's schedule: the stages mean the same before the first pass and after each. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Directive, printSchedule, type Schedule } from "../src/codegen/schedule.js";
import { type WinogradBlock, winogradDirectives } from "../src/codegen/search/winogradDirectives.js";
import { JS, type Target, wasmTarget } from "../src/codegen/target.js";
import type { OpSpec } from "../src/ir/ops/spec.js";
import type { Program } from "../src/ir/program.js";
import { programWith, type WinogradSizes, type WinogradTile, winogradSizesOf } from "./support/algorithms.js";
import { PAIRS, SEED } from "./support/effort.js";
import { roadOf, wrongPass } from "./support/programs.js";
import { firstDifference, givenFor, runKernels, unlessRefused } from "./support/run.js";
import { computeAt, partition } from "./support/schedules.js";
import { normal } from "./support/winograd.js";

const between = (min: number, max: number) => fc.integer({ min, max });

/** Small, and with something to compute: some tap meets the image. */
const specs: fc.Arbitrary<OpSpec> = fc
  .record({
    op: fc.constantFrom("atrousConv2dTranspose" as const, "conv2d" as const),
    batch: fc.constantFrom(1, 1, 2),
    height: between(1, 4),
    width: between(1, 5),
    inputs: between(1, 5),
    outputs: between(1, 5),
    kernel: fc.constantFrom([3, 3], [3, 3], [2, 3], [3, 1], [1, 2], [4, 2]),
    rate: between(1, 3),
    padding: fc.constantFrom("SAME" as const, "VALID" as const),
    bias: fc.boolean(),
    activation: fc.constantFrom(undefined, "relu" as const, { kind: "leakyRelu" as const, alpha: 0.5 }),
  })
  .map(({ op, rate, padding, bias, activation, kernel, ...s }): OpSpec => {
    const [rows, columns] = kernel as [number, number];
    // A forward VALID image must hold the kernel.
    const size = (image: number, taps: number) =>
      op === "conv2d" && padding === "VALID" ? image + (taps - 1) * rate : image;
    const channels = op === "conv2d" ? ([s.inputs, s.outputs] as const) : ([s.outputs, s.inputs] as const);
    return {
      op,
      value: [s.batch, size(s.height, rows), size(s.width, columns), s.inputs],
      filters: [rows, columns, ...channels],
      rate,
      padding,
      ...(bias ? { bias } : {}),
      ...(activation === undefined ? {} : { activation }),
    };
  })
  .filter((spec) => winogradSizesOf(spec, [1, 1]) !== undefined);

const WASM = { simd: "simd128", hoistsLoads: false, pairs: false, threads: false } as const;

const TARGETS: Readonly<Record<string, Target>> = {
  "scalar float64": JS,
  "scalar float32": wasmTarget({ ...WASM, simd: "none" }),
  vectors: wasmTarget(WASM),
  "vectors in threads": wasmTarget({ ...WASM, threads: true }),
  "vectors in pairs": wasmTarget({ ...WASM, pairs: true }),
  "vectors with fma": wasmTarget({ ...WASM, simd: "relaxed" }),
};

/** Tiles of which every matrix is of whole numbers, and every scale one over a power of two. */
function exactTiles(spec: OpSpec): readonly WinogradTile[] {
  const outputs = [1, 2, 3, 4];
  const tiles = outputs.flatMap((rows) => outputs.map((columns): WinogradTile => [rows, columns]));
  const isExact = ({ input, filter, output, scale }: WinogradSizes["y"]) =>
    [input, filter, output].flat(2).every(Number.isInteger) && scale.every((one) => Number.isInteger(Math.log2(one)));
  return tiles.filter((tile) => {
    const sizes = winogradSizesOf(spec, tile);
    return sizes && isExact(sizes.y) && isExact(sizes.x);
  });
}

/** Tiles of at least five products along some axis, where there are any. */
function largeTiles(spec: OpSpec): readonly WinogradTile[] {
  const tiles = [1, 3, 4].flatMap((rows) => [3, 4].map((columns): WinogradTile => [rows, columns]));
  const fitting = tiles.filter((tile) => winogradSizesOf(spec, tile));
  return fitting.length > 0 ? fitting : [[1, 1]];
}

/** Small whole numbers, and filters that stay whole when they are scaled: then no order of sums rounds, in float32 either. */
function exactData(program: Program, { y, x }: WinogradSizes): Map<string, Float32Array> {
  const given = givenFor(program, 1);
  const unit = 1 / (Math.min(...y.scale) * Math.min(...x.scale));
  return given.set(
    "filters",
    (given.get("filters") as Float32Array).map((filter) => filter * unit),
  );
}

/** Draws a schedule that differs from the sketch in block, places, order, and in what is written out. */
class Variation {
  readonly #int: (min: number, max: number) => number;

  constructor(
    draw: fc.GeneratorValue,
    readonly program: Program,
    readonly target: Target,
  ) {
    this.#int = (min, max) => draw(between, min, max);
  }

  build(): Schedule {
    const rows = this.#int(1, 3);
    const size = { rows, tiles: rows * this.#int(1, 4), columns: this.#int(1, 2) };
    const block: WinogradBlock = { ...size, stays: this.#int(0, 1) === 0 ? "weights" : "tiles", unrolled: 1 };
    const places = this.#places();
    const tails = { ic: this.#int(0, 1) === 0, oc: this.#int(0, 1) === 0 };
    const sketch = Object.entries(winogradDirectives(this.program, block, this.target));
    return Object.fromEntries(
      sketch.map(([stage, directives]) => {
        const varied = directives.flatMap((directive) => this.#vary(directive, tails));
        // Whole rows of tiles have no room for more of them, so products that stand alone end where tiles end.
        const isWhole = stage === "product" && places.inputTile?.length === 0;
        const ended = isWhole ? varied.map(guardedTiles) : varied;
        return [stage, [...ended, ...(places[stage] ?? []), ...this.#partitions(stage)]];
      }),
    );
  }

  /** Where each stage runs, or nothing: then it stands alone. Who reads it runs in the same loop or in one inside it. */
  #places(): Readonly<Record<string, readonly Directive[]>> {
    const outputRows = this.#pick([
      at("output", "oco"),
      at("output", "oco"),
      at("output", "ti"),
      at("output", "tb"),
      [],
    ]);
    const product = outputRows.length > 0 ? this.#often(at("output", "tb")) : [];
    const inputTile = product.length > 0 ? this.#often(at("output", "tb")) : [];
    const inBlocks = inputTile.length > 0 ? [at("output", "tb")] : [];
    const inputRows = this.#pick([
      at("inputTile", "ico"),
      at("inputTile", "ico"),
      at("inputTile", "ti"),
      ...inBlocks,
      [],
    ]);
    const read = this.#pick([at("inputRows", "ix"), at("inputRows", "ix"), inputRows, []]);
    const filterRows = this.#pick([at("filterTile", "oco"), at("filterTile", "ic"), []]);
    return { outputRows, product, inputTile, inputRows, read, filterRows };
  }

  #vary(directive: Directive, tails: { readonly ic: boolean; readonly oc: boolean }): Directive[] {
    switch (directive.do) {
      case "computeAt":
        return [];
      case "unroll":
        return this.#int(0, 5) === 0 ? [] : [directive];
      case "vectorize":
        return this.#int(0, 7) === 0 ? [] : [directive];
      case "split": {
        const guarded = (directive.axis === "ic" && tails.ic) || (directive.axis === "oc" && tails.oc);
        return [guarded && directive.tail === "shiftInwards" ? { ...directive, tail: "guard" } : directive];
      }
      case "reorder":
        return [{ ...directive, axes: this.#reordered(directive.axes) }];
      default:
        return [directive];
    }
  }

  /** Tiles and vectors stay outside, lanes innermost; of what is written out between them `ix` comes first, where `read` runs. */
  #reordered(axes: readonly string[]): readonly string[] {
    if (!axes.includes("ti")) return axes;
    const kept = axes.indexOf("ix") === 3 ? 4 : 3;
    return [...axes.slice(0, kept), ...this.#shuffled(axes.slice(kept, -1)), ...axes.slice(-1)];
  }

  #partitions(stage: string): Directive[] {
    if (this.#int(0, 2) > 0) return [];
    if (stage === "output") return [partition(this.#pick(["tb", "ti", "oco"]))];
    return stage === "inputTile" ? [partition(this.#pick(["ti", "ico"]))] : [];
  }

  #often<T>(list: readonly T[]): readonly T[] {
    return this.#int(0, 4) > 0 ? list : [];
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#int(0, from.length - 1)] as T;
  }

  #shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.#int(0, rest.length - 1), 1)[0] as T);
  }
}

const guardedTiles = (directive: Directive): Directive =>
  directive.do === "split" && ["t", "ti"].includes(directive.axis) ? { ...directive, tail: "guard" } : directive;

const at = (stage: string, loop: string): readonly Directive[] => [computeAt(stage, loop)];

/** The target by name, the program, and a schedule for it. */
function drawn(draw: fc.GeneratorValue, spec: OpSpec, tiles: readonly WinogradTile[], targets: readonly string[]) {
  const tile = tiles[draw(between, 0, tiles.length - 1)] as WinogradTile;
  const name = targets[draw(between, 0, targets.length - 1)] as string;
  const target = TARGETS[name] as Target;
  const program = programWith(spec, { kind: "winograd", tile });
  const schedule = new Variation(draw, program, target).build();
  const road = unlessRefused(() => roadOf(program, schedule, target));
  const title = `${name}: ${JSON.stringify({ ...spec, tile })}\n${printSchedule(schedule)}`;
  return { title, program, road, sizes: winogradSizesOf(spec, tile) as WinogradSizes };
}

test("every pass keeps the meaning", () => {
  const runs = Math.ceil(PAIRS / 8);
  let fitting = 0;
  fc.assert(
    fc.property(specs, fc.gen(), (spec, draw) => {
      const { title, program, road, sizes } = drawn(draw, spec, exactTiles(spec), Object.keys(TARGETS));
      if (!road) return;
      fitting++;
      const wrong = wrongPass(program, road, exactData(program, sizes));
      if (wrong) throw new Error(`${title}\n${wrong}`);
    }),
    { seed: SEED, numRuns: runs },
  );
  console.log(`${fitting} of ${runs} random schedules fitted, seed ${SEED}`);
  expect(fitting).toBeGreaterThan(0.8 * runs);
});

/**
 * Tiles with fractions in their matrices. In float32, where products and sums are not fused, no pass moves a rounding; in
 * float64 a scale such as 1/6 is rounded where it is loaded, and not where it has folded.
 */
test("passes leave every bit as it was", () => {
  const runs = Math.ceil(PAIRS / 40);
  const names = Object.keys(TARGETS).filter((name) => TARGETS[name]?.arithmetic === "f32" && !TARGETS[name]?.fma);
  let fitting = 0;
  fc.assert(
    fc.property(specs, fc.gen(), (spec, draw) => {
      const { title, program, road } = drawn(draw, spec, largeTiles(spec), names);
      if (!road) return;
      fitting++;
      const given = new Map(
        [...givenFor(program, 1)].map(([name, { length }], i) => [name, normal(length, i + 1)] as const),
      );
      let first: readonly number[] | undefined;
      for (const [pass, kernels] of road.byPass) {
        const buffers = new Map(kernels.flatMap((kernel) => kernel.buffers).map((buffer) => [buffer.name, buffer]));
        const output = runKernels(kernels, [...buffers.values()], given);
        expect(output.every(Number.isFinite), title).toBe(true);
        const wrong = firstDifference(output, first ?? output);
        if (wrong) throw new Error(`${title}\nafter ${pass}: ${wrong}`);
        first ??= output;
      }
    }),
    { seed: SEED, numRuns: runs },
  );
  console.log(`${fitting} of ${runs} random schedules fitted, seed ${SEED}`);
  expect(fitting).toBeGreaterThan(runs / 2);
});
