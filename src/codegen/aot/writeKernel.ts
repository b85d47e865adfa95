/** Writes the file of one kernel that callers import. It imports the code for a target when that target is needed. */
import { StructureKind } from "ts-morph";
import { show } from "../../ir/errors.js";
import type { SpecFacts } from "../../ir/module.js";
import { specRow } from "../../ir/ops/specRow.js";
import { banner, commented } from "./banner.js";
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

/** The type of a kernel with these shapes. */
export function kernelType({ spec, outputShape }: SpecFacts): string {
  const tuple = (shape: readonly number[]) => `readonly [${shape.join(", ")}]`;
  return (
    `BuiltKernel<{ readonly value: ${tuple(spec.value)}; readonly filters: ${tuple(spec.filters)}; ` +
    `readonly output: ${tuple(outputShape)} }>`
  );
}

export function docOf({ spec, outputShape }: SpecFacts): string {
  const { op, value, filters, rate, padding, bias, activation } = spec;
  const layout = op === "conv2d" ? "[kh, kw, Ci, Co]" : "[kh, kw, Co, Ci]";
  const after = activation === undefined ? "" : `, then ${show(activation)}`;
  return commented(
    `\`${op}\` of value [N, H, W, Ci] = [${value.join(", ")}] with filters ${layout} = [${filters.join(", ")}], ` +
      `rate ${rate}, ${padding}${bias ? ", plus a bias" : ""}${after}: [${outputShape.join(", ")}].`,
  );
}
