/** The facts that a kernel tells about itself, wherever it runs. */
import { fail } from "../ir/errors.js";
import type { Facts } from "../ir/module.js";
import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import type { OpSpec, Shape4 } from "../ir/ops/spec.js";
import { onlyOf } from "./arguments.js";
import type { Shapes } from "./tensor.js";
import { namesOf, type Tensors } from "./tensors.js";

/** The type of a kernel's spec. Kernels of formulas have types of their own. */
export type SpecOf<S extends Shapes> = S extends { readonly spec: infer F extends AnyLengthSpec | FamilySpec }
  ? F
  : OpSpec;

/** The shape of a kernel's output, of which ops of the library have four sizes at least in their types. */
export type OutputOf<S extends Shapes> = S extends { readonly spec: AnyLengthSpec | FamilySpec }
  ? S["output"]
  : S["output"] & Shape4;

/** As many numbers. */
type AsMany<T extends readonly unknown[]> = { readonly [I in keyof T]: number };

/** Shapes by a literal spec of the convolution family, whose type knows how many dimensions there are. */
export interface FamilyShapes<S extends FamilySpec = FamilySpec> extends Shapes {
  readonly spec: FamilySpec;
  readonly output: AsMany<S["value"]>;
}

/** The same for a spec of which each call chooses a size. */
export interface AnyLengthShapes<S extends AnyLengthSpec = AnyLengthSpec> extends Shapes {
  readonly spec: AnyLengthSpec;
  readonly output: AsMany<S["value"]>;
}

export abstract class KernelFacts<S extends Shapes> {
  /** @internal */
  protected abstract get facts(): Facts;
  /** @internal */
  protected abstract get tensors(): Tensors;

  /** The checked spec. Throws `invalid-argument` if the kernel was compiled from a program. */
  get spec(): SpecOf<S> {
    const { spec = fail("invalid-argument", "this kernel comes from a program and has no spec") } = this.facts;
    // The kernel of a formula has a type of its own, which says so.
    return spec as SpecOf<S>;
  }

  /**
   * [N, OH, OW, Co] in the order of the layout, or the shape of a program's only output. Where calls choose a size, it
   * is that of the longest call.
   */
  get outputShape(): OutputOf<S> {
    const { outputs } = this.tensors;
    return onlyOf("output", outputs, outputs).shape as OutputOf<S>;
  }

  /** Names of the inputs of `run`, in the order of the program: `["value"]` for a kernel with a spec. */
  get inputNames(): readonly string[] {
    return namesOf(this.tensors.inputs);
  }

  /** Names of the weights that `prepare` takes: `["filters"]` or `["filters", "bias"]` for a kernel with a spec. */
  get weightNames(): readonly string[] {
    return namesOf(this.tensors.weights);
  }

  /** Names of the outputs of `run`: `["output"]` for a kernel with a spec. */
  get outputNames(): readonly string[] {
    return namesOf(this.tensors.outputs);
  }

  /** The algorithm of the sums: "direct", or "winograd F(4x4, 3x3)" for tiles of 4x4 outputs and 3x3 taps. */
  get algorithm(): string {
    return this.facts.algorithm;
  }

  /**
   * The largest distance of a sum, before bias and activation, from the exact sum. Of a convolution it is a share of
   * max |value| times the sum of |filters| of the output channel; of a formula, a share of the sum of its terms'
   * magnitudes, where functions, and terms of more than a product, are not counted. The bound holds for all data as
   * long as no intermediate number leaves the range of float32; measured errors are far smaller. On a GPU, the rounding
   * of tensors to f16 comes on top.
   */
  get errorBound(): number {
    return this.facts.errorBound;
  }

  /** The schedule in one row: how loops are tiled, ordered, unrolled, packed and, on a GPU, distributed. */
  get schedule(): string {
    return this.facts.schedule;
  }
}
