/** The axes of a convolution, as sketches see them. */
import { coefficientOf, variablesOf } from "../../ir/affine.js";
import { failInternally } from "../../ir/errors.js";
import type { Axis, Stage } from "../../ir/program.js";

const AXES = ["oc", "oy", "ox", "ky", "kx", "ic"];

const axisOf = (stage: Stage, name: string): Axis | undefined =>
  [...stage.space, ...stage.reduce].find((axis) => axis.name === name);

export const isConvolution = (stage: Stage): boolean => AXES.every((name) => axisOf(stage, name) !== undefined);

export const extentOf = (stage: Stage, name: string): number =>
  axisOf(stage, name)?.extent ?? failInternally(`${stage.name} has no axis ${name}`);

/** The spatial axis that is tiled. */
export type Row = "oy" | "ox";

export type Tap = "ky" | "kx";

/** The taps along a row, and those across it. */
export const tapAxes = (row: Row): { along: Tap; across: Tap } =>
  row === "ox" ? { along: "kx", across: "ky" } : { along: "ky", across: "kx" };

/** The axes of the output beside rows, columns and channels. */
export const batchAxes = (stage: Stage): string[] =>
  stage.space.map((axis) => axis.name).filter((name) => !["oy", "ox", "oc"].includes(name));

/** For each tap along an axis, the pixels first .. last of that axis which it meets; none where last < first. */
export function livePixels(stage: Stage, row: Row, tap: Tap): { first: number; last: number }[] {
  const forms = stage.domain.filter((form) => variablesOf(form).every((name) => name === row || name === tap));
  return Array.from({ length: extentOf(stage, tap) }, (_, place) => {
    let first = 0;
    let last = extentOf(stage, row) - 1;
    for (const form of forms) {
      const slope = coefficientOf(form, row);
      const rest = form.constant + coefficientOf(form, tap) * place;
      if (slope > 0) first = Math.max(first, Math.ceil(-rest / slope));
      else if (slope < 0) last = Math.min(last, Math.floor(rest / -slope));
      else if (rest < 0) last = -1;
    }
    return { first, last };
  });
}
