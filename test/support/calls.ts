/** Calls as users make them, on small-integer data, for tests of the runtime. */
import { type CompileOptions, compile, interpret, type Kernel, type OpSpec, type Weights } from "tilewright";
import { elementCount } from "../../src/ir/program.js";
import { smallIntegers } from "./run.js";

/** A spec whose data and result are small; change what a test is about. */
export const specWith = (change: Partial<OpSpec> = {}): OpSpec => ({
  op: "atrousConv2dTranspose",
  value: [1, 4, 5, 2],
  filters: [3, 3, 3, 2],
  rate: 1,
  padding: "SAME",
  ...change,
});

export interface Call {
  readonly kernel: Kernel;
  readonly weights: Weights;
  readonly value: Float32Array;
  readonly filters: Float32Array;
  readonly bias: Float32Array | undefined;
  /** By definition. */
  readonly expected: Float32Array;
}

/** A kernel with weights, data, and what it must give. */
export async function callOf(spec: OpSpec, options: CompileOptions = {}): Promise<Call> {
  const kernel = await compile(spec, options);
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const bias = spec.bias ? smallIntegers(kernel.outputShape[3] as number, 3) : undefined;
  return {
    kernel,
    weights: kernel.prepare(filters, bias),
    value,
    filters,
    bias,
    expected: Float32Array.from(interpret(spec, value, filters, bias)),
  };
}

/** Best first, as "auto" would choose them. */
export const TARGETS = ["wasm", "js", "plain"] as const;
