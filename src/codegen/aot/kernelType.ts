/** The type and the documentation of a kernel, in words and TypeScript. */
import { show } from "../../ir/errors.js";
import type { SpecFacts } from "../../ir/module.js";
import type { FamilySpec } from "../../ir/ops/familySpec.js";
import { programOf } from "../../ir/ops/index.js";
import { rateText } from "../../ir/ops/rate.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import { isFamily, isFormula } from "../../ir/ops/specKind.js";
import { specRow } from "../../ir/ops/specRow.js";
import type { BufferRole } from "../../ir/program.js";
import { commented } from "./banner.js";

/** The name of the type in `tilewright/runtime`. */
export function kernelTypeName({ spec }: Pick<SpecFacts, "spec">): "BuiltFamily" | "BuiltFormula" | "BuiltKernel" {
  if (isFormula(spec)) return "BuiltFormula";
  return isFamily(spec) ? "BuiltFamily" : "BuiltKernel";
}

/** The type of a kernel with these shapes, or with tensors of these names. */
export function kernelType(facts: SpecFacts): string {
  const { spec, outputShape = [] } = facts;
  const name = kernelTypeName(facts);
  if (isFormula(spec)) {
    const { buffers } = programOf(spec);
    const names = (role: BufferRole) =>
      buffers.flatMap((one) => (one.role === role ? [JSON.stringify(one.name)] : [])).join(" | ") || "never";
    return `${name}<{ inputs: ${names("input")}; weights: ${names("weights")}; outputs: ${names("output")} }>`;
  }
  const tuple = (shape: readonly number[]) => `readonly [${shape.join(", ")}]`;
  return (
    `${name}<{ readonly value: ${tuple(spec.value)}; readonly filters: ${tuple(spec.filters)}; ` +
    `readonly output: ${tuple(outputShape)} }>`
  );
}

export function docOf({ spec, outputShape = [] }: SpecFacts): string {
  if (isFormula(spec)) return commented(specRow(spec));
  return commented(isFamily(spec) ? docOfFamily(spec, outputShape) : docOfOp(spec, outputShape));
}

const docOfFamily = (spec: FamilySpec, outputShape: readonly number[]): string =>
  `${specRow(spec).replace(spec.op, `\`${spec.op}\``)}: [${outputShape.join(", ")}].`;

function docOfOp(
  { op, value, filters, rate, padding, bias, activation }: OpSpec,
  outputShape: readonly number[],
): string {
  const layout = op === "conv2d" ? "[kh, kw, Ci, Co]" : "[kh, kw, Co, Ci]";
  const after = activation === undefined ? "" : `, then ${show(activation)}`;
  return (
    `\`${op}\` of value [N, H, W, Ci] = [${value.join(", ")}] with filters ${layout} = [${filters.join(", ")}], ` +
    `rate ${rateText(rate)}, ${padding}${bias ? ", plus a bias" : ""}${after}: [${outputShape.join(", ")}].`
  );
}
