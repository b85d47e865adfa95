/** Formulas and ops to begin with. */
import type { Source } from "./setup.js";

const formula = (text: string, shapes: Readonly<Record<string, string>>, weights: readonly string[] = []): Source => ({
  kind: "formula",
  text,
  shapes,
  weights,
});

const op = (spec: object): Source => ({ kind: "op", text: printSpec(spec) });

/** A spec as JSON, a field a line. */
const printSpec = (spec: object): string =>
  `{\n${Object.entries(spec)
    .map(([name, value]) => `  "${name}": ${JSON.stringify(value).replaceAll(",", ", ")}`)
    .join(",\n")}\n}`;

export const EXAMPLES: Readonly<Record<string, Source>> = {
  "Product, bias, ReLU": formula(
    "output[n, o] = relu(\n  sum(i: value[n, i] * matrix[i, o])\n  + bias[o])",
    { value: "64, 256", matrix: "256, 128", bias: "128" },
    ["matrix", "bias"],
  ),
  "Convolution, 3 x 3": formula(
    "output[y, x, o] = sum(ky, kx, i:\n  value[y + ky - 1, x + kx - 1, i]\n" +
      "  * filters[ky, kx, i, o]) for y < 28, x < 28",
    { value: "28, 28, 32", filters: "3, 3, 32, 64" },
    ["filters"],
  ),
  "Attention scores": formula(
    "score[h, i, j] = sum(d:\n  query[h, i, d] * key[h, j, d]) / 8\n" +
      "top[h, i] = max(j: score[h, i, j])\n" +
      "power[h, i, j] = exp(score[h, i, j] - top[h, i])\n" +
      "output[h, i, j] = power[h, i, j] / sum(k:\n  power[h, i, k])",
    { query: "4, 64, 64", key: "4, 64, 64" },
  ),
  "Root mean square norm": formula(
    "output[n, c] = value[n, c] * scale[c] / sqrt(\n  mean(k: value[n, k] * value[n, k]) + 1e-6)",
    { value: "64, 512", scale: "512" },
    ["scale"],
  ),
  "Gaussian blur": formula(
    "output[y, x] = sum(k:\n  image[y, x + k - 2] * taps[k]) for y < 256, x < 256",
    { image: "256, 256", taps: "5" },
    ["taps"],
  ),
  "Op: atrousConv2dTranspose": op({
    op: "atrousConv2dTranspose",
    value: [1, 33, 33, 64],
    filters: [3, 3, 32, 64],
    rate: 2,
    padding: "SAME",
  }),
  "Op: conv2d": op({ op: "conv2d", value: [1, 28, 28, 64], filters: [3, 3, 64, 64], padding: "SAME", bias: true }),
  "Op: depthwiseConv2d": op({ op: "depthwiseConv2d", value: [1, 56, 56, 64], filters: [3, 3, 64, 1], padding: "SAME" }),
  "Op: maxPool": op({ op: "maxPool", value: [1, 56, 56, 64], window: [3, 3], strides: [2, 2], padding: "SAME" }),
  "Op: softmax": op({ op: "softmax", value: [64, 1000] }),
  "Op: layerNorm": op({ op: "layerNorm", value: [64, 512] }),
};

export const FIRST = EXAMPLES["Product, bias, ReLU"] as Source;
