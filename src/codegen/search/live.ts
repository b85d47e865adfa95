/** The points of an axis that each tap meets, and their distribution over tiles. */
import type { Access, AxisAccess } from "../../ir/access.js";
import { coefficientOf, variablesOf } from "../../ir/affine.js";

/** The points first .. last; there are none if last < first. */
export interface LiveRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The points that each place of a tap meets. If several taps slide over the axis, only the first counts. If none does,
 * the one range has all points.
 */
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

/** The range cut into tiles of `step` points: `live` points of the range are in each of `tiles` tiles. */
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
