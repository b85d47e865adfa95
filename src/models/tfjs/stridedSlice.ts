/**
 * The rule of StridedSlice. Each entry of begin, end and step is about one axis, unless a mask says otherwise: it
 * inserts an axis of size 1, or stands for all axes that no other entry is about.
 */

import { quoted } from "../report.js";
import { at, type Rule, sliced } from "../rule.js";
import { type Gap, gap, type Info, isGap, numbersOf, type Size, sizesOr, withSizes } from "../shapes.js";
import { type SliceRange, withValues } from "../values.js";
import { intAttribute } from "./attributes.js";
import type { AttributeName, TfjsNode } from "./json.js";

/** Why a constant is unknown: a size among its values is, or none of them is known. */
export const unknownConstant = (node: TfjsNode, input: Info | undefined): Gap =>
  input?.values?.find(isGap) ??
  gap(
    `a constant of ${node.op} ${quoted(node.name)} is not known; the weight files must lie beside model.json, ` +
      `or state the shape by --shape ${node.name}=1x2x3x4`,
  );

/** One entry of a slice: an axis that is kept whole, is new, or is cut to a range. */
type SliceStep = "whole" | "new" | { readonly range: SliceRange; readonly isDropped: boolean };

export const stridedSlice: Rule<TfjsNode> = (node, inputs) => {
  const from = at(inputs, 0);
  const odd = [1, 2, 3].find((i) => numbersOf(inputs[i]?.values) === undefined);
  if (isGap(from.shape) || odd !== undefined)
    return { shape: isGap(from.shape) ? from.shape : unknownConstant(node, inputs[odd ?? 1]) };
  const [begin = [], end = [], steps = []] = [1, 2, 3].map((i) => numbersOf(inputs[i]?.values) ?? []);
  const has = (mask: AttributeName, i: number): boolean => Math.floor(intAttribute(node, mask) / 2 ** i) % 2 === 1;
  const isNew = (i: number): boolean => has("new_axis_mask", i) && !has("ellipsis_mask", i);
  const named = begin.filter((_, i) => !isNew(i) && !has("ellipsis_mask", i)).length;
  const rest = Array.from({ length: Math.max(0, from.shape.length - named) }, (): SliceStep => "whole");
  const plan = begin.flatMap((start, i): readonly SliceStep[] => {
    if (has("ellipsis_mask", i)) return rest;
    if (isNew(i)) return ["new"];
    const step = steps[i] ?? 1;
    if (has("shrink_axis_mask", i))
      return [{ range: [start, start === -1 ? Number.MAX_SAFE_INTEGER : start + 1, 1], isDropped: true }];
    const [first, last] = step > 0 ? [0, Number.MAX_SAFE_INTEGER] : [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const range: SliceRange = [has("begin_mask", i) ? first : start, has("end_mask", i) ? last : (end[i] ?? 0), step];
    return [{ range, isDropped: false }];
  });
  const steps_ = begin.some((_, i) => has("ellipsis_mask", i)) ? plan : [...plan, ...rest];
  return planned(from, steps_);
};

/** Applies the steps to the axes of a tensor, one after the other. */
function planned(from: Info, plan: readonly SliceStep[]): Info {
  const ofAxes = plan.filter((step) => step !== "new");
  if (ofAxes.length !== sizesOr(from.shape).length) return { shape: gap("a slice of more axes than there are") };
  const cut = sliced(from, (axis) => {
    const step = ofAxes[axis];
    return typeof step === "object" ? step.range : undefined;
  });
  const shape = withSizes(cut.shape, (sizes) => {
    const rest = sizes.values();
    return plan.flatMap((step): readonly Size[] => {
      if (step === "new") return [1];
      const size = rest.next().value as Size;
      return typeof step === "object" && step.isDropped ? [] : [size];
    });
  });
  return withValues(shape, cut.values);
}
