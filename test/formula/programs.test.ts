/** What people write as formulas, beside loops that say the same: interpreted, and called as users call it on every target. */
import { type FormulaOptions, formulaProgram, parseFormula } from "../../src/formula/index.js";
import { describeMeanings, type Meaning, over, type Read } from "../support/meanings.js";

interface Case extends Meaning {
  readonly formula: string;
  readonly options: FormulaOptions;
}

const times = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const total = (terms: readonly number[]): number => terms.reduce((sum, term) => sum + term, 0);
/** The sum over all values of some counters. */
const sumOver = (counts: readonly number[], term: (...i: number[]) => number): number =>
  total(over(...counts).map((i) => term(...i)));

const convolution = (stride: number, rate: number, pad: number): Case => {
  const pixels = Math.floor((7 + 2 * pad - 2 * rate - 1) / stride) + 1;
  const row = (axis: string) => `${stride}*${axis} + ${rate}*k${axis} - ${pad}`;
  return {
    name: `convolution of stride ${stride} and rate ${rate}, padded by ${pad}`,
    formula: `output[n, y, x, o] = relu(sum(ky, kx, i: value[n, ${row("y")}, ${row("x")}, i] * filters[ky, kx, i, o]) + bias[o])`,
    options: {
      tensors: { value: [2, 7, 7, 3], filters: [3, 3, 3, 5], bias: [5], output: [2, pixels, pixels, 5] },
      weights: ["filters", "bias"],
    },
    shape: [2, pixels, pixels, 5],
    element: ([n = 0, y = 0, x = 0, o = 0], read) => {
      const sum = sumOver([3, 3, 3], (a, b, i) => {
        const at = [n, stride * y + rate * a - pad, stride * x + rate * b - pad, i];
        return read("value", at, 0) * read("filters", [a, b, i, o]);
      });
      return Math.max(0, sum + read("bias", [o]));
    },
  };
};

/** Each input adds its filter to the output, as the gradient of a convolution does. */
const transposed: Case = {
  name: "transposed convolution of stride 2",
  formula: "output[y, x, o] = sum(ky, kx, i: value[(y + 1 - ky)/2, (x + 1 - kx)/2, i] * filters[ky, kx, o, i])",
  options: { tensors: { value: [3, 4, 2], filters: [4, 3, 5, 2], output: [7, 8, 5] }, weights: ["filters"] },
  shape: [7, 8, 5],
  element: ([y, x, o = 0], read) =>
    sumOver([3, 4, 4, 3, 2], (iy, ix, a, b, i) =>
      2 * iy + a - 1 === y && 2 * ix + b - 1 === x ? read("value", [iy, ix, i]) * read("filters", [a, b, o, i]) : 0,
    ),
};

/** The numbers of a window that lie inside. */
const window = (read: Read, [y = 0, x = 0, c = 0]: readonly number[]): number[] =>
  over(3, 3)
    .map(([a = 0, b = 0]) => read("value", [2 * y + a - 1, 2 * x + b - 1, c], Number.NaN))
    .filter((value) => !Number.isNaN(value));

const softmaxOf = (read: Read, [n = 0, j = 0]: readonly number[]): number => {
  const row = times(7).map((k) => read("score", [n, k]));
  const powers = row.map((value) => Math.exp(value - Math.max(...row)));
  return (powers[j] as number) / total(powers);
};

const shuffled = ([y = 0, x = 0]: readonly number[], read: Read, c: number): number =>
  read("value", [Math.floor(y / 2), Math.floor(x / 2), 4 * c + 2 * (y % 2) + (x % 2)]);

const gate = (read: Read, [t = 0, o = 0]: readonly number[], filters: string): number =>
  sumOver([3, 2], (k, i) => read("value", [t + k - 1, i], 0) * read(filters, [k, i, o]));

const CASES: readonly Case[] = [
  convolution(1, 1, 1),
  convolution(2, 1, 1),
  convolution(1, 2, 2),
  convolution(2, 2, 0),
  transposed,
  {
    name: "grouped convolution",
    formula: `output[y, x, 4*g + o] = sum(ky, kx, i:
                value[y + ky - 1, x + kx - 1, 2*g + i] * filters[ky, kx, i, 4*g + o]) for g < 3, o < 4`,
    options: { tensors: { value: [5, 5, 6], filters: [3, 3, 2, 12], output: [5, 5, 12] }, weights: ["filters"] },
    shape: [5, 5, 12],
    element: ([y = 0, x = 0, o = 0], read) =>
      sumOver([3, 3, 2], (a, b, i) => {
        const value = read("value", [y + a - 1, x + b - 1, 2 * Math.floor(o / 4) + i], 0);
        return value * read("filters", [a, b, i, o]);
      }),
  },
  {
    name: "depthwise convolution",
    formula: "output[y, x, c] = sum(ky, kx: value[y + ky - 1, x + kx - 1, c] * filters[ky, kx, c]) + bias[c]",
    options: {
      tensors: { value: [5, 6, 9], filters: [3, 3, 9], bias: [9], output: [5, 6, 9] },
      weights: ["filters", "bias"],
    },
    shape: [5, 6, 9],
    element: ([y = 0, x = 0, c = 0], read) =>
      sumOver([3, 3], (a, b) => read("value", [y + a - 1, x + b - 1, c], 0) * read("filters", [a, b, c])) +
      read("bias", [c]),
  },
  {
    name: "matrix product",
    formula: "output[i, j] = sum(k: a[i, k] * b[k, j])",
    options: { tensors: { a: [5, 7], b: [7, 6] } },
    shape: [5, 6],
    element: ([i = 0, j = 0], read) => sumOver([7], (k) => read("a", [i, k]) * read("b", [k, j])),
  },
  {
    name: "max pool",
    formula: "output[y, x, c] = max(ky < 3, kx < 3: value[2*y + ky - 1, 2*x + kx - 1, c])",
    options: { tensors: { value: [7, 6, 5], output: [4, 3, 5] } },
    shape: [4, 3, 5],
    element: (at, read) => Math.max(...window(read, at)),
  },
  {
    name: "average pool that leaves out the padding",
    formula: "output[y, x, c] = mean(ky < 3, kx < 3: value[2*y + ky - 1, 2*x + kx - 1, c])",
    options: { tensors: { value: [7, 6, 5], output: [4, 3, 5] } },
    shape: [4, 3, 5],
    element: (at, read) => total(window(read, at)) / window(read, at).length,
    bound: 2 ** -20,
  },
  {
    name: "softmax in three lines",
    formula: `row[n]       = max(j: score[n, j])              # the largest of each row
              e[n, j]      = exp(score[n, j] - row[n])
              output[n, j] = e[n, j] / sum(k: e[n, k])`,
    options: { tensors: { score: [3, 7] } },
    shape: [3, 7],
    element: (at, read) => softmaxOf(read, at),
    bound: 2 ** -20,
  },
  {
    name: "softmax in one line",
    formula: "output[n, j] = exp(score[n, j] - max(k: score[n, k])) / sum(k: exp(score[n, k] - max(i: score[n, i])))",
    options: { tensors: { score: [3, 7] } },
    shape: [3, 7],
    element: (at, read) => softmaxOf(read, at),
    bound: 2 ** -20,
  },
  {
    name: "layer norm",
    formula: `centre[n] = mean(c: value[n, c])
              spread[n] = sqrt(mean(c: (value[n, c] - centre[n]) * (value[n, c] - centre[n])) + 0.125)
              output[n, c] = (value[n, c] - centre[n]) / spread[n] * scales[c] + shift[c]`,
    options: { tensors: { value: [3, 7], scales: [7], shift: [7] }, weights: ["scales", "shift"] },
    shape: [3, 7],
    element: ([n = 0, c = 0], read) => {
      const row = times(7).map((i) => read("value", [n, i]));
      const centre = total(row) / 7;
      const spread = Math.sqrt(total(row.map((value) => (value - centre) ** 2)) / 7 + 0.125);
      return (((row[c] as number) - centre) / spread) * read("scales", [c]) + read("shift", [c]);
    },
    bound: 2 ** -16,
  },
  {
    name: "channels as pixels",
    formula: "output[y, x, c] = value[floor(y/2), floor(x/2), 4*c + 2*(y % 2) + x % 2]",
    options: { tensors: { value: [3, 2, 8], output: [6, 4, 2] } },
    shape: [6, 4, 2],
    element: ([y = 0, x = 0, c = 0], read) => shuffled([y, x], read, c),
  },
  {
    name: "resizing to the nearest pixel",
    formula: "output[y, x, c] = value[floor(y/2), floor((x + 1)/3), c]",
    options: { tensors: { value: [3, 3, 2], output: [5, 7, 2] } },
    shape: [5, 7, 2],
    element: ([y = 0, x = 0, c = 0], read) => read("value", [Math.floor(y / 2), Math.floor((x + 1) / 3), c]),
  },
  {
    name: "cost volume",
    formula: "output[y, x, s, t] = sum(c: a[y, x, c] * b[y + s - 2, x + t - 2, c]) for s < 5, t < 5",
    options: { tensors: { a: [4, 5, 3], b: [4, 5, 3], output: [4, 5, 5, 5] } },
    shape: [4, 5, 5, 5],
    element: ([y = 0, x = 0, s = 0, t = 0], read) =>
      sumOver([3], (c) => read("a", [y, x, c]) * read("b", [y + s - 2, x + t - 2, c], 0)),
  },
  {
    name: "gated unit",
    formula: `output[t, o] = tanh(sum(k, i: value[t + k - 1, i] * filters[k, i, o])) * sigmoid(
                sum(k, i: value[t + k - 1, i] * gates[k, i, o]))`,
    options: {
      tensors: { value: [6, 2], filters: [3, 2, 5], gates: [3, 2, 5], output: [6, 5] },
      weights: ["filters", "gates"],
    },
    shape: [6, 5],
    element: (at, read) => Math.tanh(gate(read, at, "filters")) / (1 + Math.exp(-gate(read, at, "gates"))),
    bound: 2 ** -20,
  },
  {
    name: "weights that are scaled once",
    formula: `size[o] = max(i: abs(matrix[i, o])) + 1
              scaled[i, o] = matrix[i, o] * 4 / 2 - size[o]
              output[n, o] = sum(i: value[n, i] * scaled[i, o])`,
    options: { tensors: { value: [3, 6], matrix: [6, 5] }, weights: ["matrix"] },
    shape: [3, 5],
    element: ([n = 0, o = 0], read) =>
      sumOver([6], (i) => {
        const size = Math.max(...times(6).map((k) => Math.abs(read("matrix", [k, o])))) + 1;
        return read("value", [n, i]) * (2 * read("matrix", [i, o]) - size);
      }),
  },
  {
    name: "shifted, with zeros behind",
    formula: "output[i] = sum(: value[i + 2])",
    options: { tensors: { value: [9], output: [9] } },
    shape: [9],
    element: ([i = 0], read) => read("value", [i + 2], 0),
  },
  {
    name: "one tensor behind the other",
    formula: "output[i, c] = a[i, c]; output[i + 3, c] = b[i, c]",
    options: { tensors: { a: [3, 4], b: [2, 4], output: [5, 4] } },
    shape: [5, 4],
    element: ([i = 0, c = 0], read) => (i < 3 ? read("a", [i, c]) : read("b", [i - 3, c])),
  },
  {
    name: "phases as an axis of an uneven length",
    formula: "output[2*q + p, c] = value[q, c] * (-1) for q < 4, p < 2 if 2*q + p < 7",
    options: { tensors: { value: [4, 5], output: [7, 5] } },
    shape: [7, 5],
    element: ([i = 0, c = 0], read) => -read("value", [Math.floor(i / 2), c]),
  },
  {
    name: "known tables",
    formula: "output[i, j] = sum(k: value[i, k] * table[k, j])",
    options: { tensors: { value: [4, 2], table: [2, 3] }, constants: { table: [1, 0, -1, 2, 0.5, 4] } },
    shape: [4, 3],
    element: ([i = 0, j = 0], read) =>
      sumOver([2], (k) => read("value", [i, k]) * ([1, 0, -1, 2, 0.5, 4][3 * k + j] as number)),
  },
  {
    name: "triangle, by a condition",
    formula: "output[i, j] = sum(k if k <= i: value[k, j])",
    options: { tensors: { value: [5, 4], output: [5, 4] } },
    shape: [5, 4],
    element: ([i = 0, j = 0], read) => sumOver([5], (k) => (k <= i ? read("value", [k, j]) : 0)),
  },
  {
    name: "a number",
    formula: "output[] = sum(i, j: value[i, j])",
    options: { tensors: { value: [5, 4] } },
    shape: [],
    element: (_, read) => sumOver([5, 4], (i, j) => read("value", [i, j])),
  },
];

describeMeanings(CASES, ({ formula, options }) => formulaProgram(parseFormula(formula), options));
