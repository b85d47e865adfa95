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

/** A source with another text. A spec in JSON begins with a brace, and no formula does. */
export function sourceWith(text: string, before: Source): Source {
  const first = text.trimStart()[0];
  if (first === "{") return { kind: "op", text };
  if (before.kind === "formula") return { ...before, text };
  return first === undefined ? { ...before, text } : { kind: "formula", text, shapes: {}, weights: [] };
}

/** The setup without shapes of tensors that its formula does not read. */
export function withoutStrangers(setup: Setup, read: readonly string[]): Setup {
  const { source } = setup;
  if (source.kind === "op") return setup;
  const shapes = Object.fromEntries(Object.entries(source.shapes).filter(([name]) => read.includes(name)));
  return { ...setup, source: { ...source, shapes, weights: source.weights.filter((name) => read.includes(name)) } };
}

/** The setup in the form that fits behind the # of an address. */
export function encodeSetup(setup: Setup): string {
  const bytes = new TextEncoder().encode(JSON.stringify(setup));
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The setup in an address, or undefined where it cannot be read: links come from strangers. */
export function decodeSetup(hash: string): Setup | undefined {
  try {
    const text = atob(hash.replace(/^#/, "").replaceAll("-", "+").replaceAll("_", "/"));
    const setup: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    return isSetup(setup) ? setup : undefined;
  } catch {
    return undefined; // half a link
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
