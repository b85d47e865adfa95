// @ts-check
/** A convolution and its gradients in float64, as loops over all that the definition sums. */

/** @typedef {import("./problem.js").Problem} Problem */

/** How far apart neighbours of each letter lie. @param {string} order @param {readonly number[]} shape */
function stepsOf(order, shape) {
  /** @type {Record<string, number>} */
  const steps = {};
  let step = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    steps[order[i] ?? ""] = step;
    step *= shape[i] ?? 1;
  }
  return (/** @type {string} */ letter) => steps[letter] ?? 0;
}

/** The outputs, taps and inputs of an axis that meet. @param {Problem["axes"][number]} axis @param {boolean} isTransposed */
function meetings({ size, kernel, stride, dilation, output, pad }, isTransposed) {
  const found = [];
  for (let y = 0; y < output; y++) {
    for (let tap = 0; tap < kernel; tap++) {
      const place = isTransposed ? (y + pad - tap * dilation) / stride : y * stride + tap * dilation - pad;
      if (Number.isInteger(place) && place >= 0 && place < size) found.push({ y, tap, place });
    }
  }
  return found;
}

/**
 * Calls `each` with the offsets of an output, a value and a filter, for every product of the sum.
 * @param {Problem} problem
 * @param {(output: number, value: number, filter: number) => void} each
 */
function visit(problem, each) {
  const { isTransposed, batch, groups, inputs, outputs, layout, filterLayout } = problem;
  const letters = "DHW".slice(-problem.axes.length);
  const [o, v, f] = [
    stepsOf(layout, problem.output),
    stepsOf(layout, problem.value),
    stepsOf(filterLayout, problem.filters),
  ];
  /** The offsets that the axes of the image add. @type {{ o: number, v: number, f: number }[]} */
  let places = [{ o: 0, v: 0, f: 0 }];
  problem.axes.forEach((axis, i) => {
    const letter = letters[i] ?? "";
    const met = meetings(axis, isTransposed);
    places = places.flatMap((base) =>
      met.map(({ y, tap, place }) => ({
        o: base.o + y * o(letter),
        v: base.v + place * v(letter),
        f: base.f + tap * f(letter.toLowerCase()),
      })),
    );
  });
  for (let group = 0; group < groups; group++) {
    for (let made = 0; made < outputs; made++) {
      for (let read = 0; read < inputs; read++) {
        const [output, input] = [group * outputs + made, group * inputs + read];
        const filter = isTransposed ? made * f("o") + input * f("i") : output * f("o") + read * f("i");
        const channel = filterLayout.endsWith("cm") ? group * f("c") + made * f("m") : filter;
        for (let n = 0; n < batch; n++) {
          const [toOutput, toValue] = [n * o("N") + output * o("C"), n * v("N") + input * v("C")];
          for (const place of places) each(toOutput + place.o, toValue + place.v, channel + place.f);
        }
      }
    }
  }
}

const count = (/** @type {readonly number[]} */ shape) => shape.reduce((a, b) => a * b, 1);

/** The output channel of each element. @param {Problem} problem */
function channelsOf({ layout, output }) {
  const at = layout.indexOf("C");
  const below = count(output.slice(at + 1));
  return (/** @type {number} */ offset) => Math.floor(offset / below) % (output[at] ?? 1);
}

/** @typedef {{ value: Float32Array, filters: Float32Array, bias?: Float32Array | undefined }} Data */

/** Sums with the bias, before the activation. @param {Problem} problem @param {Data} data */
export function sumsOf(problem, { value, filters, bias }) {
  const channel = channelsOf(problem);
  const sums = new Float64Array(count(problem.output)).map((_, i) => bias?.[channel(i)] ?? 0);
  visit(problem, (o, v, f) => {
    sums[o] = (sums[o] ?? 0) + (value[v] ?? 0) * (filters[f] ?? 0);
  });
  return sums;
}

/**
 * For each output, the most that a sum may be off where a kernel states its bound.
 * @param {Problem} problem @param {Data} data @param {number} bound
 */
export function allowances(problem, { value, filters }, bound) {
  const most = value.reduce((largest, element) => Math.max(largest, Math.abs(element)), 0);
  const channel = channelsOf(problem);
  // Which filters make a channel does not depend on the image.
  /** @type {Map<number, Map<number, number>>} */
  const used = new Map();
  visit(problem, (o, _, f) => {
    const made = used.get(channel(o)) ?? new Map();
    used.set(channel(o), made.set(f, Math.abs(filters[f] ?? 0)));
  });
  const sums = new Map([...used].map(([o, made]) => [o, [...made.values()].reduce((a, b) => a + b, 0)]));
  return (/** @type {number} */ offset) => bound * most * (sums.get(channel(offset)) ?? 0);
}

/**
 * The gradient of <upstream, output> with respect to a tensor, scattered from where each product goes. The activation is
 * none or relu, whose slope at 0 is 0.
 * @param {Problem} problem @param {Data} data @param {Float32Array} upstream @param {string} tensor
 */
export function scattered(problem, data, upstream, tensor) {
  const { value, filters } = data;
  const sums = problem.activation === "relu" ? sumsOf(problem, data) : undefined;
  const passed = Float64Array.from(upstream, (element, i) => ((sums?.[i] ?? 1) > 0 ? element : 0));
  const shapes = { value: problem.value, filters: problem.filters, bias: [problem.groups * problem.outputs] };
  const slope = new Float64Array(count(shapes[/** @type {keyof typeof shapes} */ (tensor)]));
  const add = (/** @type {number} */ at, /** @type {number} */ amount) => {
    slope[at] = (slope[at] ?? 0) + amount;
  };
  if (tensor === "bias") {
    const channel = channelsOf(problem);
    passed.forEach((element, i) => {
      add(channel(i), element);
    });
  } else {
    const [to, by] = tensor === "value" ? [true, filters] : [false, value];
    visit(problem, (o, v, f) => {
      add(to ? v : f, (passed[o] ?? 0) * (by[to ? f : v] ?? 0));
    });
  }
  return slope;
}
