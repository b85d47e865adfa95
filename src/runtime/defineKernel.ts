/** `defineKernel`: a spec to be compiled on demand, or ahead of time by a bundler's plugin. */
import { reading } from "../ir/errors.js";
import { checkSpec, geometryOf, type OpSpec, type Shape4 } from "../ir/ops/spec.js";
import { checkOptions } from "../ir/options.js";
import { checkWanted } from "../ir/rewrites/wanted.js";
import { type CommonOptions, type CompileOptions, compile } from "./compile.js";
import type { KernelDefinition, LoadOptions, WebgpuLoadOptions } from "./definition.js";
import type { Kernel } from "./kernel.js";
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
 * bundler's plugin (`tilewright/vite` and others) replaces a call with a literal spec by the kernel itself.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`
 */
export function defineKernel<const S extends OpSpec>(
  spec: S,
  options: DefineOptions = {},
): KernelDefinition<ShapesOf<S>> {
  const checked = checkSpec(spec);
  const wanted = checkOptions(options, ["accuracy", "algorithm"]);
  checkWanted(wanted);
  function load(given?: LoadOptions): Promise<Kernel<ShapesOf<S>>>;
  function load(given: WebgpuLoadOptions): Promise<WebgpuKernel<ShapesOf<S>>>;
  async function load(given: LoadOptions | WebgpuLoadOptions = {}): Promise<Kernel | WebgpuKernel> {
    return compile(checked, { ...wanted, ...reading("an object of options", () => ({ ...given })) } as CompileOptions);
  }
  return { spec: checked, outputShape: Object.freeze(geometryOf(checked).outputShape), load };
}
