/** The best schedules of files of records, for those who compile. */
import type { PointName } from "../../codegen/search/space.js";
import { mergeRecords } from "../records.js";
import { bestPoints } from "../selection.js";
import { loadRecords } from "./recordFile.js";

/** By `tuningKey`. */
export const readBest = (paths: readonly string[]): ReadonlyMap<string, PointName> =>
  bestPoints(mergeRecords(...paths.map((path) => loadRecords(path).records)));
