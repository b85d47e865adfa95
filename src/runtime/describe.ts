/** A loaded kernel in words. */
import type { Facts } from "../ir/module.js";
import { specRow } from "../ir/ops/specRow.js";
import type { Tier } from "./host/loaded.js";

const LANGUAGES: Readonly<Record<Tier | "webgpu", string>> = {
  webgpu: "WGSL compiled for this shape",
  wasm: "WebAssembly compiled for this shape",
  js: "JavaScript compiled for this shape",
  plain: "the definition, interpreted, for pages whose policy allows no code generation",
};

export interface Means {
  readonly target: Tier | "webgpu";
  /** What it computes with, in words. */
  readonly means: string;
  readonly codeBytes: number;
}

export function describe(
  { spec, algorithm, errorBound, schedule, work }: Facts,
  { target, means, codeBytes }: Means,
): string {
  const { flops, liveFlops, bytes } = work;
  const share = flops === 0 ? 0 : (100 * liveFlops) / flops;
  return [
    specRow(spec),
    `tier      ${target}: ${LANGUAGES[target]}, ${means}, ${codeBytes} bytes of code`,
    `algorithm ${algorithm}; sums are within ${errorBound.toExponential(1)} of max |value| times the sum of |filters|`,
    `schedule  ${schedule}`,
    `work      ${(flops / 1e6).toFixed(2)} MFLOP counting all taps, ${share.toFixed(0)} % of them meet the image`,
    `memory    ${bytes} bytes of value, filters and output`,
  ].join("\n");
}
