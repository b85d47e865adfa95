/** Winograd's algorithm on CPUs: in blocks that stay in the second-level cache. */
import { programOf } from "../../ir/ops/index.js";
import type { Sketches } from "./choice.js";
import { bestBlock } from "./winogradCost.js";
import { winogradDirectives } from "./winogradSketch.js";

export const winogradOnCpu: NonNullable<Sketches["winograd"]> = (sizes, spec, algorithm, target) => {
  const { block, cycles } = bestBlock(spec, sizes, target);
  const plan = () => {
    const program = programOf(spec, algorithm);
    return { program, schedule: winogradDirectives(program, block, target) };
  };
  return { knobs: { ...block }, cycles, plan };
};
