/** The type and the documentation of a kernel, in words and TypeScript. */
import { show } from "../../ir/errors.js";
import type { SpecFacts } from "../../ir/module.js";
import type { AnyLengthSpec, FamilySpec } from "../../ir/ops/familySpec.js";
import { programOf } from "../../ir/ops/index.js";
import { rateText } from "../../ir/ops/rate.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import { isFamily, isFormula } from "../../ir/ops/specKind.js";
import { specRow } from "../../ir/ops/specRow.js";
import { anyLengthWithin } from "../../ir/ops/specWithProgram.js";
import type { BufferRole } from "../../ir/program.js";
import { commented } from "./banner.js";

/** The name of the type in `tilewright/runtime`. */
export function kernelTypeName({
  spec,
}: Pick<SpecFacts, "spec">): "BuiltAnyLength" | "BuiltFamily" | "BuiltFormula" | "BuiltKernel" {
  if (isFormula(spec)) return "BuiltFormula";
  if (anyLengthWithin(spec)) return "BuiltAnyLength";
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
  const tuple = (shape: readonly unknown[]) => `readonly [${shape.join(", ")}]`;
  const { value, filters } = spec;
  const chosen = anyLengthWithin(spec)?.program.buffers.find(({ role }) => role === "output")?.length;
  const output = outputShape.map((size, i) => (i === chosen?.dimension ? "number" : size));
  return (
    `${name}<{ readonly value: ${tuple(value.map((size) => (typeof size === "number" ? size : "number")))}; ` +
    `readonly filters: ${tuple(filters)}; readonly output: ${tuple(output)} }>`
  );
}

export function docOf({ spec, outputShape = [] }: SpecFacts): string {
  if (isFormula(spec)) return commented(specRow(spec));
  return commented(isFamily(spec) ? docOfFamily(spec, outputShape) : docOfOp(spec, outputShape));
}

const docOfFamily = (spec: AnyLengthSpec | FamilySpec, outputShape: readonly number[]): string =>
  `${specRow(spec).replace(spec.op, `\`${spec.op}\``)}: ` +
  `${anyLengthWithin(spec) ? "up to " : ""}[${outputShape.join(", ")}].`;

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
