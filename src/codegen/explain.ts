/**
 * The road of one kernel as data: each step of the compiler, its cost, and the speed to expect.
 *
 * Nothing is run and nothing is measured.
 */
import { fail, show } from "../ir/errors.js";
import { definitionOf } from "../ir/ops/index.js";
import { checkOptions } from "../ir/options.js";
import { type Wanted, wantedFor } from "../ir/rewrites/wanted.js";
import { checkAnySpec } from "../specs/anySpec.js";
import { checkSchedule } from "./checkSchedule.js";
import { checkTarget } from "./checkTarget.js";
import { chooseAlgorithm, compilePlanned } from "./compile.js";
import { type Explanation, explanationOf } from "./explanation.js";
import { type MachineSpeed, typicalMachine } from "./machineSpeed.js";
import type { Schedule } from "./schedule.js";
import { type Target, wasmTarget } from "./target.js";

/** WebAssembly as current browsers and Node 24 run it. */
export const DEFAULT_TARGET: Target = wasmTarget({
  simd: "relaxed",
  hoistsLoads: false,
  pairs: false,
  threads: false,
});

export interface ExplainOptions extends Partial<MachineSpeed>, Wanted {
  /** Default: `DEFAULT_TARGET`. */
  readonly target?: Target;
  /** Default: the scheduler's pick for this shape and target. */
  readonly schedule?: Schedule;
}

const OPTIONS = ["target", "schedule", "accuracy", "algorithm", "peak", "bandwidth"];

/** Throws whatever compiling the spec throws. */
export function explain(spec: unknown, options: ExplainOptions = {}): Explanation {
  const checked = checkAnySpec(spec);
  const { target: given = DEFAULT_TARGET, schedule, peak, bandwidth, ...wanted } = checkOptions(options, OPTIONS);
  const target = checkTarget(given);
  const typical = typicalMachine(target);
  const machine = checkMachine({ peak: peak ?? typical.peak, bandwidth: bandwidth ?? typical.bandwidth });
  const definition = definitionOf(checked);
  const candidate = chooseAlgorithm(definition.program, target, wantedFor(definition, wanted));
  const isGiven = schedule !== undefined;
  const plan = isGiven ? { ...candidate.plan(), schedule: checkSchedule(schedule) } : candidate.plan();
  return explanationOf({
    ...{ definition, target, plan, machine },
    pick: isGiven ? undefined : candidate,
    compile: (watch) => compilePlanned(definition, plan, target, watch),
  });
}

function checkMachine(machine: MachineSpeed): MachineSpeed {
  for (const [name, value] of Object.entries(machine)) {
    if (!(Number.isFinite(value) && value > 0))
      fail("invalid-argument", `${name} must be a number above 0; got ${show(value)}`);
  }
  return machine;
}
