/** The roles of all axes of a program, as the scheduler sees them. */
import { accessOf, tapsOver } from "../../../src/ir/access.js";
import type { Program } from "../../../src/ir/program.js";
import type { AxisRow } from "../messages.js";

export const axisRows = (program: Program): AxisRow[] =>
  program.run.flatMap((stage) => {
    const access = accessOf(stage, program);
    const { factors, space, reduce } = access;
    return [...space, ...reduce].map(({ name, extent, role, by, out }): AxisRow => {
      const moves = by.map((elements, i) => [factors[i]?.buffer as string, elements] as const);
      const over = space.filter((point) => tapsOver(access, point.name).includes(name));
      return {
        ...{ stage: stage.name, axis: name, extent, role },
        moves: [...moves, [stage.output.buffer, out]],
        over: over.map((point) => point.name),
      };
    });
  });
