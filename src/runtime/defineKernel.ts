/** `defineKernel`: a spec to be compiled on demand, or ahead of time by a bundler's plugin. */
import { reading } from "../ir/errors.js";
import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import type { ShorthandSpec } from "../ir/ops/shorthandSpec.js";
import { checkSpec, type GivenSpec, geometryOf, type OpSpec, type Shape4 } from "../ir/ops/spec.js";
import { checkOptions } from "../ir/options.js";
import { checkWanted } from "../ir/rewrites/wanted.js";
import { type CommonOptions, type CompileOptions, compile } from "./compile.js";
import type {
  FamilyDefinition,
  FormulaDefinition,
  KernelDefinition,
  LoadOptions,
  WebgpuLoadOptions,
} from "./definition.js";
import type { NamesOf } from "./formulaKernel.js";
import type { Kernel } from "./kernel.js";
import { hasReader } from "./specs.js";
import type { WebgpuKernel } from "./webgpu/kernel.js";

/** Options that decide the code, beside the spec; the defaults are those of `compile`. */
export type DefineOptions = Pick<CommonOptions, "accuracy" | "algorithm">;

/** Shapes as the type of a literal spec knows them. */
interface ShapesOf<S extends OpSpec> {
  readonly value: S["value"];
  readonly filters: S["filters"];
  readonly output: Shape4;
}

/**
 * Defines a kernel that is loaded on demand: compiled, or found among the kernels that were made ahead of time. A
 * bundler's plugin (`tilewright/vite` and others) replaces a call with a literal spec by the kernel itself. What has
 * a reader of its own, as formulas and shorthands have, is read when it is loaded.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`
 */
export function defineKernel<const S extends OpSpec>(spec: S, options?: DefineOptions): KernelDefinition<ShapesOf<S>>;
export function defineKernel<const S extends FamilySpec>(spec: S, options?: DefineOptions): FamilyDefinition<S>;
export function defineKernel<const S extends AnyLengthSpec>(spec: S, options?: DefineOptions): FamilyDefinition<S>;
export function defineKernel<const S extends FormulaSpec | ShorthandSpec>(
  spec: S,
  options?: DefineOptions,
): FormulaDefinition<NamesOf<S>>;
export function defineKernel(spec: GivenSpec, options: DefineOptions = {}): unknown {
  const wanted = checkOptions(options, ["accuracy", "algorithm"]);
  checkWanted(wanted);
  // What has a reader of its own is read when that is loaded.
  const given = hasReader(spec) ? reading("a spec", () => Object.freeze({ ...spec })) : checkSpec(spec);
  const load = (options: LoadOptions | WebgpuLoadOptions = {}): Promise<Kernel | WebgpuKernel> =>
    compile(
      given as GivenSpec,
      { ...wanted, ...reading("an object of options", () => ({ ...options })) } as CompileOptions,
    );
  if (hasReader(given)) return { spec: given, load };
  return { spec: given, outputShape: Object.freeze(geometryOf(given).outputShape), load };
}
