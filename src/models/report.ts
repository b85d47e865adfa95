/** The report on a model: the convolutions for which kernels can be compiled, and all others, each with its reason. */
import { fail } from "../ir/errors.js";
import type { OpSpec } from "../ir/ops/spec.js";

export interface Convolution {
  /** The name of the node in the model. */
  readonly node: string;
  /** The op in the model, or the ops of a detour, such as `SpaceToBatchND + Conv2D + BatchToSpaceND`. */
  readonly type: string;
  readonly spec: OpSpec;
}

export interface Uncovered {
  readonly node: string;
  readonly type: string;
  /** At least one reason: an attribute that is not supported, or a fact that is not known, with its remedy. */
  readonly missing: readonly string[];
}

export interface ModelReport {
  readonly format: "onnx" | "tfjs";
  readonly path: string;
  /** Convolutions in the order of the model. */
  readonly convolutions: readonly Convolution[];
  readonly uncovered: readonly Uncovered[];
}

/** Sizes of dimensions that the model leaves free, by name. */
export type Dims = Readonly<Record<string, number>>;

/** Text from a model for a terminal: one line of bounded length, without control characters. */
export const legible = (text: string, most = 300): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
  return plain.length > most ? `${plain.slice(0, most)}...` : plain;
};

/** Refuses a size for a dimension that the model does not have: a mistyped name must not be ignored. */
export function checkDimNames(path: string, dims: Dims, known: ReadonlySet<string>, ifNone: string): void {
  const strange = Object.keys(dims).find((name) => !known.has(name));
  if (strange === undefined) return;
  const names = [...known].slice(0, 20).join(", ");
  const there = names === "" ? ifNone : `it has ${legible(names)}`;
  fail("invalid-argument", `${path} has no free dimension ${legible(strange)}; ${there}`);
}

/** Collects the report, node by node. */
export class Findings {
  private readonly convolutions: Convolution[] = [];
  private readonly uncovered: Uncovered[] = [];

  add(node: string, type: string, found: OpSpec | { readonly missing: readonly string[] }): void {
    const name = { node: legible(node), type: legible(type) };
    if ("missing" in found) this.uncovered.push({ ...name, missing: found.missing.map((why) => legible(why)) });
    else this.convolutions.push({ ...name, spec: found });
  }

  report(format: ModelReport["format"], path: string): ModelReport {
    return { format, path, convolutions: this.convolutions, uncovered: this.uncovered };
  }
}
