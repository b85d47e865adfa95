/** WGSL: products in workgroup memory, and modules as a shader for each kernel. */
import { failInternally } from "../../ir/errors.js";
import type { Backend, Body } from "../backend.js";
import type { Lowered } from "../lower.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderWgsl } from "../module/wgsl.js";
import { gpuSchedule } from "../search/gpuSketch.js";
import type { Target } from "../target.js";

// With these the file is all that a page needs to compile, and all that it loads.
export { compileWith } from "../backend.js";
export { wgslTarget } from "../target.js";

export const WGSL_BACKEND: Backend<"wgsl"> = { direct: gpuSchedule, render: wgslModule };

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
