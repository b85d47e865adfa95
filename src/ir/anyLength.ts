/**
 * Programs of any length: each call chooses the size of one dimension, in whole units.
 *
 * Extents and shapes are those of the longest call. A form may name the number of units, the parameter of a call. An
 * axis ends where its form `while` says, and a buffer knows which of its dimensions the call chooses.
 */
import { type Affine, add, affine, substitute, variable } from "./affine.js";
import { bufferAt } from "./bufferAt.js";
import { fail } from "./errors.js";
import type { Axis, Parameter, Program } from "./program.js";
import { mapStageForms } from "./visit.js";

export interface AnyLength {
  readonly parameter: Parameter;
  readonly program: Program;
}

/** The name of the parameter. It is not lower case, so no axis has it. */
export const UNITS = "callUnits";

/** GPU kernels have one length: their launches are part of the code. */
export const refuseOnGpu = (): never =>
  fail(
    "target-unavailable",
    "a kernel whose calls choose a size runs on the CPU; for a GPU, compile a spec for each of the sizes",
  );

/** A program of any length at one of its lengths: the program of a spec of that length. */
export function programAt(program: Program, units: number): Program {
  const at = new Map([[UNITS, affine(units)]]);
  const fixed = (form: Affine) => substitute(form, at);
  return {
    ...program,
    buffers: program.buffers.map((buffer) => bufferAt(buffer, units)),
    run: program.run.map(({ parameter: _, ...stage }) => ({
      ...mapStageForms(stage, fixed),
      space: stage.space.map((axis) => axisAt(axis, fixed)),
    })),
  };
}

function axisAt({ name, extent, while: end }: Axis, fixed: (form: Affine) => Affine): Axis {
  return { name, extent: end ? Math.max(0, add(fixed(end), variable(name)).constant + 1) : extent };
}
