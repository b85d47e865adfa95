/** The report on a model: the convolutions for which kernels can be compiled, and all others, each with its reason. */
import type { FamilySpec } from "../ir/ops/familySpec.js";
import type { OpSpec } from "../ir/ops/spec.js";
import type { StoredTensor } from "./stored.js";

export interface Convolution {
  /** The name of the node in the model. */
  readonly node: string;
  /** The op in the model, or the ops of a detour, such as `SpaceToBatchND + Conv2D + BatchToSpaceND`. */
  readonly type: string;
  /**
   * As `compile` takes it, in the layouts of the model. A dense convolution of stride 1 on images with channels last
   * is `conv2d` with a rate or `atrousConv2dTranspose`; any other is of the family.
   */
  readonly spec: OpSpec | FamilySpec;
  /** The tensors of the model that hold the weights, by the kernel's names for them. */
  readonly weights: WeightNames;
  /** Where the model does something else than the kernel, such as other arithmetic or a further activation. */
  readonly notes: readonly string[];
}

export interface WeightNames {
  readonly filters: WeightName;
  readonly bias?: WeightName;
}

export interface WeightName {
  readonly name: string;
  /**
   * How the model has it, one letter for each axis: O and I are output and input channels, D, H and W the axes of
   * taps; C and M are the channels of a depthwise convolution and the outputs of each. The kernel takes it so.
   */
  readonly layout: string;
  /** Where the files of the model have it; undefined if they do not. */
  readonly stored?: StoredTensor;
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
  /** The free dimensions that convolutions wait for. Each takes a size in `dims`. */
  readonly free: readonly string[];
  /** Sentences about what is odd in the model itself. */
  readonly warnings: readonly string[];
}

/** Text from a model for a terminal: one line of bounded length, without control characters. */
export const legible = (text: string, most = 300): string => {
  const plain = text.slice(0, most + 1).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
  return plain.length > most ? `${plain.slice(0, most)}...` : plain;
};

/** A name from a model, short enough that what follows it is still seen. */
export const quoted = (name: string): string => `"${legible(name, 80)}"`;

/** The reason why a model has no convolution with a kernel, and what helps. */
export function whyNone({ uncovered: [first, ...more], free }: ModelReport): string {
  if (first === undefined) return "it has no convolutions; leave it out";
  if (free.length > 0) {
    const sizes = free.slice(0, 20).map((name) => `${JSON.stringify(legible(name, 80))}: 1`);
    return `its free dimensions need sizes, such as dims: { ${sizes.join(", ")} }`;
  }
  const others = more.length === 0 ? "" : `, and ${more.length} more`;
  return `${quoted(first.node)} is not covered (${first.missing.join("; ")})${others}; leave the model out`;
}

/** The part of a report on a convolution with a kernel that its node does not say. */
export type Covered = Pick<Convolution, "spec" | "weights" | "notes">;

/** The reasons why a convolution has no kernel. */
export interface Missing {
  readonly missing: readonly string[];
  /** The free dimensions among the reasons. */
  readonly free?: readonly string[];
}

/** Collects the report, node by node. */
export class Findings {
  private readonly convolutions: Convolution[] = [];
  private readonly uncovered: Uncovered[] = [];
  private readonly free = new Set<string>();

  add(node: string, type: string, found: Covered | Missing): void {
    if (!("missing" in found)) {
      this.convolutions.push({ node, type, ...found });
      return;
    }
    this.uncovered.push({ node, type, missing: found.missing.map((why) => legible(why)) });
    for (const name of found.free ?? []) this.free.add(name);
  }

  report(format: ModelReport["format"], path: string, warnings: readonly string[]): ModelReport {
    const { convolutions, uncovered } = this;
    return { format, path, convolutions, uncovered, free: [...this.free], warnings };
  }
}
