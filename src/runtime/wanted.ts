/** A caller's wishes in the compiler's types, checked and with every default filled in. */
import type { Schedule } from "../codegen/schedule.js";
import type { Accuracy, AlgorithmRequest, Wanted } from "../codegen/search/choose.js";
import type { PointName } from "../codegen/search/space.js";
import type { Features, WasmFeatures, WebgpuFeatures } from "../codegen/target.js";
import { fail, reading, show } from "../ir/errors.js";

export type { Accuracy, AlgorithmRequest, Features, PointName, Schedule, Wanted, WasmFeatures, WebgpuFeatures };

/** The choices that are left to the compiler, and those that are not. The form of the schedule has been checked. */
export interface CodeOptions extends Required<Wanted> {
  readonly schedule: Schedule | undefined;
}

export function checkWanted(given: { readonly accuracy?: unknown; readonly algorithm?: unknown }): Required<Wanted> {
  const { accuracy = "exact", algorithm: asked = "auto" } = given;
  if (accuracy !== "exact" && accuracy !== "fast") {
    fail("invalid-argument", `accuracy must be "exact" or "fast"; got ${show(accuracy)}`);
  }
  const algorithm = reading("algorithm", () => algorithmFrom(asked));
  const isWinograd = algorithm === "winograd" || (typeof algorithm !== "string" && algorithm.kind === "winograd");
  if (given.accuracy === "exact" && isWinograd) {
    fail("invalid-argument", `Winograd's algorithm is not exact; say accuracy: "fast", or leave accuracy out`);
  }
  return { accuracy, algorithm };
}

function algorithmFrom(given: unknown): AlgorithmRequest {
  if (given === "auto" || given === "direct" || given === "winograd") return given;
  if (typeof given === "object" && given !== null) {
    const { kind, tile, parts, ...rest } = given as Readonly<Record<string, unknown>>;
    const isNothingElse = Object.keys(rest).length === 0;
    if (isNothingElse && kind === "direct" && tile === undefined) {
      if (parts === undefined) return { kind };
      if (isSize(parts)) return { kind, parts };
    }
    if (isNothingElse && kind === "winograd" && parts === undefined && Array.isArray(tile)) {
      const [rows, columns, ...more] = tile as unknown[];
      if (isSize(rows) && isSize(columns) && more.length === 0) return { kind, tile: [rows, columns] };
    }
  }
  return fail(
    "invalid-argument",
    'algorithm must be "auto", "direct", "winograd", { kind: "direct", parts } or ' +
      `{ kind: "winograd", tile: [rows, columns] }; got ${show(given)}`,
  );
}

const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) >= 1;
