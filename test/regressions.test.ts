/** Cases that random search found wrong once, by what was wrong. Each failed before its mend. */
import { compile, interpret, type OpSpec, type Schedule } from "tilewright";
import { expect, test } from "vitest";
import { elementCount } from "../src/ir/program.js";
import { smallIntegers } from "./support/run.js";

const spec = (value: OpSpec["value"], filters: OpSpec["filters"], more: Partial<OpSpec> = {}): OpSpec => ({
  op: "atrousConv2dTranspose",
  value,
  filters,
  rate: 1,
  padding: "SAME",
  ...more,
});

interface Case {
  readonly spec: OpSpec;
  readonly conv: Schedule[string];
  /** Where it fits; by default both. */
  readonly targets?: readonly ("js" | "wasm")[];
}

const BOTH = ["js", "wasm"] as const;

const CASES: Record<string, Case> = {
  "copies of an unrolled tile declare their accumulators side by side": {
    spec: spec([1, 2, 3, 2], [1, 1, 2, 2]),
    conv: [
      { do: "unroll", axis: "ox" },
      { do: "unroll", axis: "oc" },
    ],
  },
  "an empty sum is stored although no loop runs in which it could rest": {
    spec: spec([1, 1, 1, 0], [1, 1, 1, 0]),
    conv: [
      { do: "reorder", axes: ["ic", "oc"] },
      { do: "accumulate", at: "ic" },
    ],
  },
  "an empty image has no box to cache": {
    spec: spec([1, 0, 1, 1], [1, 1, 1, 1]),
    conv: [{ do: "cache", buffer: "value", at: "n", space: "local" }],
  },
  "the inner half of a fused axis keeps its range": {
    spec: spec([1, 7, 1, 1], [3, 3, 8, 1], { rate: 4, padding: "VALID" }),
    conv: [
      { do: "fuse", axes: ["oy", "ox"], into: "p" },
      { do: "split", axis: "p", by: 4, into: ["po", "pi"], tail: "guard" },
    ],
  },
  "a loop fused twice is known wherever the cache needs it": {
    spec: spec([2, 3, 4, 2], [2, 2, 3, 2], { rate: 2 }),
    conv: [
      { do: "fuse", axes: ["n", "oy"], into: "r" },
      { do: "fuse", axes: ["r", "ox"], into: "p" },
      { do: "cache", buffer: "value", at: "p", space: "local" },
    ],
  },
  "the tail of a split of a split bounds the axis by a multiple": {
    spec: spec([1, 4, 3, 5], [2, 1, 6, 5], { rate: 2 }),
    conv: [
      { do: "split", axis: "oc", by: 2, into: ["oco", "oci"], tail: "guard" },
      { do: "split", axis: "oco", by: 4, into: ["ocoo", "ocoi"], tail: "guard" },
    ],
  },
  "lanes past the end of a written-out tile may say anything": {
    spec: spec([1, 1, 10, 4], [1, 2, 5, 4], { rate: 3, bias: true }),
    conv: [
      { do: "split", axis: "oc", by: 4, into: ["oco", "oci"], tail: "roundUp" },
      { do: "reorder", axes: ["oco", "ky", "kx", "ic", "oci"] },
      { do: "unroll", axis: "oco" },
      { do: "unroll", axis: "oci" },
      { do: "pack", buffer: "filters", layout: ["oco", "ky", "kx", "ic", "oci"] },
    ],
  },
  "lanes of an empty sum have nothing to add up": {
    spec: spec([1, 4, 5, 0], [3, 3, 3, 0], { bias: true }),
    conv: [{ do: "vectorize", axis: "ic" }],
  },
  // Took minutes, past the time limit: passes copied all that they knew at each of thousands of indices.
  "thousands of indices side by side are compiled in time that grows with their number": {
    targets: ["js"],
    spec: spec([1, 5, 3, 4], [3, 2, 6, 4], { padding: "VALID", activation: "relu" }),
    conv: [
      { do: "fuse", axes: ["oy", "ox"], into: "f0" },
      { do: "fuse", axes: ["n", "f0"], into: "f1" },
      { do: "fuse", axes: ["ky", "kx"], into: "f2" },
      { do: "fuse", axes: ["f1", "oc"], into: "f3" },
      { do: "split", axis: "f3", by: 4, into: ["vo", "vi"], tail: "guard" },
      { do: "reorder", axes: ["vo", "f2", "ic", "vi"] },
      { do: "unroll", axis: "vo" },
      { do: "unroll", axis: "f2" },
      { do: "unroll", axis: "ic" },
      { do: "vectorize", axis: "vi" },
    ],
  },
};

test.each(
  Object.entries(CASES).flatMap(([name, { spec, conv, targets = BOTH }]) =>
    targets.map((target) => ({ name, target, spec, conv })),
  ),
)("$name: $target", async ({ target, spec, conv }) => {
  const kernel = await compile(spec, { target, schedule: { conv } });
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const bias = spec.bias ? smallIntegers(kernel.outputShape[3] as number, 3) : undefined;
  // What is never stored must show: fresh memory would be zero, like an empty sum.
  const out = new Float32Array(elementCount(kernel.outputShape)).fill(Number.NaN);
  const actual = kernel.runSync(value, kernel.prepare(filters, bias), out);
  expect([...actual].map((x) => x + 0)).toEqual([...interpret(spec, value, filters, bias)].map((x) => x + 0));
});
