/** What a model needs: the convolutions that kernels can be compiled for, and those that they cannot, each with its reason. */
import type { OpSpec } from "../ir/ops/spec.js";

export interface Convolution {
  /** Its name in the model. */
  readonly node: string;
  /** What it is in the model: one op, or the ops of a detour, such as `SpaceToBatchND + Conv2D + BatchToSpaceND`. */
  readonly type: string;
  readonly spec: OpSpec;
}

export interface Uncovered {
  readonly node: string;
  readonly type: string;
  /** What stands in the way: attributes, and what is not known, with its remedy. Never empty. */
  readonly missing: readonly string[];
}

export interface ModelReport {
  readonly format: "onnx" | "tfjs";
  readonly path: string;
  /** In the model's order. */
  readonly convolutions: readonly Convolution[];
  readonly uncovered: readonly Uncovered[];
}

/** Sizes for dimensions that the model leaves free, by name. */
export type Dims = Readonly<Record<string, number>>;

/** Names and reasons come from the model, and end up on somebody's terminal: one line, of a bounded length. */
export const legible = (text: string, most = 300): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
  return plain.length > most ? `${plain.slice(0, most)}...` : plain;
};

/** Collects a report node by node. */
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
