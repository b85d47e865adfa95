/** `defineKernel`: a spec to be compiled on demand, which a bundler's plugin replaces by code made ahead of time. */
import { checkSpec, geometryOf, type OpSpec, type Shape4 } from "../ir/ops/spec.js";
import { type CommonOptions, type CompileOptions, compile } from "./compile.js";
import type { KernelDefinition, LoadOptions, WebgpuLoadOptions } from "./definition.js";
import type { Kernel } from "./kernel.js";
import { checkOptions } from "./options.js";
import { checkWanted } from "./wanted.js";
import type { WebgpuKernel } from "./webgpu/kernel.js";

/** What decides the code beside the spec. */
export type DefineOptions = Pick<CommonOptions, "accuracy" | "algorithm">;

/** The shapes that a spec of literals says. */
interface ShapesOf<S extends OpSpec> {
  readonly value: S["value"];
  readonly filters: S["filters"];
  readonly output: Shape4;
}

/**
 * A kernel to be loaded on demand: compiled here, or found among those that were made ahead of time. Written with a literal spec,
 * it is replaced by a plugin of a bundler (`tilewright/vite` and others) with the kernel itself.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`
 */
export function defineKernel<const S extends OpSpec>(
  spec: S,
  options: DefineOptions = {},
): KernelDefinition<ShapesOf<S>> {
  const checked = checkSpec(spec);
  checkOptions(options, ["accuracy", "algorithm"]);
  checkWanted(options);
  function load(given?: LoadOptions): Promise<Kernel<ShapesOf<S>>>;
  function load(given: WebgpuLoadOptions): Promise<WebgpuKernel<ShapesOf<S>>>;
  function load(given: LoadOptions | WebgpuLoadOptions = {}): Promise<Kernel | WebgpuKernel> {
    return compile(checked, { ...options, ...given } as CompileOptions);
  }
  return { spec: checked, outputShape: Object.freeze(geometryOf(checked).outputShape), load };
}
