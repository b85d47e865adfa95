/** Declares the modules that the bundler plugin makes, for editors and type checks, which run no plugins. */
import type { SpecFacts } from "../../ir/module.js";
import { banner } from "./banner.js";
import { docOf, kernelType, kernelTypeName } from "./kernelType.js";

export interface NamedKernel extends SpecFacts {
  readonly name: string;
}

/** @param id the module that exports all kernels */
export function writeAmbient(id: string, kernels: readonly NamedKernel[]): string {
  const declared = kernels.flatMap((kernel) => [
    `  /** ${docOf(kernel)} */`,
    `  export const ${kernel.name}: ${kernelType(kernel)};`,
  ]);
  const types = new Set(kernels.map(kernelTypeName));
  return [
    banner("What the plugin's modules export."),
    `declare module "${id}" {`,
    `  import type { ${[...types].join(", ")} } from "tilewright/runtime";`,
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
