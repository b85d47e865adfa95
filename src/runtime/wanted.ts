/** A caller's wishes in the compiler's types. */
import type { Schedule } from "../codegen/schedule.js";
import type { PointName } from "../codegen/search/space.js";
import type { Features, WasmFeatures, WebgpuFeatures } from "../codegen/target.js";
import type { Accuracy, AlgorithmRequest, Wanted } from "../ir/rewrites/wanted.js";

export type { Accuracy, AlgorithmRequest, Features, PointName, Schedule, Wanted, WasmFeatures, WebgpuFeatures };

/** The choices that are left to the compiler, and those that are not. The form of the schedule has been checked. */
export interface CodeOptions extends Required<Wanted> {
  readonly schedule: Schedule | undefined;
}
