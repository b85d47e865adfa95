/** Reads the best schedules from files of records. */
import type { PointName } from "../../codegen/search/space.js";
import { type KindPoint, pointsByKind } from "../kinds.js";
import { mergeRecords } from "../records.js";
import { bestPoints } from "../selection.js";
import { loadRecords } from "./recordFile.js";

/** Schedules by `tuningKey`. */
export interface Best {
  /** The best of each kernel that has one. */
  readonly points: ReadonlyMap<string, PointName>;
  readonly kinds: ReadonlyMap<string, readonly KindPoint[]>;
}

export function readBest(paths: readonly string[]): Best {
  const records = mergeRecords(...paths.map((path) => loadRecords(path).records));
  return { points: bestPoints(records), kinds: pointsByKind(records) };
}
