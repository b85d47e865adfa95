/** revectorize: asked for, never assumed; the same bits or 128 of them. */
import v8 from "node:v8";
import { type CompileOptions, compile, kernelCache, type OpSpec } from "tilewright";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadChecked } from "../../src/runtime/host/revectorize.js";
import { callOf, specWith } from "../support/calls.js";
import { errorOf, rejectionOf } from "../support/errors.js";
import { needs } from "../support/needs.js";
import { PAIRED } from "../support/ways.js";

vi.mock("../../src/runtime/host/revectorize.js", async (original) => {
  const actual = await original<typeof import("../../src/runtime/host/revectorize.js")>();
  return { ...actual, loadChecked: vi.fn(actual.loadChecked) };
});

const WIDE: CompileOptions = PAIRED.options;
const FLAG = "--experimental-wasm-revectorize";
const NO_FLAG = "--no-experimental-wasm-revectorize";
const isPossible = PAIRED.runsHere;

let setFlags = vi.spyOn(v8, "setFlagsFromString");
let warn = vi.spyOn(process, "emitWarning");

beforeEach(() => {
  kernelCache.clear();
  vi.mocked(loadChecked).mockClear();
  setFlags = vi.spyOn(v8, "setFlagsFromString");
  warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  setFlags.mockRestore();
  warn.mockRestore();
});

const flags = () => setFlags.mock.calls.map(([flag]) => flag);

const SPECS: readonly Partial<OpSpec>[] = [
  {},
  { value: [1, 12, 13, 8], filters: [3, 3, 16, 8], rate: 2, bias: true, activation: "relu" },
  { value: [2, 9, 9, 5], filters: [2, 4, 12, 5], rate: 1, padding: "VALID" },
  { op: "conv2d", value: [1, 20, 20, 3], filters: [5, 5, 3, 9], activation: "tanh" },
];

test("nobody asks, nothing is set", async () => {
  await compile(specWith(), { target: "wasm" });
  expect(flags()).toEqual([]);
  expect(loadChecked).not.toHaveBeenCalled();
});

test("it is true or false", async () => {
  const strange = { ...WIDE, revectorize: 256 as unknown as boolean };
  expect(errorOf(await rejectionOf(compile(specWith(), strange)))).toBe(
    "invalid-argument: revectorize must be true or false; got 256",
  );
});

test("without vectors there is nothing to join", async () => {
  const { kernel, weights, value, expected } = await callOf(specWith(), { ...WIDE, features: { simd: "none" } });
  expect(flags()).toEqual([]);
  expect(kernel.runSync(value, weights)).toEqual(expected);
});

describe("where the engine has no such thing", needs({ "an engine without a revectorizer": !isPossible }), () => {
  test("kernels use 128 bits, and one warning says why", async () => {
    vi.resetModules();
    const { compile } = await import("tilewright");
    for (const rate of [1, 2]) expect((await compile(specWith({ rate }), WIDE)).target).toBe("wasm");
    expect(flags()).toEqual([]);
    expect(warn.mock.calls.length).toBe(1);
    expect(String(warn.mock.calls[0]?.[0])).toMatch(
      /^tilewright: revectorize is not available here: .*Kernels use 128 bits$/,
    );
    expect(warn.mock.calls[0]?.[1]).toEqual({ type: "TilewrightWarning" });
  });

  test.each(SPECS)("%j", async (change) => {
    const { kernel, weights, value, expected } = await callOf(specWith(change), WIDE);
    if (specWith(change).activation !== "tanh") expect(kernel.runSync(value, weights)).toEqual(expected);
  });
});

describe("where the engine has it", needs({ "a revectorizer (Node 22 on x64)": isPossible }), () => {
  test.each(SPECS)("a kernel is held to the same code without the flag: %j", async (change) => {
    const compileModule = vi.spyOn(WebAssembly, "compile");
    const { kernel, weights, value, expected } = await callOf(specWith(change), WIDE);
    expect(flags()).toEqual([FLAG, NO_FLAG, FLAG, "--no-liftoff", "--liftoff"]);
    expect(await vi.mocked(loadChecked).mock.results[0]?.value).toBeDefined();
    expect(warn).not.toHaveBeenCalled();
    expect(kernel.explain()).toContain("vectors of 256 bits");
    // What has been compiled once, V8 does not compile again: so no two are the same.
    const codes = compileModule.mock.calls.map(([code]) => String(code));
    expect(codes.length).toBe(4); // prepare and run, twice
    expect(new Set(codes).size).toBe(codes.length);
    compileModule.mockRestore();
    if (kernel.spec.activation !== "tanh") expect(kernel.runSync(value, weights)).toEqual(expected);
  });

  test("another order of terms than the plain kernel's is no mistake", async () => {
    const change = { op: "conv2d", value: [2, 7, 6, 3], filters: [2, 2, 3, 8], rate: 2 } as const;
    const plain = await compile(specWith(change), { target: "wasm" });
    const { kernel, weights, value, expected } = await callOf(specWith(change), WIDE);
    expect(kernel.schedule).not.toBe(plain.schedule);
    expect(warn).not.toHaveBeenCalled();
    expect(kernel.runSync(value, weights)).toEqual(expected);
  });

  test("a kernel that the engine gets wrong is not used, and a warning says so once", async () => {
    const { compile: compileRight } = WebAssembly;
    // With the flag, products are subtracted from their sums.
    vi.spyOn(WebAssembly, "compile").mockImplementation(async (code) => {
      const bytes = new Uint8Array(code as Uint8Array);
      const isOptimised = flags().at(-1) === "--no-liftoff";
      for (let i = 0; i < bytes.length - 2 && isOptimised; i++) {
        const isSum = bytes[i] === 0xfd && bytes[i + 2] === 1 && bytes[i + 1] === 0xe4;
        if (isSum) bytes[i + 1] = 0xe5;
        const isFused = bytes[i] === 0xfd && bytes[i + 1] === 0x85 && bytes[i + 2] === 2;
        if (isFused) bytes[i + 1] = 0x86;
      }
      return compileRight(bytes);
    });
    for (const rate of [2, 3]) {
      const { kernel, weights, value, expected } = await callOf(specWith({ ...SPECS[1], rate }), WIDE);
      expect(flags().at(-1)).toBe(NO_FLAG);
      expect(kernel.explain()).toContain("vectors of 128 bits");
      expect(kernel.runSync(value, weights)).toEqual(expected);
    }
    expect(warn.mock.calls.length).toBe(1);
    expect(String(warn.mock.calls[0]?.[0])).toContain("differs from the plain one");
    vi.mocked(WebAssembly.compile).mockRestore();
  });

  test("checks do not turn each other's flags back", async () => {
    await Promise.all([1, 2, 3].map((rate) => compile(specWith({ ...SPECS[1], rate }), WIDE)));
    const inTurn = [NO_FLAG, FLAG, "--no-liftoff", "--liftoff"];
    expect(flags().filter((flag, i) => i > 2 || flag !== FLAG)).toEqual([...inTurn, ...inTurn, ...inTurn]);
  });

  test("the environment can ask for all", async () => {
    vi.stubEnv("TILEWRIGHT_REVECTORIZE", "1");
    await compile(specWith(), { target: "wasm" });
    expect(flags()).toContain(FLAG);
    setFlags.mockClear();
    await compile(specWith({ rate: 2 }), { target: "wasm", revectorize: false });
    expect(flags()).toEqual([]);
  });

  test("with threads, too", async () => {
    const spec = specWith({ value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2 });
    const { kernel, weights, value, expected } = await callOf(spec, { ...WIDE, threads: 2 });
    expect(await kernel.run(value, weights)).toEqual(expected);
    expect(kernel.explain()).toContain("vectors of 256 bits");
  });
});
