/** A loaded kernel in words. */
import { errorBound } from "../ir/ops/errorBound.js";
import { printAlgorithm, programOf } from "../ir/ops/index.js";
import { denseTerms, type OpSpec } from "../ir/ops/spec.js";
import { workOf } from "../ir/work.js";
import type { Loaded, Tier } from "./host/loaded.js";

const TARGETS: Readonly<Record<Tier | "webgpu", string>> = {
  webgpu: "webgpu: WGSL compiled for this shape",
  wasm: "wasm: WebAssembly compiled for this shape",
  js: "js: JavaScript compiled for this shape",
  plain: "plain: the definition, interpreted, for pages whose policy allows no code generation",
};

/** A kernel that is loaded, for whatever target. */
export interface Described extends Pick<Loaded, "algorithm" | "schedule" | "codeBytes"> {
  readonly target: Tier | "webgpu";
  /** What it computes with, in words. */
  readonly means: string;
}

export function describe(spec: OpSpec, { target, means, algorithm, schedule, codeBytes }: Described): string {
  const { flops, liveFlops, bytes } = workOf(programOf(spec), denseTerms(spec));
  const share = flops === 0 ? 0 : (100 * liveFlops) / flops;
  const activation = spec.activation === undefined ? "" : `, ${JSON.stringify(spec.activation)}`;
  return [
    `${spec.op} ${spec.value.join("x")} with ${spec.filters.join("x")}, rate ${spec.rate}, ${spec.padding}` +
      `${spec.bias ? ", bias" : ""}${activation}`,
    `tier      ${TARGETS[target]}, ${means}, ${codeBytes} bytes of code`,
    `algorithm ${printAlgorithm(spec, algorithm)}; sums are within ${errorBound(spec, algorithm).toExponential(1)} of max |value| times the sum of |filters|`,
    `schedule  ${schedule}`,
    `work      ${(flops / 1e6).toFixed(2)} MFLOP counting all taps, ${share.toFixed(0)} % of them meet the image`,
    `memory    ${bytes} bytes of value, filters and output`,
  ].join("\n");
}
