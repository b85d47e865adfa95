/** revectorize: asked for, never assumed; the same bits or 128 of them. */
import v8 from "node:v8";
import { type CompileOptions, compile, kernelCache, type OpSpec } from "tilewright";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { agree } from "../../src/runtime/host/revectorize.js";
import { callOf, specWith } from "../support/calls.js";
import { errorOf, rejectionOf } from "../support/errors.js";
import { PAIRED } from "../support/ways.js";

vi.mock("../../src/runtime/host/revectorize.js", async (original) => {
  const actual = await original<typeof import("../../src/runtime/host/revectorize.js")>();
  return { ...actual, agree: vi.fn(actual.agree) };
});

const WIDE: CompileOptions = PAIRED.options;
const FLAG = "--experimental-wasm-revectorize";
const isPossible = PAIRED.runsHere;

let setFlags = vi.spyOn(v8, "setFlagsFromString");
let warn = vi.spyOn(process, "emitWarning");

beforeEach(() => {
  kernelCache.clear();
  vi.mocked(agree).mockClear();
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
  expect(agree).not.toHaveBeenCalled();
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

describe.skipIf(isPossible)("where the engine has no such thing", () => {
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

describe.skipIf(!isPossible)("where the engine has it", () => {
  test.each(SPECS)("the same bits as the plain kernel: %j", async (change) => {
    const wide = await callOf(specWith(change), WIDE);
    expect(flags()).toEqual([FLAG, "--no-liftoff", "--liftoff"]);
    expect(agree).toHaveReturnedWith(true);
    expect(warn).not.toHaveBeenCalled();
    const plain = await callOf(specWith(change), { target: "wasm" });
    const value = wide.value.map((x, i) => x / (3 + (i % 5)));
    expect(wide.kernel.runSync(value, wide.weights)).toEqual(plain.kernel.runSync(value, plain.weights));
  });

  test("a kernel that differs in a bit is not used, and a warning says so once", async () => {
    vi.mocked(agree).mockReturnValue(false);
    const plain = await compile(specWith(SPECS[1]), { target: "wasm" });
    for (const rate of [2, 3]) {
      const { kernel, weights, value, bias, expected } = await callOf(specWith({ ...SPECS[1], rate }), WIDE);
      expect(bias).toBeDefined();
      expect(kernel.runSync(value, weights)).toEqual(expected);
      if (rate === 2) expect(kernel.schedule).toBe(plain.schedule);
    }
    expect(warn.mock.calls.length).toBe(1);
    expect(String(warn.mock.calls[0]?.[0])).toContain("differs from the plain one");
    vi.mocked(agree).mockReset();
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
    expect(agree).toHaveReturnedWith(true);
  });
});
