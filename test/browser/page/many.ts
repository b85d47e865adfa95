/** A page with as many kernels as several networks have, all of them alive at once. */
import { compile, interpret, type Kernel, type OpSpec, type Weights } from "tilewright";
import { elementCount } from "../../../src/ir/program.js";
import { same, smallIntegers } from "./data.js";

export interface ManyReport {
  /** Kernels that gave what the definition says, while all others were alive. */
  readonly right: number;
  /** Memories in which their tensors lie. */
  readonly memories: number;
}

const KERNELS = 2000;
/** Specs that differ, each of which has many kernels. */
const SPECS = Array.from({ length: 40 }, (_, i): OpSpec => {
  const [inputs, outputs] = [1 + (i % 5), 1 + (i % 7)];
  const head = { op: "conv2d", value: [1, 5 + (i % 8), 9, inputs], filters: [3, 3, inputs, outputs] } as const;
  return { ...head, rate: 1 + (i % 2), padding: "SAME" };
});

interface Live {
  readonly kernel: Kernel;
  readonly weights: Weights;
  readonly value: Float32Array;
  readonly expected: Float64Array;
}

const given = SPECS.map((spec, i) => {
  const [value, filters] = [
    smallIntegers(elementCount(spec.value), i),
    smallIntegers(elementCount(spec.filters), i + 1),
  ];
  return { spec, value, filters, expected: interpret(spec, value, filters) };
});

const live: Live[] = [];
for (let i = 0; i < KERNELS; i++) {
  const { spec, value, filters, expected } = given[i % given.length] as (typeof given)[number];
  const kernel = await compile(spec, { target: "wasm" });
  kernel.value.set(value);
  live.push({ kernel, weights: kernel.prepare(filters), value: kernel.value, expected });
}
const right = live.filter(({ kernel, weights, value, expected }) =>
  same(kernel.runSync(value, weights, kernel.output), expected),
).length;
const report: ManyReport = { right, memories: new Set(live.map(({ kernel }) => kernel.memory)).size };
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
