/** The names of the tensors of shorthands, as far as the type of a spec is literal. */
import type {
  BatchNormSpec,
  BinarySpec,
  DenseSpec,
  LayerNormSpec,
  MatmulSpec,
  ShorthandSpec,
} from "../ir/ops/shorthandSpec.js";

export type ShorthandInputs<S extends ShorthandSpec> = S extends MatmulSpec
  ? Exclude<"a" | "b", ListedWeights<S>>
  : S extends BinarySpec
    ? "a" | "b"
    : "value";

export type ShorthandWeights<S extends ShorthandSpec> = S extends MatmulSpec
  ? ListedWeights<S> | NameIf<S, "bias", true>
  : S extends DenseSpec
    ? "filters" | NameIf<S, "bias", true>
    : S extends LayerNormSpec
      ? UnlessNot<S>
      : S extends BatchNormSpec
        ? "mean" | "variance" | UnlessNot<S>
        : never;

type ListedWeights<S> = S extends { readonly weights: readonly (infer Name extends string)[] } ? Name : never;

/** The name of a field that has the value. */
type NameIf<S, Name extends string, Value> = S extends { readonly [Field in Name]: Value } ? Name : never;

/** A scale and a bias, but for one that the spec turns off. */
type UnlessNot<S> = Exclude<"scale" | "bias", NameIf<S, "scale", false> | NameIf<S, "bias", false>>;
