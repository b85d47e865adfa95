/** What a kernel says of itself, wherever it runs. */
import { fail } from "../ir/errors.js";
import type { Facts } from "../ir/module.js";
import type { OpSpec, Shape4 } from "../ir/ops/spec.js";
import { onlyOf } from "./arguments.js";
import type { Shapes } from "./tensor.js";
import { namesOf, type Tensors } from "./tensors.js";

export abstract class KernelFacts<S extends Shapes> {
  /** @internal */
  protected abstract get facts(): Facts;
  /** @internal */
  protected abstract get tensors(): Tensors;

  /** Throws where the kernel was compiled from a program. */
  get spec(): OpSpec {
    return this.facts.spec ?? fail("invalid-argument", "this kernel comes from a program and has no spec");
  }

  /** [N, OH, OW, Co]; of a kernel from a program, the shape of its only output. */
  get outputShape(): S["output"] & Shape4 {
    const { outputs } = this.tensors;
    return onlyOf("output", outputs, outputs).shape as S["output"] & Shape4;
  }

  /** What `run` takes, in the order of the program: `["value"]` for a kernel with a spec. */
  get inputNames(): readonly string[] {
    return namesOf(this.tensors.inputs);
  }

  /** What `prepare` takes: `["filters"]`, or `["filters", "bias"]`. */
  get weightNames(): readonly string[] {
    return namesOf(this.tensors.weights);
  }

  /** What `run` gives: `["output"]`. */
  get outputNames(): readonly string[] {
    return namesOf(this.tensors.outputs);
  }

  /** How the sums are computed: "direct", or as in "winograd F(4x4, 3x3)" for tiles of 4x4 outputs. */
  get algorithm(): string {
    return this.facts.algorithm;
  }

  /**
   * How far a sum, before bias and activation, may be from the exact one, as a share of max |value| times the sum of
   * |filters| of its channel. It holds for all data as long as no number on the way leaves the
   * range of float32; errors that are met are far smaller. On a GPU, rounding tensors to f16 comes on top of it.
   */
  get errorBound(): number {
    return this.facts.errorBound;
  }

  /** The schedule in one row: how the loops are tiled, ordered, unrolled, packed and, on a GPU, shared out. */
  get schedule(): string {
    return this.facts.schedule;
  }
}
