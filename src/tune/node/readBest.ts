/** Reads the best schedules from files of records. */
import type { PointName } from "../../codegen/search/space.js";
import { mergeRecords } from "../records.js";
import { bestPoints } from "../selection.js";
import { loadRecords } from "./recordFile.js";

/** The best point of each kernel that has one, by `tuningKey`. */
export const readBest = (paths: readonly string[]): ReadonlyMap<string, PointName> =>
  bestPoints(mergeRecords(...paths.map((path) => loadRecords(path).records)));
