/** The schedules that tuning found to be better than the model's pick. `tilewright/tuning` fills this table. */
import type { Spec } from "../ir/ops/spec.js";
import { tuningKey } from "./keys.js";
import type { Features, PointName, Wanted } from "./wanted.js";

const points = new Map<string, PointName>();
let revision = 0;

/** Makes `compile` use these schedules, each under its `tuningKey`; a later one replaces an earlier one. */
export function useTuned(entries: Iterable<readonly [string, PointName]>): void {
  for (const [key, point] of entries) points.set(key, point);
  revision++;
}

/** A number that changes whenever an answer of `tunedPoint` may have changed. */
export const tuningRevision = (): number => revision;

export const tunedPoint = (spec: Spec, wanted: Required<Wanted>, features: Features): PointName | undefined =>
  points.size === 0 ? undefined : points.get(tuningKey(spec, wanted, features));
