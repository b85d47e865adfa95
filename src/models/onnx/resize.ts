/** The output shape of Resize and Upsample. Sizes are given, or are the sizes of the input times constant scales. */
import { show } from "../../ir/errors.js";
import { axisFrom, gap, type Inputs, numbersOf, type Shape, type Size, sizeFrom, withSizes } from "../shapes.js";
import { intsOf, textOf } from "./attributes.js";
import type { OnnxNode } from "./model.js";

export function resizeShape(node: OnnxNode, shape: Shape, inputs: Inputs): Shape {
  const policy = textOf(node, "keep_aspect_ratio_policy") ?? "stretch";
  if (policy !== "stretch") return gap(`Resize "${node.name}" keeps the aspect ratio (${policy})`);
  return withSizes(shape, (sizes) => {
    const axes = intsOf(node, "axes")?.map((axis) => axisFrom(axis, sizes.length)) ?? [...sizes.keys()];
    const { asked, scales } = askedOf(node, inputs);
    const given = asked ?? scales;
    if (given === undefined) return gap(`the scales of ${node.type} "${node.name}" are no constant`);
    if (given.length !== axes.length)
      return gap(`${node.type} "${node.name}" has ${show(given.length)} scales for ${axes.length} axes`);
    return sizes.map((size, axis): Size => {
      const i = axes.indexOf(axis);
      if (i < 0) return size;
      return (
        asked?.[i] ?? sizeFrom([size], (known) => Math.floor(known * ((scales as readonly number[])[i] as number)))
      );
    });
  });
}

/**
 * The sizes or scales of a node: Resize(X, roi, scales, sizes) since opset 11; (X, scales) or an attribute before, and
 * for Upsample.
 */
function askedOf(node: OnnxNode, inputs: Inputs): { asked?: readonly Size[]; scales?: readonly number[] } {
  const isOld = node.type === "Upsample" || inputs.length === 2;
  const sizes = isOld ? undefined : inputs[3]?.values;
  if (sizes !== undefined && sizes.length > 0) return { asked: sizes };
  const scales = node.attributes.get("scales")?.floats ?? numbersOf(inputs[isOld ? 1 : 2]?.values);
  return scales === undefined || scales.length === 0 ? {} : { scales };
}
