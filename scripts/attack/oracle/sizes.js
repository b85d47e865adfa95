// @ts-check
/**
 * Output sizes and paddings along one axis, written from the rules of each owner. `undefined`: no output is legal.
 * `"unknown"`: owners say too little, so the oracle has no opinion.
 *
 * @typedef {{ size: number, kernel: number, stride: number, dilation: number }} Axis
 * @typedef {{ output: number, pad: number }} Place
 * @typedef {{ convention: string, padding: any, size: number | undefined, more: number | undefined }} Wish
 */

/** @param {Axis} axis */
const reachOf = ({ kernel, dilation }) => (kernel - 1) * dilation + 1;

/** @param {Place} place @returns {Place | undefined} */
const legal = (place) => (place.output >= 0 ? place : undefined);

/** @param {Axis} axis @param {any} padding a word, a pair, or undefined @returns {Place | undefined} */
export function forwardAxis(axis, padding) {
  const { size, stride } = axis;
  if (padding === undefined || padding === "VALID" || Array.isArray(padding)) {
    const [before, after] = Array.isArray(padding) ? padding : [0, 0];
    return legal({ output: Math.floor((size + before + after - reachOf(axis)) / stride) + 1, pad: before });
  }
  const output = Math.ceil(size / stride);
  const total = Math.max(0, (output - 1) * stride + reachOf(axis) - size);
  return { output, pad: padding === "SAME_LOWER" ? Math.ceil(total / 2) : Math.floor(total / 2) };
}

/** @param {Axis} axis @param {Wish} wish @returns {Place | "unknown" | undefined} */
export function transposedAxis(axis, wish) {
  if (wish.convention === "onnx") return onnxAxis(axis, wish);
  const { size, stride } = axis;
  const { convention, padding, size: asked, more } = wish;
  const full = (size - 1) * stride + reachOf(axis);
  if (convention === "keras") return kerasAxis(axis, full, wish);
  if (padding === "SAME") {
    const output = asked ?? size * stride;
    if (output <= (size - 1) * stride || output > size * stride) return undefined;
    return legal({ output, pad: Math.floor(Math.max(0, full - output) / 2) });
  }
  const [before, after] = Array.isArray(padding) ? padding : [0, 0];
  const least = full - before - after;
  if (asked === undefined) return legal({ output: least + (more ?? 0), pad: before });
  return asked >= least && asked < least + stride ? legal({ output: asked, pad: before }) : undefined;
}

/** `deconv_output_length`. @param {Axis} axis @param {number} full @param {Wish} wish @returns {Place | undefined} */
function kerasAxis(axis, full, { padding, more }) {
  const { size, stride } = axis;
  const isSame = padding === "SAME";
  const reach = reachOf(axis);
  const plain = isSame ? size * stride : (size - 1) * stride + Math.max(reach, stride);
  const stated = (size - 1) * stride + reach - (isSame ? 2 * Math.floor(reach / 2) : 0) + (more ?? 0);
  const output = more === undefined ? plain : stated;
  const [least, most] = isSame ? [(size - 1) * stride + 1, size * stride] : [full, full + stride - 1];
  if (output < least || output > most) return undefined;
  return legal({ output, pad: isSame ? Math.floor(Math.max(0, full - output) / 2) : 0 });
}

/** @param {Axis} axis @param {Wish} wish @returns {Place | "unknown" | undefined} */
function onnxAxis(axis, { padding, size: asked, more = 0 }) {
  const full = (axis.size - 1) * axis.stride + reachOf(axis) + more;
  if (Array.isArray(padding)) return legal({ output: full - padding[0] - padding[1], pad: padding[0] });
  const isSame = padding === "SAME_UPPER" || padding === "SAME_LOWER";
  const output = asked ?? (isSame ? axis.size * axis.stride : full);
  // Whether SAME adds rows that no tap reaches, owners do not say.
  if (isSame && asked === undefined && output > full) return "unknown";
  const total = Math.max(0, full - output);
  return legal({ output, pad: padding === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2) });
}
