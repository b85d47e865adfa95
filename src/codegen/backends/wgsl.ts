/** WGSL: products in workgroup memory, and modules as a shader for each kernel. */
import { failInternally } from "../../ir/errors.js";
import type { WgslModule } from "../../ir/module.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import { type Backend, type Body, type CompileOptions, compileWith } from "../backend.js";
import type { Lowered } from "../lower.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderWgsl } from "../module/wgsl.js";
import type { Sketches } from "../search/choice.js";
import { gpuSchedule } from "../search/gpuSketch.js";
import { type Target, type WebgpuFeatures, wgslTarget } from "../target.js";

export const WGSL_BACKEND: Backend<"wgsl"> = { sketches: { direct: gpuSchedule }, render: wgslModule };

function wgslModule(
  _: string,
  { buffers, prepare, run }: LoweredProgram,
  schedule: string,
  target: Target,
): Body<"wgsl"> {
  const { workgroupsAlong } = target.workgroups ?? failInternally("WGSL for a target without workgroups");
  const entry = (kernel: Lowered) => renderWgsl(kernel, schedule, workgroupsAlong);
  return { language: "wgsl", buffers, prepare: prepare.map(entry), run: run.map(entry) };
}

/** `winograd`: where its algorithm is wanted. */
export const compileWgsl = (
  spec: OpSpec,
  features: WebgpuFeatures,
  options: Omit<CompileOptions<"wgsl">, "target">,
  winograd?: Sketches["winograd"],
): WgslModule => {
  const sketches = { ...WGSL_BACKEND.sketches, winograd };
  return compileWith({ ...WGSL_BACKEND, sketches }, spec, { target: wgslTarget(features), ...options });
};
