/** Rules for ops of ONNX on images: pools, blocks of pixels, and samples. */
import { at, named, shaped, spaceAndDepth } from "../rule.js";
import { gap, isGap, type Size, sizeFrom, windowOutput, withSizes } from "../shapes.js";
import { intOf, intsOf, windowsOf } from "./attributes.js";
import { notConstant, type OnnxRule } from "./tensorRules.js";

export const pool: OnnxRule = shaped((shape, node) =>
  withSizes(shape, ([batch = gap("a pool of nothing"), channels = gap("a pool without channels"), ...spatial]) => {
    const windows = windowsOf(node, intsOf(node, "kernel_shape") ?? []);
    if (isGap(windows)) return windows;
    const sizes = spatial.map((size, axis) => {
      const window = windows[axis];
      return window ? windowOutput(size, window) : gap("a pool of fewer dimensions than its input");
    });
    return [batch, channels, ...sizes];
  }),
);

/** MaxUnpool undoes a pool: the sizes are an input, or follow from the window. */
const unpool: OnnxRule = shaped((shape, node, inputs) => {
  if (inputs[2] !== undefined) return inputs[2].values ?? notConstant(node, "sizes");
  return withSizes(
    shape,
    ([batch = gap("a pool of nothing"), channels = gap("a pool without channels"), ...spatial]) => {
      const windows = windowsOf(node, intsOf(node, "kernel_shape") ?? []);
      if (isGap(windows)) return windows;
      const sizes = spatial.map((size, axis): Size => {
        const window = windows[axis];
        if (window === undefined || window.pads === "SAME") return gap("a window that does not fit its input");
        const [begin, end] = window.pads;
        return sizeFrom([size], (known) => (known - 1) * window.stride + window.kernel - begin - end);
      });
      return [batch, channels, ...sizes];
    },
  );
});

const globalPool: OnnxRule = shaped((shape) =>
  withSizes(shape, (sizes) => sizes.map((size, axis) => (axis < 2 ? size : 1))),
);

const blocks = (toDepth: boolean): OnnxRule =>
  shaped((shape, node) =>
    withSizes(shape, ([n, c, h, w]) => {
      if (n === undefined || c === undefined || h === undefined || w === undefined)
        return gap("an image of fewer than 4 dimensions");
      const [height, width, depth] = spaceAndDepth([h, w, c], intOf(node, "blocksize") ?? 1, toDepth);
      return [n, depth, height, width];
    }),
  );

/** GridSample: batch and channels of the image, all other sizes of the grid. */
const gridSample: OnnxRule = shaped((shape, _, inputs) =>
  withSizes(shape, (image) =>
    withSizes(at(inputs, 1).shape, (grid) =>
      image.length < 3 || image.length !== grid.length
        ? gap("a grid that does not fit its image")
        : [...image.slice(0, 2), ...grid.slice(1, -1)],
    ),
  ),
);

/** RoiAlign and MaxRoiPool: an image of a fixed size for each region. */
const regions: OnnxRule = (node, inputs) => {
  const [height, width] = intsOf(node, "pooled_shape") ?? [
    intOf(node, "output_height") ?? 1,
    intOf(node, "output_width") ?? 1,
  ];
  return {
    shape: withSizes(at(inputs, 0).shape, ([, channels = gap("an image without channels")]) =>
      withSizes(at(inputs, 1).shape, ([count = gap("no regions")]) => [count, channels, height ?? 1, width ?? 1]),
    ),
  };
};

export const ONNX_IMAGES: readonly (readonly [string, OnnxRule])[] = [
  ...named("AveragePool LpPool", pool),
  ...named("MaxUnpool", unpool),
  ...named("GlobalAveragePool GlobalMaxPool GlobalLpPool", globalPool),
  ...named("GridSample", gridSample),
  ...named("RoiAlign MaxRoiPool", regions),
  ...named("SpaceToDepth", blocks(true)),
  ...named("DepthToSpace", blocks(false)),
];
