/** The type and the documentation of a kernel, in words and TypeScript. */
import { show } from "../../ir/errors.js";
import type { SpecFacts } from "../../ir/module.js";
import { commented } from "./banner.js";

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
