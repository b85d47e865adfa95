/** Writes the file of one kernel that callers import. It imports the code for a target when that target is needed. */
import { StructureKind } from "ts-morph";
import type { SpecFacts } from "../../ir/module.js";
import { specRow } from "../../ir/ops/specRow.js";
import { banner } from "./banner.js";
import { docOf, kernelType } from "./kernelType.js";
import { literal, Verbatim } from "./literal.js";
import { declarationOf, sourceText } from "./sources.js";

export interface KernelHead extends SpecFacts {
  readonly format: number;
  readonly request: string;
}

/** @param files the module of each variant, relative to the kernel's file */
export function writeKernel(name: string, head: KernelHead, files: Readonly<Record<string, string>>): string {
  const { format, request, spec, outputShape } = head;
  const imports = Object.fromEntries(
    Object.entries(files).map(([variant, file]) => [variant, new Verbatim(`() => import(${JSON.stringify(file)})`)]),
  );
  const built = literal({ format, request, spec, outputShape });
  return sourceText({
    statements: [
      banner(specRow(spec)),
      { kind: StructureKind.ImportDeclaration, namedImports: ["builtKernel"], moduleSpecifier: "tilewright/runtime" },
      `export const ${name} = /* @__PURE__ */ builtKernel(${built}, ${literal(imports)});`,
    ],
  });
}

/** The declaration of a kernel. Its shapes are tuples of numbers, so a tensor of another shape is a type error. */
export function writeKernelTypes(name: string, facts: SpecFacts): string {
  return declarationOf(specRow(facts.spec), {
    ...{ name, type: kernelType(facts), docs: docOf(facts) },
    imported: "BuiltKernel",
    isDefault: false,
  });
}
