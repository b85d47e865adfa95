/** The WGSL backend: products in workgroup memory, modules as one shader for each kernel. */
import { failInternally } from "../../ir/errors.js";
import type { Backend, ModuleBody } from "../backend.js";
import type { Lowered } from "../lower.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderWgsl } from "../module/wgsl.js";
import { GPU_POINTS, launchDirectives } from "../search/gpuPoints.js";
import { GPU_DIRECT, GPU_SHARED } from "../search/gpuProduct.js";
import type { Target } from "../target.js";

// A page that compiles for WGSL loads this file alone, so the target comes with it.
export { wgslTarget } from "../target.js";

export const WGSL_BACKEND: Backend<"wgsl"> = {
  sketches: [GPU_DIRECT, GPU_SHARED, GPU_POINTS],
  unscheduled: launchDirectives,
  render: wgslModule,
};

function wgslModule(
  _: string,
  { buffers, prepare, run }: LoweredProgram,
  schedule: string,
  target: Target,
): ModuleBody<"wgsl"> {
  const { workgroupsAlong } = target.workgroups ?? failInternally("WGSL for a target without workgroups");
  const entry = (kernel: Lowered) => renderWgsl(kernel, schedule, workgroupsAlong);
  return { language: "wgsl", buffers, prepare: prepare.map(entry), run: run.map(entry) };
}
