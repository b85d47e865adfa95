/** Describes a loaded kernel in words, for `explain`. */
import type { Facts } from "../ir/module.js";
import { boundInWords, countedInWords, liveInWords } from "../ir/ops/factsInWords.js";
import { specRow } from "../ir/ops/specRow.js";
import type { Tier } from "./host/loaded.js";
import type { Tensors } from "./tensors.js";

const LANGUAGES: Readonly<Record<Tier | "webgpu", string>> = {
  webgpu: "WGSL compiled for this shape",
  wasm: "WebAssembly compiled for this shape",
  js: "JavaScript compiled for this shape",
  plain: "the definition, interpreted, for pages whose policy allows no code generation",
};

export interface Means {
  readonly target: Tier | "webgpu";
  /** Vectors and threads, or types and pipelines, in words. */
  readonly means: string;
  readonly codeBytes: number;
}

export function describe(
  { spec, algorithm, errorBound, schedule, work }: Facts,
  tensors: Tensors,
  { target, means, codeBytes }: Means,
): string {
  const { flops, liveFlops, bytes } = work;
  const share = flops === 0 ? 0 : liveFlops / flops;
  const live = liveInWords(spec, share, `${(100 * share).toFixed(0)} %`);
  return [
    spec ? specRow(spec) : tensorRow(tensors),
    `tier      ${target}: ${LANGUAGES[target]}, ${means}, ${codeBytes} bytes of code`,
    `algorithm ${algorithm}`,
    ...(spec ? [`error     ${boundInWords({ spec, algorithm, errorBound })}`] : []),
    `schedule  ${schedule}`,
    `work      ${(flops / 1e6).toFixed(2)} MFLOP counting all ${countedInWords(spec)}${live}`,
    `memory    ${bytes} bytes of inputs, weights and outputs`,
  ].join("\n");
}

function tensorRow({ inputs, weights, outputs }: Tensors): string {
  const row = (all: Tensors["inputs"]) => all.map(({ name, shape }) => `${name} ${shape.join("x")}`).join(", ");
  return `${row(outputs)} of ${row([...inputs, ...weights])}`;
}
