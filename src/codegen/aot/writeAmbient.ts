/** Declarations of the modules that a bundler's plugin makes, for editors and type checks, which do not run plugins. */
import type { SpecFacts } from "../../ir/module.js";
import { banner } from "./banner.js";
import { docOf, kernelType } from "./writeKernel.js";

export interface NamedKernel extends SpecFacts {
  readonly name: string;
}

/** `id`: of the module that exports all kernels. */
export function writeAmbient(id: string, kernels: readonly NamedKernel[]): string {
  const declared = kernels.flatMap((kernel) => [
    `  /** ${docOf(kernel)} */`,
    `  export const ${kernel.name}: ${kernelType(kernel)};`,
  ]);
  return [
    banner("What the plugin's modules export."),
    `declare module "${id}" {`,
    '  import type { BuiltKernel } from "tilewright/runtime";',
    ...declared,
    "}",
    "",
    `declare module "${id}/registry" {`,
    '  import type { BuiltKernel } from "tilewright/runtime";',
    "  /** All of them, of which `compile` knows once this is imported. */",
    "  export const kernels: readonly BuiltKernel[];",
    "}",
    "",
  ].join("\n");
}
