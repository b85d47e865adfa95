// @ts-check
/** Examples of the formula language. The tests compile each, and hold its kernels to its definition. */

/**
 * @typedef {object} FormulaExample
 * @property {string} title
 * @property {string} says one sentence on what to look at
 * @property {string} formula
 * @property {Readonly<Record<string, readonly number[]>>} tensors shapes of what no line writes
 * @property {readonly string[]} [weights] tensors that go to `prepare`
 */

/** @typedef {{ readonly title: string, readonly examples: readonly FormulaExample[] }} Chapter */

/** @type {readonly Chapter[]} */
export const CHAPTERS = [
  {
    title: "Element by element",
    examples: [
      {
        title: "A scaled sum",
        says: "Each axis is as long as the dimension that it moves through.",
        formula: "output[i] = 0.5 * a[i] + b[i]",
        tensors: { a: [12], b: [12] },
      },
      {
        title: "A row for all rows",
        says: "A tensor that lacks an axis is the same along it.",
        formula: "output[n, c] = x[n, c] + bias[c]",
        tensors: { x: [4, 8], bias: [8] },
        weights: ["bias"],
      },
      {
        title: "A gate",
        says: "Functions of networks have names: this is a value times the sigmoid of another.",
        formula: "output[n, c] = x[n, c] * sigmoid(gate[n, c])",
        tensors: { x: [4, 8], gate: [4, 8] },
      },
      {
        title: "A choice",
        says: "where(a < b, x, y) is x where the comparison holds, else y.",
        formula: "output[i] = where(x[i] < 0, 0.1 * x[i], x[i])",
        tensors: { x: [16] },
      },
      {
        title: "A blend by a constant tensor",
        says: "Tensors without dimensions are numbers that a call brings.",
        formula: "output[i] = mix[] * a[i] + (1 - mix[]) * b[i]",
        tensors: { mix: [], a: [10], b: [10] },
      },
    ],
  },
  {
    title: "Products",
    examples: [
      {
        title: "A matrix by a matrix",
        says: "k is an axis of the sum alone, so all of it is added up.",
        formula: "output[i, j] = sum(k: a[i, k] * b[k, j])",
        tensors: { a: [6, 7], b: [7, 8] },
      },
      {
        title: "A transposed factor",
        says: "The order of subscripts says how a matrix lies. Nothing is copied.",
        formula: "output[i, j] = sum(k: a[i, k] * b[j, k])",
        tensors: { a: [6, 7], b: [8, 7] },
      },
      {
        title: "A batch of products",
        says: "n stands in both factors and on the left: each n is a product of its own.",
        formula: "output[n, i, j] = sum(k: a[n, i, k] * b[n, k, j])",
        tensors: { a: [3, 4, 5], b: [3, 5, 6] },
      },
      {
        title: "A dense layer",
        says: "What follows the sum is computed once for each output, as the sum leaves its register.",
        formula: "output[n, o] = relu(sum(i: x[n, i] * w[i, o]) + bias[o])",
        tensors: { x: [4, 8], w: [8, 12], bias: [12] },
        weights: ["w", "bias"],
      },
      {
        title: "A gated layer",
        says: "Two sums in one line. The second becomes a stage of its own.",
        formula: "output[n, o] = tanh(sum(i: x[n, i] * w[i, o])) * sigmoid(sum(i: x[n, i] * g[i, o]))",
        tensors: { x: [8, 32], w: [32, 16], g: [32, 16] },
        weights: ["w", "g"],
      },
      {
        title: "A bilinear form",
        says: "A sum may run over as many axes as it likes.",
        formula: "output[n] = sum(i, j: a[n, i] * w[i, j] * b[n, j])",
        tensors: { a: [3, 5], w: [5, 6], b: [3, 6] },
        weights: ["w"],
      },
      {
        title: "The trace of a matrix",
        says: "An axis may stand twice in one tensor. The output has no dimension.",
        formula: "output[] = sum(i: a[i, i])",
        tensors: { a: [7, 7] },
      },
    ],
  },
  {
    title: "Windows",
    examples: [
      {
        title: "A moving sum",
        says: "No shape says how long k and x are, so the sum and the line do.",
        formula: "output[x] = sum(k < 3: signal[x + k]) for x < 10",
        tensors: { signal: [12] },
      },
      {
        title: "A convolution that pads",
        says:
          "A term that reads outside a tensor does not count, so padding is a number in the subscript. for says " +
          "how many points there are.",
        formula: "output[x, o] = sum(k, i: signal[x + k - 1, i] * filters[k, i, o]) for x < 10",
        tensors: { signal: [10, 4], filters: [3, 4, 6] },
        weights: ["filters"],
      },
      {
        title: "A stride",
        says: "2*y moves two rows on for each row of the output.",
        formula:
          "output[n, y, x, o] = sum(ky, kx, i: value[n, 2*y + ky, 2*x + kx, i] * filters[ky, kx, i, o]) for y " +
          "< 4, x < 4",
        tensors: { value: [1, 9, 9, 3], filters: [3, 3, 3, 4] },
        weights: ["filters"],
      },
      {
        title: "A dilated window",
        says: "2*ky leaves a row out between two taps.",
        formula:
          "output[y, x, o] = sum(ky, kx, i: value[y + 2*ky - 2, x + 2*kx - 2, i] * filters[ky, kx, i, o]) for " +
          "y < 8, x < 8",
        tensors: { value: [8, 8, 3], filters: [3, 3, 3, 4] },
        weights: ["filters"],
      },
      {
        title: "A dilated gate that reads nothing ahead",
        says:
          "The last of three taps reads x[t], those before it two and four steps earlier: a causal convolution, with " +
          "a bias, by the gate of another.",
        formula: `output[t, o] = tanh(
  sum(k, i: x[t + 2*k - 4, i] * w[k, i, o]) + b[o]) * sigmoid(
  sum(k, i: x[t + 2*k - 4, i] * g[k, i, o]) + c[o]) for t < 20`,
        tensors: { x: [20, 4], w: [3, 4, 6], b: [6], g: [3, 4, 6], c: [6] },
        weights: ["w", "b", "g", "c"],
      },
      {
        title: "Each channel for itself",
        says: "c is in every factor and on the left: a depthwise convolution.",
        formula: "output[y, x, c] = sum(ky, kx: value[y + ky, x + kx, c] * filters[ky, kx, c]) for y < 5, x < 5",
        tensors: { value: [7, 7, 4], filters: [3, 3, 4] },
        weights: ["filters"],
      },
      {
        title: "Upwards by two",
        says: "Where a division is not exact there is no term: this is a transposed convolution of stride 2.",
        formula: "output[x, o] = sum(k, i: signal[(x - k)/2, i] * filters[k, i, o]) for x < 12",
        tensors: { signal: [6, 3], filters: [4, 3, 5] },
        weights: ["filters"],
      },
      {
        title: "A maximum of a window",
        says: "max over axes is a reduction as sum is.",
        formula: "output[y, x, c] = max(ky < 2, kx < 2: value[2*y + ky, 2*x + kx, c]) for y < 4, x < 4",
        tensors: { value: [8, 8, 3] },
      },
      {
        title: "A mean at the edge",
        says: "mean divides by the number of terms that count: three inside, two at the ends.",
        formula: "output[x] = mean(k < 3: signal[x + k - 1]) for x < 9",
        tensors: { signal: [9] },
      },
    ],
  },
  {
    title: "Moving things",
    examples: [
      {
        title: "A transposed matrix",
        says: "Nothing is computed; the subscripts change places.",
        formula: "output[j, i] = a[i, j]",
        tensors: { a: [5, 7] },
      },
      {
        title: "The nearest neighbour",
        says: "floor divides downwards: each pixel stands four times.",
        formula: "output[y, x] = image[floor(y/2), floor(x/2)] for y < 8, x < 10",
        tensors: { image: [4, 5] },
      },
      {
        title: "Channels become pixels",
        says: "A quotient and a rest take a long axis apart.",
        formula: "output[y, x] = image[floor(y/2), floor(x/2), 2*(y % 2) + x % 2] for y < 6, x < 6",
        tensors: { image: [3, 3, 4] },
      },
      {
        title: "Two halves",
        says: "Two lines may write one tensor, if each element is written once.",
        formula: "output[i] = a[i] for i < 4\noutput[i + 4] = b[i] for i < 4",
        tensors: { a: [4], b: [4] },
      },
    ],
  },
  {
    title: "Several lines",
    examples: [
      {
        title: "Softmax",
        says: "A line may read what a line before it has computed. Each line keeps its own reduction.",
        formula: `top[n] = max(i: x[n, i])
power[n, i] = exp(x[n, i] - top[n])
output[n, i] = power[n, i] / sum(j: power[n, j])`,
        tensors: { x: [4, 9] },
      },
      {
        title: "A norm over a row",
        says: "Equal reductions are computed once.",
        formula: `mean0[n] = mean(i: x[n, i])
spread[n] = mean(i: (x[n, i] - mean0[n]) * (x[n, i] - mean0[n]))
output[n, i] = (x[n, i] - mean0[n]) / sqrt(spread[n] + 0.001) * scale[i]`,
        tensors: { x: [4, 8], scale: [8] },
        weights: ["scale"],
      },
      {
        title: "Two layers",
        says: "hidden stays inside, as a line reads it. output is what no line reads.",
        formula: `hidden[n, h] = relu(sum(i: x[n, i] * first[i, h]))
output[n, o] = sum(h: hidden[n, h] * second[h, o])`,
        tensors: { x: [4, 6], first: [6, 8], second: [8, 3] },
        weights: ["first", "second"],
      },
      {
        title: "Attention of one head",
        says: "Scores, a softmax over them, and a sum that they weigh.",
        formula: `score[q, k] = sum(d: query[q, d] * key0[k, d]) * 0.5
top[q] = max(k: score[q, k])
power[q, k] = exp(score[q, k] - top[q])
output[q, e] = sum(k: power[q, k] * value[k, e]) / sum(k: power[q, k])`,
        tensors: { query: [5, 4], key0: [6, 4], value: [6, 3] },
      },
      {
        title: "Distances between rows",
        says: "The term of a sum is any arithmetic, here a squared difference.",
        formula: "output[i, j] = sqrt(sum(k: (a[i, k] - b[j, k]) * (a[i, k] - b[j, k])))",
        tensors: { a: [4, 6], b: [5, 6] },
      },
      {
        title: "A blur in two steps",
        says: "Columns first, then rows: six products for each pixel in place of nine.",
        formula: `along[y, x] = sum(k: image[y, x + k - 1] * weight[k]) for x < 8
output[y, x] = sum(k: along[y + k - 1, x] * weight[k]) for y < 7`,
        tensors: { image: [7, 8], weight: [3] },
        weights: ["weight"],
      },
    ],
  },
];

export const FORMULA_EXAMPLES = CHAPTERS.flatMap(({ examples }) => examples);
