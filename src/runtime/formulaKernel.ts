/** The types of kernels that are made of formulas: their tensors go by name, and a literal formula tells the names. */
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import type { ShorthandSpec } from "../ir/ops/shorthandSpec.js";
import type { Named } from "./arguments.js";
import type { Kernel, Weights } from "./kernel.js";
import type { ShorthandInputs, ShorthandWeights } from "./shorthandNames.js";
import type { Alike, Values } from "./tensor.js";
import type { WebgpuKernel } from "./webgpu/kernel.js";

/** The names of a kernel's tensors, each a union of texts; `never` where there are none. */
export interface Names {
  readonly inputs: string;
  readonly weights: string;
  readonly outputs: string;
}

/** Something for each name. Names that no type knows are any. */
export type NamedAs<Name extends string, T> = string extends Name ? Named<T> : { readonly [Each in Name]: T };

type Retyped = "spec" | "prepare" | "run" | "runSync";

/** A kernel of a formula on the CPU: `Kernel`, with the formula's own names. */
export interface FormulaKernel<N extends Names = Names> extends Omit<Kernel, Retyped> {
  readonly spec: FormulaSpec;
  /** See `Kernel.prepare`. */
  prepare(weights: NamedAs<N["weights"], Values>): Weights;
  /** See `Kernel.run`. */
  run<T extends Values, Out extends Values = never>(
    inputs: NamedAs<N["inputs"], T>,
    weights?: Weights,
    outputs?: Partial<NamedAs<N["outputs"], Out>>,
  ): Promise<NamedAs<N["outputs"], Out | Alike<T, readonly number[]>>>;
  /** See `Kernel.runSync`. */
  runSync<T extends Values, Out extends Values = never>(
    inputs: NamedAs<N["inputs"], T>,
    weights?: Weights,
    outputs?: Partial<NamedAs<N["outputs"], Out>>,
  ): NamedAs<N["outputs"], Out | Alike<T, readonly number[]>>;
}

/** A kernel of a formula on a GPU. */
export interface FormulaWebgpuKernel extends Omit<WebgpuKernel, "spec"> {
  readonly spec: FormulaSpec;
}

/** The names in a spec, as far as its type is literal. */
export interface NamesOf<S extends FormulaSpec | ShorthandSpec> extends Names {
  readonly inputs: S extends FormulaSpec ? InputsOf<S> : ShorthandInputs<Extract<S, ShorthandSpec>>;
  readonly weights: S extends FormulaSpec ? NamesIn<S, "weights"> : ShorthandWeights<Extract<S, ShorthandSpec>>;
  readonly outputs: S extends FormulaSpec ? OutputsOf<S> : "output";
}

/** Where the weights are texts of any kind, as in a constant without `as const`, each tensor may be one of them. */
type InputsOf<S extends FormulaSpec> =
  string extends NamesIn<S, "weights">
    ? string
    : Exclude<keyof S["tensors"] & string, NamesIn<S, "weights"> | WrittenNames<S["formula"]>>;

type OutputsOf<S extends FormulaSpec> = "outputs" extends keyof S
  ? NamesIn<S, "outputs">
  : string extends S["formula"]
    ? string
    : Unread<WrittenNames<S["formula"]>, Right<S["formula"]>>;

/** The names in a list of a spec; `never` where it has no such list. */
type NamesIn<S extends FormulaSpec, List extends "weights" | "outputs"> = List extends keyof S
  ? NonNullable<S[List]> extends readonly (infer Name extends string)[]
    ? Name
    : never
  : never;

/** The lines of a text. */
type Lines<Text extends string> = Text extends `${infer First}\n${infer Rest}`
  ? Lines<First> | Lines<Rest>
  : Text extends `${infer First};${infer Rest}`
    ? Lines<First> | Lines<Rest>
    : Trimmed<Text>;

type Trimmed<Text extends string> = Text extends ` ${infer Rest}` ? Trimmed<Rest> : Text;

/** The text before the first bracket, of each line that has an equals sign. */
type WrittenNames<Text extends string> =
  Lines<Text> extends infer Line ? (Line extends `${infer Name}[${string}]${string}=${string}` ? Name : never) : never;

/** The text behind the equals signs. */
type Right<Text extends string> =
  Lines<Text> extends infer Line ? (Line extends `${string}=${infer Value}` ? Value : Line) : never;

type Before = " " | "(" | ":" | "," | "+" | "-" | "*" | "/" | "<" | ">" | "=";

/** The names that are read on no right side. */
type Unread<Name extends string, Text> = Name extends Name
  ? true extends (Text extends `${string}${Before}${Name}[${string}` ? true : never)
    ? never
    : Name
  : never;
