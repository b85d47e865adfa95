// @ts-check
/** Activations in float64, and how exact a kernel's are. */

/** The error function, by its series below 3 and by its continued fraction above. @param {number} x */
function erf(x) {
  const y = Math.abs(x);
  if (y > 6) return Math.sign(x);
  if (y < 3) {
    let [term, sum] = [y, y];
    for (let n = 1; n < 80; n++) {
      term *= (-y * y) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * sum * 2) / Math.sqrt(Math.PI);
  }
  let tail = 0;
  for (let n = 60; n > 0; n--) tail = n / 2 / (y + tail);
  return Math.sign(x) * (1 - Math.exp(-y * y) / ((y + tail) * Math.sqrt(Math.PI)));
}

/** @type {Readonly<Record<string, (x: number, options: any) => number>>} */
const FUNCTIONS = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leakyRelu: (x, { alpha }) => (x >= 0 ? x : alpha * x),
  clip: (x, { min, max }) => Math.min(Math.max(x, min), max),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  hardSwish: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  elu: (x, { alpha }) => (x >= 0 ? x : alpha * Math.expm1(x)),
};

const EXACT = ["relu", "relu6", "leakyRelu", "clip"];

/** @param {any} activation */
const kindOf = (activation) => (typeof activation === "object" ? activation.kind : activation);

/** @param {any} activation undefined for none */
export function activated(activation) {
  const apply = FUNCTIONS[kindOf(activation)];
  return (/** @type {number} */ x) => (apply === undefined ? x : apply(x, activation));
}

/** True if float32 holds the result of a small integer. @param {any} activation */
export const isExact = (activation) => activation === undefined || EXACT.includes(kindOf(activation));

/** The steepest slope of all of them, rounded up: of a sum's error, an activation makes at most so much. */
export const STEEPEST = 1.2;
