/** Whatever is handed to a public function, in any place: the right answer, or a TilewrightError with a short message. */
import {
  atrousConv2dTranspose,
  compile,
  compileSync,
  defineKernel,
  interpret,
  type OpSpec,
  ready,
  TilewrightError,
  warmUp,
} from "tilewright";
import {
  candidates,
  checkSchedule,
  chooseAlgorithm,
  compileModule,
  compileProgram,
  DEFAULT_LIMITS,
  explain,
  findPoint,
  JS,
  lowerProgram,
  printSchedule,
  programOf,
  spaceOf,
  targetOf,
  typicalMachine,
  wasmTarget,
  wgslTarget,
} from "tilewright/compiler";
import { builtKernel, FORMAT, loadKernel, register } from "tilewright/runtime";
import { mergeRecords, printRecords, readRecords, tuneHere, useRecords } from "tilewright/tuning";
import { describe, expect, test, vi } from "vitest";
import { specWith } from "../support/calls.js";

const SPEC: OpSpec = specWith();

function throwing(): unknown {
  return Object.defineProperties(
    {},
    Object.fromEntries(
      ["op", "value", "shape", "data", "target", "kind", "language", "conv", "records", "x"].map((name) => [
        name,
        {
          enumerable: true,
          get: () => {
            throw new Error("a trap");
          },
        },
      ]),
    ),
  );
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function detached(): Float32Array {
  const array = new Float32Array(40);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

const circle: unknown[] = [];
circle.push(circle);

const ODD: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  NaN: () => Number.NaN,
  bigint: () => 2n,
  symbol: () => Symbol("odd"),
  "empty text": () => "",
  "long text": () => "x".repeat(300_000),
  function: () => () => 1,
  class: () => class Odd {},
  object: () => ({}),
  "object without prototype": () => Object.create(null),
  "object of a long name": () => ({ ["x".repeat(300_000)]: 1 }),
  "object with a symbol": () => ({ [Symbol("odd")]: 1 }),
  list: () => [],
  "sparse list": () => new Array(4),
  "long list": () => new Array(300_000).fill(1),
  "list of four thousand million holes": () => Object.assign([], { length: 2 ** 32 - 1 }),
  circle: () => circle,
  "getters that throw": throwing,
  "a getter that throws nothing": () => ({
    get op() {
      throw undefined;
    },
  }),
  "proxy that throws": () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("a trap");
        },
        ownKeys: () => {
          throw new Error("a trap");
        },
      },
    ),
  "revoked proxy": revoked,
  "proxy of an array": () => new Proxy(new Float32Array(40), {}),
  "array that was transferred": detached,
  "array of float64": () => new Float64Array(40),
  "what says it is an array": () => ({ length: 40, [Symbol.toStringTag]: "Float32Array" }),
  "tensor of nothing": () => ({ shape: null, data: null }),
  date: () => new Date(Number.NaN),
  map: () => new Map([["op", "conv2d"]]),
  promise: () => Promise.resolve(SPEC),
  "toJSON that throws": () => ({
    toJSON: () => {
      throw new Error("a trap");
    },
  }),
  "a name that cannot be read": () => ({
    constructor: {
      get name() {
        throw new Error("a trap");
      },
    },
  }),
};

type Call = (odd: unknown) => unknown;
const value = { shape: SPEC.value, data: new Float32Array(40) };
const filters = { shape: SPEC.filters, data: new Float32Array(54) };

/** The spec with one attribute replaced. */
const specs: Readonly<Record<string, Call>> = Object.fromEntries(
  ["op", "value", "filters", "rate", "padding", "bias", "activation"].map((name) => [
    `compile({ ${name} })`,
    (odd: unknown) => compile({ ...SPEC, [name]: odd }),
  ]),
);

const options: Readonly<Record<string, Call>> = Object.fromEntries(
  [
    "target",
    "accuracy",
    "algorithm",
    "schedule",
    "threads",
    "revectorize",
    "memory",
    "features",
    "device",
    "storage",
  ].flatMap((name) => [
    [`compile(spec, { ${name} })`, (odd: unknown) => compile(SPEC, { [name]: odd } as never)],
    [
      `compile(spec, { target: "webgpu", ${name} })`,
      (odd: unknown) => compile(SPEC, { target: "webgpu", [name]: odd } as never),
    ],
  ]),
);

async function run(change: (given: { value: unknown; weights: unknown; out: unknown }) => object, isSync: boolean) {
  const kernel = await compile(SPEC);
  const given = { value: value.data, weights: kernel.prepare(filters.data), out: undefined };
  const all = { ...given, ...change(given) } as Record<"value" | "weights" | "out", never>;
  return isSync ? kernel.runSync(all.value, all.weights, all.out) : kernel.run(all.value, all.weights, all.out);
}

/** A kernel's place in memory that is given, one part of which is odd. */
async function placed(change: object): Promise<unknown> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const given = { memory, allocate: () => 1024, free: () => undefined, ...change };
  return (await compile(SPEC, { target: "wasm", memory: given as never })).value;
}

async function runAt(addresses: unknown): Promise<void> {
  const kernel = await compile(SPEC, { target: "wasm" });
  kernel.runAt(addresses as never, kernel.prepare(filters.data));
}

const runs: Readonly<Record<string, Call>> = Object.fromEntries(
  [true, false].flatMap((isSync) =>
    ["value", "weights", "out"].map((place) => [
      `${isSync ? "runSync" : "run"}, ${place}`,
      (odd: unknown) => run(() => ({ [place]: odd }), isSync),
    ]),
  ),
);

const PROGRAM = programOf(SPEC);

/** The compiler's functions, each with one argument or option that is odd. */
const compilerCalls: Readonly<Record<string, Call>> = {
  "compileModule(spec)": (odd) => compileModule(odd as OpSpec, { target: JS }),
  "compileModule, options": (odd) => compileModule(SPEC, odd as never),
  "compileProgram(program)": (odd) => compileProgram(odd as never, { target: JS }),
  "compileProgram, options": (odd) => compileProgram(PROGRAM, odd as never),
  ...Object.fromEntries(
    ["target", "accuracy", "algorithm", "schedule", "watch"].flatMap((name) => [
      [`compileModule(spec, { ${name} })`, (odd: unknown) => compileModule(SPEC, { target: JS, [name]: odd } as never)],
      [
        `compileProgram(program, { ${name} })`,
        (odd: unknown) => compileProgram(PROGRAM, { target: JS, [name]: odd } as never),
      ],
    ]),
  ),
  ...Object.fromEntries(
    ["lanes", "registers", "workgroups", "threads"].map((name) => [
      `target.${name}`,
      (odd: unknown) => compileModule(SPEC, { target: { ...JS, [name]: odd } as never }),
    ]),
  ),
  "explain(spec)": (odd) => explain(odd),
  "explain, options": (odd) => explain(SPEC, odd as never),
  ...Object.fromEntries(
    ["target", "accuracy", "algorithm", "schedule", "peak", "bandwidth"].map((name) => [
      `explain(spec, { ${name} })`,
      (odd: unknown) => explain(SPEC, { [name]: odd } as never),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries({ candidates, chooseAlgorithm, spaceOf }).flatMap(([name, find]) => [
      [`${name}(program)`, (odd: unknown) => find(odd as never, JS, {})],
      [`${name}, target`, (odd: unknown) => find(PROGRAM, odd as never, {})],
      [`${name}, wanted`, (odd: unknown) => find(PROGRAM, JS, odd as never)],
    ]),
  ),
  "findPoint, name": (odd) => findPoint(PROGRAM, JS, {}, odd as never),
  "findPoint, knobs": (odd) => findPoint(PROGRAM, JS, {}, { algorithm: { kind: "direct" }, knobs: odd as never }),
  "programOf(spec)": (odd) => programOf(odd as never),
  printSchedule: (odd) => printSchedule(odd as never),
  "lowerProgram(program)": (odd) => lowerProgram(odd as never, {}, JS),
  "lowerProgram, schedule": (odd) => lowerProgram(PROGRAM, odd as never, JS),
  "lowerProgram, target": (odd) => lowerProgram(PROGRAM, {}, odd as never),
  "lowerProgram, options": (odd) => lowerProgram(PROGRAM, {}, JS, odd as never),
  "lowerProgram, unscheduled()": (odd) => lowerProgram(PROGRAM, {}, JS, { unscheduled: () => odd as never }),
  typicalMachine: (odd) => typicalMachine(odd as never),
  wasmTarget: (odd) => wasmTarget(odd as never),
  "wasmTarget({ simd })": (odd) => wasmTarget({ simd: odd as never, hoistsLoads: true, pairs: false, threads: false }),
  wgslTarget: (odd) => wgslTarget(odd as never),
  "wgslTarget({ limits })": (odd) => wgslTarget({ limits: odd as never, storage: "f32" }),
  "limits.invocationsAlong": (odd) =>
    wgslTarget({ limits: { ...DEFAULT_LIMITS, invocationsAlong: odd as never }, storage: "f32" }),
  targetOf: (odd) => targetOf(odd as never),
  "targetOf, gpu": (odd) => targetOf({ language: "wgsl", storage: "f32" }, odd as never),
};

/** Parts of files that a build has made. */
const builtCalls: Readonly<Record<string, Call>> = {
  register: (odd) => register(odd as never),
  "register([kernel])": (odd) => register([odd as never]),
  "builtKernel, file": (odd) =>
    builtKernel(HEAD, { js: async () => ({ default: odd as never }) }).load({ target: "js" }),
  "builtKernel, WebAssembly": (odd) =>
    builtKernel(HEAD, { "wasm-simd128": async () => ({ default: odd as never }) }).load(),
  "builtKernel, load": (odd) => builtKernel(HEAD, {}).load(odd as never),
  "builtKernel, threads": (odd) => builtKernel(HEAD, {}).load({ threads: odd as never }),
};
const HEAD = { format: FORMAT, request: "a request", spec: SPEC, outputShape: [1, 4, 5, 3] } as const;

const CALLS: Readonly<Record<string, Call>> = {
  "compile(spec)": (odd) => compile(odd as OpSpec),
  "compile(spec, options)": (odd) => compile(SPEC, odd as never),
  ...specs,
  ...options,
  "compileSync(spec)": (odd) => compileSync(odd as OpSpec),
  "compileSync(spec, options)": (odd) => compileSync(SPEC, odd as never),
  "ready(options)": (odd) => ready(odd as never),
  "ready({ threads })": (odd) => ready({ threads: odd as never }),
  "memory.memory": (odd) => placed({ memory: odd }),
  "memory.allocate": (odd) => placed({ allocate: odd }),
  "memory.allocate()": (odd) => placed({ allocate: () => odd }),
  "memory.free": (odd) => placed({ free: odd }),
  "runAt(addresses)": (odd) => runAt(odd),
  "runAt({ value })": (odd) => runAt({ value: odd, output: 0 }),
  "runAt, weights": async (odd) => (await compile(SPEC)).runAt({ value: 1024, output: 4096 }, odd as never),
  "features.simd": (odd) => compile(SPEC, { features: { simd: odd } as never }),
  "features.hoistsLoads": (odd) => compile(SPEC, { features: { hoistsLoads: odd } as never }),
  "algorithm.tile": (odd) => compile(SPEC, { algorithm: { kind: "winograd", tile: odd } as never }),
  "schedule.conv": (odd) => compile(SPEC, { schedule: { conv: odd } as never }),
  "schedule.conv[0]": (odd) => compile(SPEC, { schedule: { conv: [odd] } as never }),
  "a directive's axis": (odd) => compile(SPEC, { schedule: { conv: [{ do: "unroll", axis: odd }] } as never }),
  "prepare(filters)": async (odd) => (await compile(SPEC)).prepare(odd as never),
  "prepare(filters, bias)": async (odd) => (await compile({ ...SPEC, bias: true })).prepare(filters.data, odd as never),
  "prepare({ filters })": async (odd) => (await compile(SPEC)).prepare({ filters: odd } as never),
  "run({ value })": (odd) => run(() => ({ value: { value: odd } }), true),
  ...runs,
  "interpret(spec)": (odd) => interpret(odd as OpSpec, value, filters),
  "interpret, value": (odd) => interpret(SPEC, odd as never, filters),
  "interpret, filters": (odd) => interpret(SPEC, value, odd as never),
  "interpret, bias": (odd) => interpret({ ...SPEC, bias: true }, value, filters, odd as never),
  "atrous, value": (odd) => atrousConv2dTranspose(odd as never, filters, [1, 4, 5, 3], 1, "SAME"),
  "atrous, filters": (odd) => atrousConv2dTranspose(value, odd as never, [1, 4, 5, 3], 1, "SAME"),
  "atrous, outputShape": (odd) => atrousConv2dTranspose(value, filters, odd as never, 1, "SAME"),
  "atrous, rate": (odd) => atrousConv2dTranspose(value, filters, [1, 4, 5, 3], odd as never, "SAME"),
  "atrous, padding": (odd) => atrousConv2dTranspose(value, filters, [1, 4, 5, 3], 1, odd as never),
  "atrous, options": (odd) => atrousConv2dTranspose(value, filters, [1, 4, 5, 3], 1, "SAME", odd as never),
  "atrous, bias": (odd) => atrousConv2dTranspose(value, filters, [1, 4, 5, 3], 1, "SAME", { bias: odd as never }),
  "atrous, name": (odd) => atrousConv2dTranspose(value, filters, [1, 4, 5, 4], 1, "SAME", { name: odd as never }),
  "warmUp(specs)": (odd) => warmUp(odd as never),
  "warmUp([spec])": (odd) => warmUp([odd] as never),
  "warmUp, options": (odd) => warmUp([SPEC], odd as never),
  "warmUp, onProgress": (odd) => warmUp([SPEC], { onProgress: odd as never }),
  "defineKernel(spec)": (odd) => defineKernel(odd as OpSpec),
  "defineKernel, options": (odd) => defineKernel(SPEC, odd as never),
  "defineKernel, load": (odd) => defineKernel(SPEC).load(odd as never),
  checkSchedule: (odd) => checkSchedule(odd),
  ...compilerCalls,
  ...builtCalls,
  "loadKernel(module)": (odd) => loadKernel(odd as never),
  "loadKernel, options": (odd) => loadKernel(compileModule(SPEC, { target: JS }), odd as never),
  "loadKernel, code": (odd) => loadKernel({ ...compileModule(SPEC, { target: JS }), code: odd as never }),
  useRecords: (odd) => useRecords(odd as never),
  readRecords: (odd) => readRecords(odd as never),
  printRecords: (odd) => printRecords(odd as never),
  "printRecords([record])": (odd) => printRecords([odd as never]),
  mergeRecords: (odd) => mergeRecords([], odd as never),
  "mergeRecords([record])": (odd) => mergeRecords([odd as never]),
  "tuneHere(spec)": (odd) => tuneHere(odd as OpSpec),
};

describe.each(Object.keys(CALLS))("%s", (name) => {
  // What a callback throws is the caller's own.
  const isCallback = /device|onProgress|allocate$|watch/.test(name);
  // A file holds no proxies.
  const isFile = /^builtKernel, (file|WebAssembly)/.test(name);
  const isImpossible = (kind: string) => (isCallback && kind === "class") || (isFile && kind.includes("proxy"));
  test.each(Object.keys(ODD).filter((kind) => !isImpossible(kind)))("%s", async (kind) => {
    try {
      await CALLS[name]?.(ODD[kind]?.());
    } catch (error) {
      if (!(error instanceof TilewrightError)) throw error;
      expect(error.code).not.toBe("internal");
      expect(error.message.length, error.message).toBeLessThan(700);
    }
  });
});

describe("a formula's spec", () => {
  const refusal = async (change: object) => {
    const spec = { formula: "output[n] = 2*x[n]", tensors: { x: [4] }, ...change };
    return compile(spec as never).catch((caught: unknown) => caught);
  };
  const endless = Object.assign([], { length: 2 ** 32 - 1 });

  test.each([{ formula: endless }, { tensors: { x: endless } }, { constants: { x: endless } }])(
    "with an endless list is not copied",
    async (change) => {
      expect(String(await refusal(change))).toMatch(/a list in a spec has at most \d+ values; got 4294967295$/);
    },
  );
});

describe("features", () => {
  const refusal = async (features: object) => {
    const error = await compile(SPEC, { target: "wasm", features }).catch((caught: unknown) => caught);
    return error instanceof TilewrightError ? `${error.code}: ${error.message}` : error;
  };

  test("that are misspelt are named", async () => {
    expect(await refusal({ smid: "none" })).toBe(
      'invalid-argument: there is no option "smid"; there are simd, hoistsLoads; did you mean simd?',
    );
  });

  test("that the engine has not got are refused", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    vi.resetModules();
    const { compile: compileThere } = await import("tilewright");
    const error = await compileThere(SPEC, { target: "wasm", features: { simd: "relaxed" } }).catch(
      (caught: unknown) => caught,
    );
    vi.restoreAllMocks();
    expect(String(error)).toBe(
      'TilewrightError: features.simd asks for "relaxed" and this engine has "none"; leave it out',
    );
  });
});
