/** A caller's wishes in the compiler's types, checked and with every default filled in. */
import type { Schedule } from "../codegen/schedule.js";
import type { Accuracy, AlgorithmRequest, Wanted } from "../codegen/search/choose.js";
import type { PointName } from "../codegen/search/space.js";
import type { Features, WasmFeatures, WebgpuFeatures } from "../codegen/target.js";
import { fail, show } from "../ir/errors.js";

export type { Accuracy, AlgorithmRequest, Features, PointName, Schedule, Wanted, WasmFeatures, WebgpuFeatures };

/** The choices that are left to the compiler, and those that are not. The form of the schedule has been checked. */
export interface CodeOptions extends Required<Wanted> {
  readonly schedule: Schedule | undefined;
}

export function checkWanted(given: { readonly accuracy?: unknown; readonly algorithm?: unknown }): Required<Wanted> {
  const { accuracy = "exact", algorithm = "auto" } = given;
  if (accuracy !== "exact" && accuracy !== "fast") {
    fail("invalid-argument", `accuracy must be "exact" or "fast"; got ${show(accuracy)}`);
  }
  if (!isAlgorithm(algorithm)) {
    fail(
      "invalid-argument",
      'algorithm must be "auto", "direct", "winograd", { kind: "direct", parts } or ' +
        `{ kind: "winograd", tile: [rows, columns] }; got ${show(algorithm)}`,
    );
  }
  const isWinograd = algorithm === "winograd" || (typeof algorithm !== "string" && algorithm.kind === "winograd");
  if (given.accuracy === "exact" && isWinograd) {
    fail("invalid-argument", `Winograd's algorithm is not exact; say accuracy: "fast", or leave accuracy out`);
  }
  return { accuracy, algorithm };
}

function isAlgorithm(given: unknown): given is AlgorithmRequest {
  if (given === "auto" || given === "direct" || given === "winograd") return true;
  if (typeof given !== "object" || given === null) return false;
  const { kind, tile, parts, ...rest } = given as Readonly<Record<string, unknown>>;
  if (Object.keys(rest).length > 0) return false;
  if (kind === "direct") return tile === undefined && (parts === undefined || isSize(parts));
  if (parts !== undefined) return false;
  return kind === "winograd" && Array.isArray(tile) && tile.length === 2 && tile.every(isSize);
}

const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 1;
