/** What shorthands mean, in loops: nothing here knows formulas. */
import type {
  Activation,
  BatchNormSpec,
  BinarySpec,
  DenseSpec,
  LayerNormSpec,
  MatmulSpec,
  PadSpec,
  PixelShuffleSpec,
  PoolSpec,
  ReduceSpec,
  ResizeSpec,
  ShorthandSpec,
  SoftmaxSpec,
} from "tilewright";
import { type Meaning, over } from "./meanings.js";

type At = readonly number[];

const FLOATS = 2 ** -16;
const total = (terms: readonly number[]): number => terms.reduce((sum, term) => sum + term, 0);

function apply(x: number, activation: Activation | undefined): number {
  if (activation === undefined) return x;
  if (activation === "relu") return Math.max(x, 0);
  if (activation === "relu6") return Math.min(Math.max(x, 0), 6);
  if (activation === "tanh") return Math.tanh(x);
  if (activation === "sigmoid") return 1 / (1 + Math.exp(-x));
  if (typeof activation === "object" && activation.kind === "leakyRelu") return x >= 0 ? x : activation.alpha * x;
  if (typeof activation === "object" && activation.kind === "clip")
    return Math.min(Math.max(x, activation.min), activation.max);
  throw new Error(`no test has the activation ${JSON.stringify(activation)}`);
}

const isRounded = (activation: Activation | undefined): boolean => activation === "tanh" || activation === "sigmoid";

/** The meaning of a spec, whose name is its text. */
export function meaningOf(spec: ShorthandSpec): Meaning {
  return { name: JSON.stringify(spec), ...meaning(spec) };
}

function meaning(spec: ShorthandSpec): Omit<Meaning, "name"> {
  switch (spec.op) {
    case "matmul":
      return matmul(spec);
    case "dense":
      return dense(spec);
    case "maxPool":
    case "averagePool":
      return pool(spec);
    case "softmax":
      return softmax(spec);
    case "layerNorm":
      return layerNorm(spec);
    case "batchNorm":
      return batchNorm(spec);
    case "resize":
      return resize(spec);
    case "pixelShuffle":
      return pixelShuffle(spec);
    case "pad":
      return pad(spec);
    case "activate": {
      const { value, activation } = spec;
      const bound = isRounded(activation) ? FLOATS : 0;
      return { shape: value, bound, element: (at, read) => apply(read("value", at), activation) };
    }
    case "reduceSum":
    case "reduceMean":
    case "reduceMax":
    case "reduceMin":
      return reduced(spec);
    default:
      return binary(spec);
  }
}

/** The subscripts of a smaller tensor at a place of the larger one. */
const within = (shape: At, at: At): number[] =>
  shape.map((size, i) => (size === 1 ? 0 : (at.slice(-shape.length)[i] as number)));

const broadcast = (a: At, b: At): number[] => {
  const rank = Math.max(a.length, b.length);
  const sizes = (shape: At, i: number) => shape[i - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, i) => (sizes(a, i) === 1 ? sizes(b, i) : sizes(a, i)));
};

function matmul({ a, b, transposeA, transposeB, bias, activation }: MatmulSpec): Omit<Meaning, "name"> {
  const [rows, depth] = transposeA ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const columns = transposeB ? b.at(-2) : b.at(-1);
  const batch = broadcast(a.slice(0, -2), b.slice(0, -2));
  return {
    shape: [...batch, rows as number, columns as number],
    element: (at, read) => {
      const [i, j] = at.slice(-2) as [number, number];
      const [inA, inB] = [a, b].map((shape) => within(shape.slice(0, -2), at.slice(0, -2))) as [number[], number[]];
      const terms = over(depth as number).map(([k = 0]) => {
        const left = read("a", [...inA, ...(transposeA ? [k, i] : [i, k])]);
        return left * read("b", [...inB, ...(transposeB ? [j, k] : [k, j])]);
      });
      return apply(total(terms) + (bias ? read("bias", [j]) : 0), activation);
    },
  };
}

function dense({ value, filters, bias, activation }: DenseSpec): Omit<Meaning, "name"> {
  const [inputs, outputs] = filters as [number, number];
  return {
    shape: [...value.slice(0, -1), outputs],
    element: (at, read) => {
      const o = at.at(-1) as number;
      const terms = over(inputs).map(([i = 0]) => read("value", [...at.slice(0, -1), i]) * read("filters", [i, o]));
      return apply(total(terms) + (bias ? read("bias", [o]) : 0), activation);
    },
  };
}

/** Axes of an image, and how to reach an element of it. */
function imageOf(shape: At, layout: string) {
  const axes = [...layout].flatMap((letter, i) => (letter === "N" || letter === "C" ? [] : [i]));
  const moved = (at: At, places: At): number[] =>
    at.map((old, i) => (axes.includes(i) ? (places[axes.indexOf(i)] as number) : old));
  return { axes, sizes: axes.map((i) => shape[i] as number), moved, channel: layout.indexOf("C") };
}

const lastLayout = (rank: number): string => `N${"DHW".slice(-rank)}C`;

function pool(spec: PoolSpec): Omit<Meaning, "name"> {
  const { op, value, window, convention = "tensorflow" } = spec;
  const rank = window.length;
  const isFirst = ["onnx", "pytorch", "webnn"].includes(convention);
  const layout = spec.layout ?? (isFirst ? `NC${"DHW".slice(-rank)}` : lastLayout(rank));
  const { axes, sizes, moved } = imageOf(value, layout);
  const strides = spec.strides ?? (convention === "onnx" || convention === "webnn" ? window.map(() => 1) : window);
  const dilations = spec.dilations ?? window.map(() => 1);
  const plan = sizes.map((size, i) => {
    const [stride, reach] = [strides[i] as number, ((window[i] as number) - 1) * (dilations[i] as number) + 1];
    const given = spec.padding ?? "VALID";
    if (typeof given !== "string" || given === "VALID") {
      const [before, after] = given === "VALID" ? [0, 0] : (given[i] as readonly [number, number]);
      return { before, count: Math.floor((size + before + after - reach) / stride) + 1 };
    }
    const count = Math.ceil(size / stride);
    const missing = Math.max(0, (count - 1) * stride + reach - size);
    return { before: given === "SAME_LOWER" ? Math.ceil(missing / 2) : Math.floor(missing / 2), count };
  });
  const isCounted = spec.countPadding ?? convention === "pytorch";
  return {
    shape: moved(
      value,
      plan.map(({ count }) => count),
    ),
    bound: op === "maxPool" ? 0 : FLOATS,
    element: (at, read) => {
      const taps = over(...window).map((tap) => {
        const places = tap.map(
          (k, i) =>
            (strides[i] as number) * (at[axes[i] as number] as number) +
            k * (dilations[i] as number) -
            (plan[i]?.before ?? 0),
        );
        return read("value", moved(at, places), Number.NaN);
      });
      const inside = taps.filter((tap) => !Number.isNaN(tap));
      return op === "maxPool" ? Math.max(...inside) : total(inside) / (isCounted ? taps.length : inside.length);
    },
  };
}

function softmax({ value, axis = -1 }: SoftmaxSpec): Omit<Meaning, "name"> {
  const along = (axis + value.length) % value.length;
  return {
    shape: value,
    bound: FLOATS,
    element: (at, read) => {
      const row = over(value[along] as number).map(([k = 0]) => read("value", at.with(along, k)));
      const powers = row.map((x) => Math.exp(x - Math.max(...row)));
      return (powers[at[along] as number] as number) / total(powers);
    },
  };
}

function layerNorm({
  value,
  axis = -1,
  epsilon = 1e-5,
  scale = true,
  bias = true,
}: LayerNormSpec): Omit<Meaning, "name"> {
  const first = (axis + value.length) % value.length;
  return {
    shape: value,
    bound: 2 ** -10,
    element: (at, read) => {
      const row = over(...value.slice(first)).map((own) => read("value", [...at.slice(0, first), ...own]));
      const mean = total(row) / row.length;
      const variance = total(row.map((x) => (x - mean) ** 2)) / row.length;
      const own = at.slice(first);
      const normal = (read("value", at) - mean) / Math.sqrt(variance + epsilon);
      return normal * (scale ? read("scale", own) : 1) + (bias ? read("bias", own) : 0);
    },
  };
}

function batchNorm(spec: BatchNormSpec): Omit<Meaning, "name"> {
  const { value, axis = -1, epsilon = 1e-5, scale = true, bias = true, activation } = spec;
  const along = (axis + value.length) % value.length;
  return {
    shape: value,
    bound: 2 ** -10,
    element: (at, read) => {
      const c = [at[along] as number];
      const normal = (read("value", at) - read("mean", c)) / Math.sqrt(read("variance", c) + epsilon);
      return apply(normal * (scale ? read("scale", c) : 1) + (bias ? read("bias", c) : 0), activation);
    },
  };
}

function resize({ value, size, method, coordinates = "halfPixel", layout }: ResizeSpec): Omit<Meaning, "name"> {
  const { axes, sizes, moved } = imageOf(value, layout ?? lastLayout(size.length));
  const place = (to: number, i: number): number => {
    const [from, wanted] = [sizes[i] as number, size[i] as number];
    if (coordinates === "halfPixel") return ((2 * to + 1) * from - wanted) / (2 * wanted);
    if (coordinates === "alignCorners") return wanted === 1 ? 0 : (to * (from - 1)) / (wanted - 1);
    return (to * from) / wanted;
  };
  const clamped = (i: number, at: number) => Math.min(Math.max(at, 0), (sizes[i] as number) - 1);
  return {
    shape: moved(value, size),
    bound: method === "nearest" ? 0 : FLOATS,
    element: (at, read) => {
      const places = axes.map((axis, i) => place(at[axis] as number, i));
      if (method === "nearest") {
        const half = coordinates === "asymmetric" ? 0 : 0.5;
        // Exact ratios may be a rounding away from an integer.
        return read(
          "value",
          moved(
            at,
            places.map((one, i) => clamped(i, Math.floor(one + half + 1e-9))),
          ),
        );
      }
      const corners = over(...places.map(() => 2)).map((corner) => {
        // Beyond the image its edge goes on.
        const part = places.map((one, i) => clamped(i, one) - Math.floor(clamped(i, one)));
        // Shares are constants, and constants are float32.
        const share = part.map((behind, i) => Math.fround(corner[i] === 0 ? 1 - behind : behind));
        const from = places.map((one, i) => clamped(i, Math.floor(clamped(i, one)) + (corner[i] as number)));
        return share.reduce((product, one) => product * one, 1) * read("value", moved(at, from));
      });
      return total(corners);
    },
  };
}

function pixelShuffle({ value, block, mode = "DCR", layout = "NHWC" }: PixelShuffleSpec): Omit<Meaning, "name"> {
  const { axes, sizes, moved, channel } = imageOf(value, layout);
  const channels = (value[channel] as number) / block ** 2;
  return {
    shape: moved(
      value,
      sizes.map((size) => size * block),
    ).with(channel, channels),
    element: (at, read) => {
      const places = axes.map((axis) => at[axis] as number);
      const [p, q] = places.map((one) => one % block) as [number, number];
      const c = at[channel] as number;
      const from = mode === "DCR" ? (p * block + q) * channels + c : (c * block + p) * block + q;
      return read(
        "value",
        moved(
          at,
          places.map((one) => Math.floor(one / block)),
        ).with(channel, from),
      );
    },
  };
}

function pad({ value, padding, mode = "constant", fill = 0 }: PadSpec): Omit<Meaning, "name"> {
  return {
    shape: value.map((size, i) => size + (padding[i]?.[0] ?? 0) + (padding[i]?.[1] ?? 0)),
    element: (at, read) => {
      const from = at.map((one, i) => {
        const [place, last] = [one - (padding[i]?.[0] ?? 0), (value[i] as number) - 1];
        if (mode === "edge") return Math.min(Math.max(place, 0), last);
        return mode === "reflect" ? last - Math.abs(last - Math.abs(place)) : place;
      });
      return read("value", from, fill);
    },
  };
}

function binary({ op, a, b, activation }: BinarySpec): Omit<Meaning, "name"> {
  const compute: Record<string, (x: number, y: number) => number> = {
    add: (x, y) => x + y,
    subtract: (x, y) => x - y,
    multiply: (x, y) => x * y,
    divide: (x, y) => x / y,
    maximum: Math.max,
    minimum: Math.min,
  };
  return {
    shape: broadcast(a, b),
    bound: op === "divide" || isRounded(activation) ? FLOATS : 0,
    element: (at, read) => {
      const value = compute[op]?.(read("a", within(a, at)), read("b", within(b, at))) as number;
      return apply(value, activation);
    },
  };
}

function reduced({ op, value, axes, keepDims = false }: ReduceSpec): Omit<Meaning, "name"> {
  const gone = (axes ?? value.map((_, i) => i)).map((axis) => (axis + value.length) % value.length);
  const isGone = (_: unknown, i: number) => gone.includes(i);
  const left = value.flatMap((_, i) => (isGone(_, i) ? [] : [i]));
  return {
    shape: keepDims ? value.map((size, i) => (isGone(size, i) ? 1 : size)) : left.map((i) => value[i] as number),
    bound: op === "reduceMean" ? FLOATS : 0,
    element: (at, read) => {
      const terms = over(...value.filter(isGone)).map((own) => {
        const place = value.map((_, i) => {
          if (isGone(_, i)) return own[value.slice(0, i).filter(isGone).length] as number;
          return (keepDims ? at[i] : at[left.indexOf(i)]) as number;
        });
        return read("value", place);
      });
      if (op === "reduceMax") return Math.max(...terms);
      if (op === "reduceMin") return Math.min(...terms);
      return op === "reduceSum" ? total(terms) : total(terms) / terms.length;
    },
  };
}
