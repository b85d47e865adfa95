/** Which points of an axis each tap meets, and how tiles hold them. */
import type { Access, AxisAccess } from "../../ir/access.js";
import { coefficientOf, variablesOf } from "../../ir/affine.js";

/** Points first .. last; none where last < first. */
export interface LiveRange {
  readonly first: number;
  readonly last: number;
}

/** For each tap that slides over the axis, the points that it meets; of several taps the first is looked at. Without any, all points. */
export function liveRanges({ stage }: Access, point: AxisAccess, taps: readonly AxisAccess[]): LiveRange[] {
  const [tap] = taps;
  if (!tap) return [{ first: 0, last: point.extent - 1 }];
  const forms = stage.domain.filter((form) =>
    variablesOf(form).every((name) => name === point.name || name === tap.name),
  );
  return Array.from({ length: tap.extent }, (_, place) => {
    let [first, last] = [0, point.extent - 1];
    for (const form of forms) {
      const slope = coefficientOf(form, point.name);
      const rest = form.constant + coefficientOf(form, tap.name) * place;
      if (slope > 0) first = Math.max(first, Math.ceil(-rest / slope));
      else if (slope < 0) last = Math.min(last, Math.floor(rest / -slope));
      else if (rest < 0) last = -1;
    }
    return { first, last };
  });
}

export const lengthOf = ({ first, last }: LiveRange): number => Math.max(0, last - first + 1);

/** The range as tiles of `step` points hold it: how many are live in a tile, and in how many tiles. */
export function tilesOf({ first, last }: LiveRange, step: number): { live: number; tiles: number }[] {
  if (last < first) return [];
  const [firstTile, lastTile] = [Math.floor(first / step), Math.floor(last / step)];
  if (firstTile === lastTile) return [{ live: last - first + 1, tiles: 1 }];
  return [
    { live: (firstTile + 1) * step - first, tiles: 1 },
    { live: step, tiles: lastTile - firstTile - 1 },
    { live: last - lastTile * step + 1, tiles: 1 },
  ];
}
