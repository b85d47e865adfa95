// @ts-check
/**
 * A transposed convolution as an ordinary one, which most libraries are faster at. Without strides its filters are flipped and
 * their channels swapped. With strides s it computes s outputs where it reads one element, each by its own taps: an ordinary
 * convolution has as many channels for each of them, which are interleaved after it.
 */

/**
 * @typedef {import("./problem.js").Convolution} Convolution
 * @typedef {import("./problem.js").Pair} Pair
 * @typedef {import("./problem.js").Shape4} Shape4
 *
 * @typedef {object} Interleaving how its output becomes the problem's
 * @property {Pair} steps channels are (group, row in a step, column in a step, channel in the group)
 * @property {Shape4 | undefined} apart its shape in which the two axes in the middle change places, so that the rest is a
 *   matter of shapes; undefined where they need not
 * @property {Shape4} whole NHWC, interleaved
 * @property {readonly [Pair, Pair]} crops of that
 *
 * @typedef {{ convolution: Convolution, filters: Float32Array, interleaving: Interleaving | undefined }} Ordinary
 *   `filters` are [kh, kw, Ci / groups, Co]
 */

/** @param {import("./problem.js").Problem} problem @returns {Ordinary} */
export function ordinaryOf({ stated, filters }) {
  if (!stated.isTransposed) return { convolution: stated, filters, interleaving: undefined };
  const { valueShape, outputShape, strides, dilations, groups } = stated;
  const [batch, , , outputs] = outputShape;
  const [sy, sx] = strides;
  if (sy > 1 && groups > 1) throw new Error("rows of strided groups are not interleaved in one step");
  if ([0, 1].some((axis) => (strides[axis] ?? 1) > 1 && (dilations[axis] ?? 1) > 1)) {
    throw new Error("dilated taps of a strided transposed convolution are not evenly apart");
  }
  const [y, x] = [phasesOf(stated, 0), phasesOf(stated, 1)];
  /** @type {Convolution} */
  const convolution = {
    isTransposed: false,
    valueShape,
    outputShape: [batch, y.count, x.count, sy * sx * outputs],
    taps: [y.taps, x.taps],
    strides: [1, 1],
    dilations,
    groups,
    pads: [y.pads, x.pads],
  };
  /** @type {Interleaving} */
  const interleaving = {
    steps: strides,
    apart: apartOf(convolution, strides),
    whole: [batch, y.count * sy, x.count * sx, outputs],
    crops: [y.crops, x.crops],
  };
  return {
    convolution,
    filters: phaseFilters(stated, filters, convolution.taps),
    interleaving: sy * sx > 1 ? interleaving : undefined,
  };
}

/** @param {Convolution} convolution @param {Pair} steps @returns {Shape4 | undefined} */
function apartOf({ outputShape: [batch, height, width, channels], groups }, [sy, sx]) {
  if (sy > 1) return [batch * height, width, sy, channels / sy];
  return groups > 1 ? [batch * height * width, groups, sx, channels / groups / sx] : undefined;
}

/**
 * Element f of the full output, before it is cropped, is in phase f % stride: it sums over the taps of that phase, every
 * stride-th one, and over as many elements up to f / stride.
 * @param {Convolution} stated @param {0 | 1} axis
 * @returns {{ taps: number, count: number, pads: Pair, crops: Pair }} `count` is how many elements each phase has
 */
function phasesOf({ valueShape, outputShape, taps, strides, dilations, pads }, axis) {
  const [size, output] = axis === 0 ? [valueShape[1], outputShape[1]] : [valueShape[2], outputShape[2]];
  const [stride, crop] = [strides[axis], pads[axis][0]];
  const each = Math.ceil(taps[axis] / stride);
  const first = Math.floor(crop / stride);
  const last = Math.floor((crop + output - 1) / stride);
  const before = (each - 1) * dilations[axis] - first;
  const after = last - (size - 1);
  if (before < 0 || after < 0) throw new Error("more is cropped than one tap writes");
  const cut = crop - stride * first;
  const count = last - first + 1;
  return { taps: each, count, pads: [before, after], crops: [cut, stride * count - output - cut] };
}

/** In the order [tap row, tap column, Ci / groups, (group, phase, channel in the group)]. @param {Convolution} stated @param {Float32Array} filters @param {Pair} each */
function phaseFilters({ taps, strides, groups, valueShape, outputShape }, filters, each) {
  const [inputs, outputs] = [valueShape[3], outputShape[3]];
  const [read, written] = [inputs / groups, outputs / groups];
  const [sy, sx] = strides;
  const channels = sy * sx * outputs;
  const result = new Float32Array(each[0] * each[1] * read * channels);
  for (let ty = 0; ty < taps[0]; ty++) {
    for (let tx = 0; tx < taps[1]; tx++) {
      const phase = (ty % sy) * sx + (tx % sx);
      // Back to front: an ordinary convolution reads upwards.
      const tap = (each[0] - 1 - Math.floor(ty / sy)) * each[1] + each[1] - 1 - Math.floor(tx / sx);
      for (let oc = 0; oc < outputs; oc++) {
        const [group, channel] = [Math.floor(oc / written), oc % written];
        const from = ((ty * taps[1] + tx) * written + channel) * inputs + group * read;
        const to = tap * read * channels + (group * sy * sx + phase) * written + channel;
        for (let i = 0; i < read; i++) result[to + i * channels] = filters[from + i] ?? 0;
      }
    }
  }
  return result;
}

/** Pads as TensorFlow's SAME has them: the output's size is the value's over the strides. @param {Convolution} convolution */
export function padsAsSame({ isTransposed, valueShape, outputShape, taps, strides, dilations, pads }) {
  const [long, short] = isTransposed ? [outputShape, valueShape] : [valueShape, outputShape];
  return pads.every(([before, after], i) => {
    const axis = i === 0 ? 0 : 1;
    const [size, made] = axis === 0 ? [long[1], short[1]] : [long[2], short[2]];
    const all = Math.max((made - 1) * strides[axis] + (taps[axis] - 1) * dilations[axis] + 1 - size, 0);
    return made === Math.ceil(size / strides[axis]) && before === all >> 1 && after === all - before;
  });
}

/** @param {Convolution} convolution */
export const hasPads = ({ pads }) => pads.some(([before, after]) => before > 0 || after > 0);

/** Each output channel reads one input channel. @param {Convolution} convolution */
export const isDepthwise = ({ groups, valueShape }) => groups > 1 && groups === valueShape[3];
