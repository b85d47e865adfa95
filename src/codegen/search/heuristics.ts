import type { Program } from "../../ir/program.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
export function scheduleFor(_program: Program, _target: Target): Schedule {
  return {};
}
