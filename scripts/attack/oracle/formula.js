// @ts-check
/**
 * Formulas that are text and meaning at once: each part is made with the text that says it and a function that computes it
 * in float64, so that nobody has to read the text.
 */

/** @typedef {Record<string, number>} Point */
/** @typedef {Map<string, { shape: readonly number[], data: Float32Array | Float64Array }>} Tensors */
/** @typedef {{ text: string, of: (point: Point) => number, least: number, most: number, bare?: string }} Index */
/** @typedef {{ tensors: Tensors, largest: number, isRounded: boolean, isEndless: boolean }} Run */
/** @typedef {{ text: string, of: (point: Point, run: Run) => number }} Value */
/** @typedef {{ text: string, holds: (point: Point) => boolean }} Condition */

/** Thrown by a term that does not exist: the nearest reduction leaves it out. */
const NO_TERM = Symbol("no term");

/** @param {string} name @param {number} extent @returns {Index} */
export const axis = (name, extent) => ({
  ...{ text: name, bare: name, least: 0, most: extent - 1 },
  of: (point) => point[name] ?? 0,
});

/** `times*a + by`. @param {Index} a @param {number} times @param {number} by @returns {Index} */
export function affine(a, times, by) {
  if (times === 1 && by === 0) return a;
  const product = times === 1 ? a.text : `${times}*${a.bare ? a.text : `(${a.text})`}`;
  const ends = [times * a.least + by, times * a.most + by];
  return {
    text: by === 0 ? product : `${product} ${by < 0 ? "-" : "+"} ${Math.abs(by)}`,
    of: (point) => times * a.of(point) + by,
    least: Math.min(...ends),
    most: Math.max(...ends),
  };
}

/** @param {Index} a @param {Index} b @returns {Index} */
export const together = (a, b) => ({
  text: `${a.text} + ${b.text}`,
  of: (point) => a.of(point) + b.of(point),
  least: a.least + b.least,
  most: a.most + b.most,
});

/** @param {Index} a @param {number} by @returns {Index} */
export const floored = (a, by) => ({
  text: `floor((${a.text})/${by})`,
  of: (point) => Math.floor(a.of(point) / by),
  least: Math.floor(a.least / by),
  most: Math.floor(a.most / by),
});

/** @param {Index} a @param {number} by @returns {Index} */
export const remainder = (a, by) => ({
  text: `(${a.text}) % ${by}`,
  of: (point) => a.of(point) - by * Math.floor(a.of(point) / by),
  least: 0,
  most: by - 1,
});

/** Where the division is not exact there is no term. @param {Index} a @param {number} by @returns {Index} */
export const divided = (a, by) => ({
  text: `(${a.text})/${by}`,
  of: (point) => {
    if (a.of(point) % by !== 0) throw NO_TERM;
    return a.of(point) / by;
  },
  least: Math.ceil(a.least / by),
  most: Math.floor(a.most / by),
});

/** Notes how large numbers are, and whether float32 holds them, or anything. @param {Run} run @param {number} x */
function noted(run, x) {
  if (Math.fround(x) !== x) run.isRounded = true;
  if (Number.isFinite(x)) run.largest = Math.max(run.largest, Math.abs(x));
  else run.isEndless = true;
  return x;
}

/** @param {string} text @param {readonly Value[]} parts @param {(...x: number[]) => number} compute @returns {Value} */
export const computed = (text, parts, compute) => ({
  text,
  of: (point, run) => noted(run, compute(...parts.map((part) => part.of(point, run)))),
});

/** @param {string} tensor @param {readonly Index[]} at @returns {Value} */
export const read = (tensor, at) => ({
  text: `${tensor}[${at.map(({ text }) => text).join(", ")}]`,
  of(point, { tensors }) {
    const { shape = [], data = [] } = tensors.get(tensor) ?? {};
    let offset = 0;
    at.forEach((index, i) => {
      const [place, size] = [index.of(point), shape[i] ?? 0];
      if (place < 0 || place >= size) throw NO_TERM;
      offset = offset * size + place;
    });
    return data[offset] ?? Number.NaN;
  },
});

/** @type {Readonly<Record<string, (terms: readonly number[]) => number>>} */
const REDUCED = {
  sum: (terms) => terms.reduce((a, b) => a + b, 0),
  mean: (terms) => terms.reduce((a, b) => a + b, 0) / terms.length,
  max: (terms) => Math.max(...terms),
  min: (terms) => Math.min(...terms),
};

/** Calls `visit` at each point of a box. @param {readonly [string, number][]} axes @param {Point} point @param {(point: Point) => void} visit */
function sweep([first, ...rest], point, visit) {
  if (first === undefined) return visit(point);
  for (let i = 0; i < first[1]; i++) sweep(rest, { ...point, [first[0]]: i }, visit);
}

/**
 * @param {string} by @param {readonly [string, number][]} axes @param {string} said how the text names the axes
 * @param {readonly Condition[]} conditions @param {Value} body @returns {Value}
 */
export const reduced = (by, axes, said, conditions, body) => ({
  text: `${by}(${`${said}${conditionsText(conditions)}`.trim()}: ${body.text})`,
  of(outer, run) {
    /** @type {number[]} */
    const terms = [];
    sweep(axes, outer, (point) => {
      try {
        if (conditions.every(({ holds }) => holds(point))) terms.push(body.of(point, run));
      } catch (error) {
        if (error !== NO_TERM) throw error;
      }
    });
    // On the way to a sum, part of it may be as large as all its terms.
    noted(
      run,
      terms.reduce((sum, term) => sum + Math.abs(term), 0),
    );
    return noted(run, REDUCED[by]?.(terms) ?? Number.NaN);
  },
});

/** @param {readonly Condition[]} conditions */
const conditionsText = (conditions) =>
  conditions.length === 0 ? "" : ` if ${conditions.map(({ text }) => text).join(" and ")}`;

/**
 * Computes a line into a new tensor.
 * @param {{ tensor: string, at: readonly Index[], shape: readonly number[], axes: readonly [string, number][], value: Value }} line
 * @param {Run} run
 */
export function computeLine({ tensor, at, shape, axes, value }, run) {
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  sweep(axes, {}, (point) => {
    const offset = at.reduce((sum, index, i) => sum * (shape[i] ?? 0) + index.of(point), 0);
    data[offset] = value.of(point, run);
  });
  run.tensors.set(tensor, { shape, data });
}
