/** Records, schedules and clocks for tests of the tuner, which measure nothing. */
import fc from "fast-check";
import { vi } from "vitest";
import type { Features } from "../../src/codegen/target.js";
import type { JsModule, WasmModule } from "../../src/ir/module.js";
import type { Activation } from "../../src/ir/ops/epilogue.js";
import { checkSpec, type OpSpec } from "../../src/ir/ops/spec.js";
import { VERSION } from "../../src/ir/version.js";
import { loadJs } from "../../src/runtime/host/js.js";
import { functionsOf } from "../../src/runtime/host/text.js";
import { type Machine, type Measurement, makeRecord, type TuningRecord } from "../../src/tune/record.js";
import type { Entrant } from "../../src/tune/sampling.js";
import type { Candidate } from "./algorithms.js";
import { specs } from "./arbitraries.js";
import { runPartOn } from "./wasm.js";

export const MACHINE: Machine = { engine: "V8 13.6", processor: "A processor", threads: 1 };

/** The same for every seed. */
export const SPEC: OpSpec = checkSpec({
  op: "conv2d",
  value: [1, 8, 8, 8],
  filters: [3, 3, 8, 8],
  rate: 1,
  padding: "SAME",
});

export const WASM: Features = {
  language: "wasm",
  simd: "relaxed",
  hoistsLoads: false,
  pairs: false,
  threads: false,
};

/** Every language, and WebAssembly by all that tells its search spaces apart. */
export const FEATURES: readonly Features[] = [
  { language: "js" },
  { ...WASM, simd: "none" },
  { ...WASM, simd: "simd128" },
  { ...WASM, simd: "simd128", hoistsLoads: true },
  WASM,
  { ...WASM, hoistsLoads: true },
  { ...WASM, pairs: true },
  { ...WASM, threads: true },
  { language: "wgsl", storage: "f32" },
  { language: "wgsl", storage: "f16" },
];

/** For people. */
export const titleOf = (features: Features): string =>
  Object.entries(features)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? name : value))
    .join(" ");

const MEASUREMENT: Measurement = {
  compiler: VERSION,
  spec: SPEC,
  wanted: { accuracy: "exact", algorithm: "auto" },
  target: WASM,
  machine: MACHINE,
  algorithm: { kind: "direct" },
  knobs: { row: "ox", pixels: 4, vectors: 2, peeled: true },
  code: "0".repeat(64),
  effort: "balanced",
  outcome: "measured",
  samples: [1, 1.1, 1.2, 1, 1.1, 1],
  baseline: [2, 2.1, 2.2, 2, 2.1, 2],
  check: { error: 0, tolerance: 0.25 },
  date: "2026-01-02T03:04:05.678Z",
};

/** A record of twice the speed of the model's pick; change what a test is about. */
export const recordWith = (change: Partial<Measurement> = {}): TuningRecord =>
  makeRecord({ ...MEASUREMENT, ...change });

/** One that was so many times as fast as the model's pick, in each round. */
export const recordOf = (gains: readonly number[], change: Partial<Measurement> = {}): TuningRecord =>
  recordWith({ samples: gains.map(() => 1), baseline: gains, ...change });

const activation = fc.constantFrom<Activation | undefined>(
  undefined,
  "relu",
  "relu6",
  "sigmoid",
  "tanh",
  { kind: "leakyRelu", alpha: -0.1 },
  { kind: "leakyRelu", alpha: 3 },
  { kind: "clip", min: Number.NEGATIVE_INFINITY, max: 5 },
  { kind: "clip", min: 0.5, max: Number.POSITIVE_INFINITY },
  { kind: "clip", min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
);

/** Specs with every activation there is. */
export const activatedSpecs: fc.Arbitrary<OpSpec> = fc
  .tuple(specs, activation)
  .map(([{ activation: _, ...spec }, own]) => checkSpec(own === undefined ? spec : { ...spec, activation: own }));

const text = fc.string({ unit: "binary", maxLength: 40 });
const size = fc.integer({ min: 1, max: 16 });
const milliseconds = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const hash = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const knobName = fc.stringMatching(/^[a-z][A-Za-z]{0,30}$/).filter((name) => name !== "constructor");
const rounds = fc.array(fc.tuple(milliseconds, milliseconds), { minLength: 1, maxLength: 20 });

const results = fc.oneof(
  fc.tuple(rounds, milliseconds).map(([pairs, tolerance]) => ({
    outcome: "measured" as const,
    samples: pairs.map(([candidate]) => candidate),
    baseline: pairs.map(([, baseline]) => baseline),
    check: { error: tolerance / 2, tolerance },
  })),
  fc.constantFrom("crashed" as const, "hung" as const, "refused" as const).map((outcome) => ({
    ...{ outcome, samples: [], baseline: [] },
    check: null,
  })),
  milliseconds.map((error) => ({
    ...{ outcome: "wrong" as const, samples: [], baseline: [] },
    check: { error, tolerance: error / 2 },
  })),
);

export const measurements: fc.Arbitrary<Measurement> = fc
  .record({
    compiler: text,
    spec: activatedSpecs,
    wanted: fc.constantFrom<Measurement["wanted"]>(
      { accuracy: "exact", algorithm: "auto" },
      { accuracy: "fast", algorithm: "auto" },
      { accuracy: "fast", algorithm: "winograd" },
      { accuracy: "exact", algorithm: { kind: "direct" } },
      { accuracy: "fast", algorithm: { kind: "winograd", tile: [4, 4] } },
    ),
    target: fc.constantFrom(...FEATURES),
    machine: fc.record({ engine: text, processor: text, threads: size }),
    algorithm: fc.oneof(
      fc.constant({ kind: "direct" as const }),
      size.map((parts) => ({ kind: "direct" as const, parts })),
      fc.tuple(size, size).map((tile) => ({ kind: "winograd" as const, tile })),
    ),
    knobs: fc.dictionary(knobName, fc.oneof(fc.boolean(), fc.maxSafeInteger(), text), {
      maxKeys: 24,
      noNullPrototype: true,
    }),
    code: fc.oneof(hash, fc.constant("")),
    effort: fc.constantFrom("quick" as const, "balanced" as const, "exhaustive" as const),
    date: fc
      .date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString()),
    result: results,
  })
  .map(({ result, ...rest }) => ({ ...rest, ...result }));

/** A point of a made-up space, which has no schedule. */
export const pointOf = (
  cycles: number,
  knobs: Candidate["knobs"],
  algorithm: Candidate["algorithm"] = { kind: "direct" },
): Candidate => ({
  algorithm,
  knobs,
  cycles,
  bound: 0,
  memory: { all: 0, largest: 0 },
  plan: () => {
    throw new Error("nobody asks for the schedule of a made-up point");
  },
});

/** What a module gives, in memory that is NaN wherever nothing is given; of WebAssembly, shared ranges in two halves. */
export function resultOf(module: JsModule | WasmModule, given: ReadonlyMap<string, Float32Array>): number[] {
  if (module.language === "js") {
    const { tensors, instantiate } = loadJs(module, functionsOf(module));
    const arrays = (all: typeof tensors.inputs) => all.map(({ name }) => given.get(name) as Float32Array);
    const instance = instantiate();
    for (const output of instance.outputs) output.fill(Number.NaN);
    instance.run(instance.prepare(arrays(tensors.weights)), arrays(tensors.inputs), instance.outputs);
    return instance.outputs.flatMap((output) => [...output]);
  }
  const prepared = module.prepare ? runPartOn(module.prepare, given) : {};
  const all = new Map<string, ArrayLike<number>>([...given, ...Object.entries(prepared)]);
  return runPartOn(module.run, all).output ?? [];
}

/** A clock that stands still but for what those who are timed take, in place of the real one. */
export class FakeClock {
  #now = 0;
  /** Who was placed, timed and disposed, in order. */
  readonly log: string[] = [];

  constructor() {
    vi.spyOn(performance, "now").mockImplementation(() => this.#now);
  }

  /** Someone who takes as many milliseconds as `times` says, by round and by sample of a round, both from 0. */
  entrant(name: string, times: (round: number, sample: number) => number, calls = 1): Entrant {
    let rounds = 0;
    return {
      calls,
      place: async () => {
        this.log.push(`place ${name}`);
        const round = rounds++;
        let samples = 0;
        return {
          sample: (count) => {
            this.log.push(`${name} x${count}`);
            const ms = times(round, samples++);
            this.#now += ms * count;
            return ms;
          },
          dispose: () => {
            this.log.push(`dispose ${name}`);
          },
        };
      },
    };
  }
}
