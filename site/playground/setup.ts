/** The setup of the playground: all that its user chose, as plain data, which the page's address holds. */
import type { Schedule } from "tilewright";
import type { PointName } from "tilewright/compiler";

export type TargetChoice = "wasm" | "js" | "webgpu";
export type Simd = "none" | "simd128" | "relaxed";

/** A formula with the shapes of what it reads, or the spec of an op as JSON text. */
export type Source =
  | {
      readonly kind: "formula";
      readonly text: string;
      /** The shape of each tensor as it was typed, by name. */
      readonly shapes: Readonly<Record<string, string>>;
      readonly weights: readonly string[];
    }
  | { readonly kind: "op"; readonly text: string };

export interface Setup {
  readonly source: Source;
  readonly target: TargetChoice;
  /** The vectors of WebAssembly; undefined stands for the most that this browser has. */
  readonly simd?: Simd;
  readonly accuracy: "exact" | "fast";
  /** A point of the search space in place of the model's pick. */
  readonly point?: PointName;
  /** Directives by stage in place of those of the point. */
  readonly schedule?: Schedule;
}

/** The setup in the form that fits behind the # of an address. */
export function encodeSetup(setup: Setup): string {
  const bytes = new TextEncoder().encode(JSON.stringify(setup));
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The setup in an address, or undefined where there is none: links come from strangers. */
export function decodeSetup(hash: string): Setup | undefined {
  try {
    const text = atob(hash.replace(/^#/, "").replaceAll("-", "+").replaceAll("_", "/"));
    const setup: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    return isSetup(setup) ? setup : undefined;
  } catch {
    return undefined; // half a link, or none
  }
}

/** The compiler checks what is meant for it: points, schedules and specs. */
function isSetup(given: unknown): given is Setup {
  const { source, target, accuracy, simd } = (given ?? {}) as Partial<Setup>;
  const isSource =
    typeof source?.text === "string" &&
    (source.kind === "op" ||
      (source.kind === "formula" &&
        Array.isArray(source.weights) &&
        source.weights.every((name) => typeof name === "string") &&
        typeof source.shapes === "object" &&
        source.shapes !== null &&
        Object.values(source.shapes).every((shape) => typeof shape === "string")));
  return (
    isSource &&
    ["wasm", "js", "webgpu"].includes(target ?? "") &&
    ["exact", "fast"].includes(accuracy ?? "") &&
    (simd === undefined || ["none", "simd128", "relaxed"].includes(simd))
  );
}
