// @ts-check
/** Random specs of convolutions: most of them legal, some nearly. */

/** @typedef {import("./random.js").Random} Random */

const ACTIVATIONS = [
  ...["relu", "relu6", "sigmoid", "tanh", "silu", "gelu", "hardSwish", "softplus"],
  ...[
    { kind: "leakyRelu", alpha: 0.5 },
    { kind: "elu", alpha: 1 },
    { kind: "clip", min: -3, max: 5 },
  ],
];
const CONVENTIONS = ["tensorflow", "keras", "onnx", "pytorch", "webnn"];
const ROUND_CHANNELS = [4, 8, 12, 16];

/** @param {Random} random @returns {any} */
export const drawSpec = (random) => ({
  ...(random.once(2) ? drawRated(random) : drawFamily(random)),
  ...(random.once(2) ? { bias: true } : {}),
  ...(random.once(2) ? { activation: random.pick(ACTIVATIONS) } : {}),
});

/** @param {Random} random */
const channels = (random) => (random.once(3) ? random.pick(ROUND_CHANNELS) : random.int(1, 7));
/** Rarely none: a batch, an image or channels without elements are legal. @param {Random} random @param {number} most */
const size = (random, most) => (random.once(25) ? 0 : random.int(1, most));

/** @param {Random} random @returns {any} */
export function drawRated(random) {
  const op = random.pick(["atrousConv2dTranspose", "atrousConv2dTranspose", "conv2d"]);
  const scale = random.once(40) ? 3 : 1;
  const [inputs, outputs] = [random.once(30) ? 0 : scale * channels(random), scale * channels(random)];
  return {
    op,
    value: [random.once(4) ? size(random, 3) : 1, size(random, 10 * scale), size(random, 14 * scale), inputs],
    filters: [random.int(1, 4), random.int(1, 4), ...(op === "conv2d" ? [inputs, outputs] : [outputs, inputs])],
    rate: random.once(4) ? [random.int(1, 4), random.int(1, 4)] : random.int(1, random.once(10) ? 20 : 4),
    padding: random.pick(["SAME", "VALID"]),
  };
}

/** @param {Random} random @returns {any} */
function drawFamily(random) {
  const dimensions = random.pick([1, 2, 2, 2, 3]);
  const kind = random.pick(["", "Transpose", "Transpose", "depthwise"]);
  const isDepthwise = kind === "depthwise";
  const image = "DHW".slice(-(isDepthwise ? 2 : dimensions));
  const convention = random.pick(isDepthwise ? CONVENTIONS.slice(0, 2) : CONVENTIONS);
  const isTransposed = kind === "Transpose";
  const perAxis = (/** @type {() => any} */ draw) => [...image].map(draw);
  const groups = isDepthwise || random.once(2) ? 1 : random.int(1, 4);
  const [inputs, outputs] = [channels(random), channels(random)];
  const counts = isDepthwise
    ? { value: inputs, c: inputs, m: random.int(1, 3) }
    : isTransposed
      ? { value: groups * inputs, i: groups * inputs, o: outputs }
      : { value: groups * inputs, i: inputs, o: groups * outputs };
  const [layout, filterLayout] = [drawLayout(random, image), drawFilterLayout(random, image, isDepthwise)];
  const sizes = Object.fromEntries([...image].map((letter) => [letter, size(random, dimensions === 3 ? 5 : 9)]));
  const taps = Object.fromEntries([...image].map((letter) => [letter.toLowerCase(), random.int(1, 4)]));
  const inOrder = (/** @type {string} */ order, /** @type {Record<string, number>} */ by) =>
    [...order].map((letter) => by[letter]);
  return {
    op: isDepthwise ? "depthwiseConv2d" : `conv${dimensions}d${kind}`,
    value: inOrder(layout, { ...sizes, N: random.once(4) ? size(random, 3) : 1, C: counts.value }),
    filters: inOrder(filterLayout, { ...taps, ...counts }),
    ...(convention === "tensorflow" && random.once(2) ? {} : { convention }),
    ...(random.once(3) ? {} : { strides: perAxis(() => random.int(1, 3)) }),
    ...(random.once(2) ? { dilations: perAxis(() => random.int(1, 3)) } : {}),
    ...(groups > 1 ? { groups } : {}),
    ...drawPadding(random, convention, isTransposed, perAxis),
    ...(isTransposed && random.once(3) ? drawWishes(random, perAxis) : {}),
    layout,
    ...(isDepthwise ? {} : { filterLayout }),
  };
}

/** @param {Random} random @param {string} image */
const drawLayout = (random, image) => random.pick([`N${image}C`, `NC${image}`]);

/** @param {Random} random @param {string} image @param {boolean} isDepthwise */
function drawFilterLayout(random, image, isDepthwise) {
  const taps = image.toLowerCase();
  if (isDepthwise) return `${taps}cm`;
  return random.pick([`${taps}io`, `${taps}oi`, `io${taps}`, `oi${taps}`, `i${taps}o`, `o${taps}i`]);
}

/** @param {Random} random @param {string} convention @param {boolean} isTransposed @param {(draw: () => any) => any[]} perAxis */
function drawPadding(random, convention, isTransposed, perAxis) {
  if (random.once(5)) return {};
  const words = convention === "onnx" ? ["SAME_UPPER", "SAME_LOWER", "VALID"] : ["SAME", "VALID"];
  const hasWords = convention !== "webnn" && !(convention === "pytorch" && isTransposed);
  if (convention === "keras" || (hasWords && random.once(2))) return { padding: random.pick(words) };
  const pair = () => {
    const before = random.int(0, 3);
    return [before, convention === "pytorch" ? before : random.int(0, 3)];
  };
  return { padding: perAxis(pair) };
}

/** @param {Random} random @param {(draw: () => any) => any[]} perAxis */
const drawWishes = (random, perAxis) =>
  random.once(2)
    ? { outputPadding: perAxis(() => random.int(0, 2)) }
    : { outputShape: perAxis(() => random.int(1, 24)) };
