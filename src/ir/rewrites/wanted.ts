/** A caller's wishes about the algorithm, checked and with every default filled in. */
import type { Definition } from "../definition.js";
import { fail, reading, show } from "../errors.js";
import { meantValue } from "../meant.js";
import { checkOptions } from "../options.js";
import type { Algorithm } from "./rewrite.js";

/** `exact` sums by definition, in any order. `fast` allows any algorithm within its stated bound. */
export type Accuracy = "exact" | "fast";

/** "auto" takes the algorithm that is estimated to be fastest, "winograd" the fastest of Winograd's tiles. */
export type AlgorithmRequest = "auto" | "direct" | "winograd" | Algorithm;

export interface Wanted {
  /** The accuracy of the algorithms that "auto" may choose from. Default "exact". */
  readonly accuracy?: Accuracy;
  /** Default "auto". */
  readonly algorithm?: AlgorithmRequest;
}

/** Values that need not be wishes. */
type GivenWanted = { readonly [Name in keyof Wanted]?: unknown };

/** Throws `invalid-argument` if a wish has no meaning, or if a caller says "exact" and asks for what is not. */
export function checkWanted(given: GivenWanted): Required<Wanted> {
  const wanted = wantedFrom(given);
  const { algorithm } = wanted;
  const isWinograd = algorithm === "winograd" || (typeof algorithm !== "string" && algorithm.kind === "winograd");
  if (given.accuracy === "exact" && isWinograd) {
    fail("invalid-argument", `Winograd's algorithm is not exact; say accuracy: "fast", or leave accuracy out`);
  }
  return wanted;
}

/** As `checkWanted`, for wishes whose defaults may have been filled in: "exact" may then be nobody's wish. */
export function checkFilledWanted(given: GivenWanted): Required<Wanted> {
  return wantedFrom(checkOptions(given, ["accuracy", "algorithm"]));
}

/** The wishes for a definition. Where calls choose a size, "auto" chooses from sums by definition alone. */
export const wantedFor = ({ anyLength }: Pick<Definition, "anyLength">, wanted: Wanted): Wanted =>
  anyLength ? { ...wanted, accuracy: "exact" } : wanted;

function wantedFrom({ accuracy = "exact", algorithm: asked = "auto" }: GivenWanted): Required<Wanted> {
  if (accuracy !== "exact" && accuracy !== "fast") {
    fail(
      "invalid-argument",
      `accuracy must be "exact" or "fast"; got ${show(accuracy)}${meantValue(accuracy, ["exact", "fast"])}`,
    );
  }
  return { accuracy, algorithm: reading("algorithm", () => algorithmFrom(asked)) };
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
      const [rows, columns] = tile as unknown[];
      if (isSize(rows) && isSize(columns) && tile.length === 2) return { kind, tile: [rows, columns] };
    }
  }
  const hint = meantValue(given, ["auto", "direct", "winograd"]);
  return fail(
    "invalid-argument",
    'algorithm must be "auto", "direct", "winograd", { kind: "direct", parts } or ' +
      `{ kind: "winograd", tile: [rows, columns] }; got ${show(given)}${hint}`,
  );
}

const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) >= 1;
