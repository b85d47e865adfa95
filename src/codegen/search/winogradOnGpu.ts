/** Winograd's algorithm on GPUs: in three kernels. */
import { programOf } from "../../ir/ops/index.js";
import type { Sketches } from "./choice.js";
import { gpuWinograd } from "./gpuWinograd.js";

export const winogradOnGpu: NonNullable<Sketches["winograd"]> = (_, spec, algorithm, target) => {
  const program = programOf(spec, algorithm);
  const { schedule, ...sketched } = gpuWinograd(program, target);
  return { ...sketched, plan: () => ({ program, schedule }) };
};
