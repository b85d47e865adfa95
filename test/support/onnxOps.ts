/** The ops around the convolutions of small networks, by ONNX's definitions. */
import { arrayFrom, count, elementAt, inAxes, type NdArray, stepsOf } from "./ndArray.js";
import type { DecodedAttribute } from "./onnxModel.js";

type Attributes = Readonly<Record<string, DecodedAttribute | undefined>>;
type Op = (given: readonly NdArray[], attributes: Attributes) => NdArray;

const each =
  (change: (x: number, attributes: Attributes) => number): Op =>
  ([x], attributes) => ({ ...(x as NdArray), data: (x as NdArray).data.map((one) => change(one, attributes)) });

/** Both broadcast to one shape. */
const both =
  (combine: (a: number, b: number) => number): Op =>
  ([a, b]) => {
    const [left, right] = [a as NdArray, b as NdArray];
    const rank = Math.max(left.shape.length, right.shape.length);
    const wide = [left, right].map(({ shape, data }) => {
      const all = [...Array<number>(rank - shape.length).fill(1), ...shape];
      return { all, data, steps: stepsOf(all).map((step, axis) => (all[axis] === 1 ? 0 : step)) };
    });
    const shape = Array.from({ length: rank }, (_, axis) => Math.max(...wide.map(({ all }) => all[axis] as number)));
    const [p, q] = wide as [(typeof wide)[0], (typeof wide)[0]];
    const at = (steps: readonly number[], place: readonly number[]) =>
      steps.reduce((sum, step, i) => sum + step * (place[i] as number), 0);
    return arrayFrom(shape, (place) =>
      combine(p.data[at(p.steps, place)] as number, q.data[at(q.steps, place)] as number),
    );
  };

const axisFrom = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const concat: Op = (given, { axis }) => {
  const [first] = given as [NdArray];
  const along = axisFrom(axis?.i ?? 0, first.shape.length);
  const size = given.reduce((sum, { shape }) => sum + (shape[along] as number), 0);
  return arrayFrom(
    first.shape.map((own, i) => (i === along ? size : own)),
    (place) => {
      let index = place[along] as number;
      for (const part of given) {
        if (index < (part.shape[along] as number))
          return elementAt(
            part,
            place.map((one, i) => (i === along ? index : one)),
          );
        index -= part.shape[along] as number;
      }
      throw new Error("a place outside");
    },
  );
};

const reshape: Op = ([x, to]) => {
  const { shape, data } = x as NdArray;
  const asked = [...(to as NdArray).data].map((size, i) => (size === 0 ? (shape[i] as number) : size));
  const known = count(asked.filter((size) => size !== -1));
  return { shape: asked.map((size) => (size === -1 ? data.length / known : size)), data };
};

/** A pool of images: `pads` lie outside, and do not count. */
const pool =
  (combine: (taps: readonly number[]) => number): Op =>
  ([x], { kernel_shape: kernel, strides, pads }) => {
    const { shape } = x as NdArray;
    const [kh = 1, kw = 1] = kernel?.ints ?? [];
    const [sh = 1, sw = 1] = strides?.ints ?? [];
    const [top = 0, left = 0, bottom = 0, right = 0] = pads?.ints ?? [];
    const [n, c, h, w] = shape as [number, number, number, number];
    const side = (size: number, k: number, s: number, before: number, after: number) =>
      Math.floor((size + before + after - k) / s) + 1;
    return arrayFrom([n, c, side(h, kh, sh, top, bottom), side(w, kw, sw, left, right)], ([b, ch, y, column]) => {
      const taps: number[] = [];
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++) {
          const [row, col] = [(y as number) * sh + i - top, (column as number) * sw + j - left];
          if (row >= 0 && col >= 0 && row < h && col < w)
            taps.push(elementAt(x as NdArray, [b as number, ch as number, row, col]));
        }
      return combine(taps);
    });
  };

const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;

/** Over all axes behind the second, which stay with size 1. */
const averages: Op = ([x]) => {
  const { shape, data } = x as NdArray;
  const area = count(shape.slice(2));
  const from = (i: number) => mean([...data.subarray(i * area, (i + 1) * area)]);
  const outer = shape.slice(0, 2);
  return {
    shape: shape.map((size, axis) => (axis < 2 ? size : 1)),
    data: Float32Array.from({ length: count(outer) }, (_, i) => from(i)),
  };
};

const reduceMean: Op = ([x], { axes, keepdims }) => {
  const { shape } = x as NdArray;
  const gone = axes?.ints.map((axis) => axisFrom(axis, shape.length)) as readonly number[];
  if (keepdims?.i === 0 || gone.join() !== "2,3" || shape.length !== 4) {
    // The tests' models take means of the last axis, or of images.
    if (gone.join() !== `${shape.length - 1}`) throw new Error("no such mean in tests");
    const rows = averages(
      [{ shape: [1, count(shape.slice(0, -1)), shape.at(-1) as number], data: (x as NdArray).data }],
      {},
    );
    return { shape: keepdims?.i === 0 ? shape.slice(0, -1) : [...shape.slice(0, -1), 1], data: rows.data };
  }
  return averages([x as NdArray], {});
};

const softmax: Op = ([x], { axis }) => {
  const { shape, data } = x as NdArray;
  const along = axisFrom(axis?.i ?? -1, shape.length);
  const [step, size] = [stepsOf(shape)[along] as number, shape[along] as number];
  const result = data.slice();
  for (let i = 0; i < data.length; i++) {
    if (Math.floor(i / step) % size !== 0) continue;
    const row = Array.from({ length: size }, (_, k) => data[i + k * step] as number);
    const most = Math.max(...row);
    const sum = row.reduce((all, one) => all + Math.exp(one - most), 0);
    row.forEach((one, k) => {
      result[i + k * step] = Math.exp(one - most) / sum;
    });
  }
  return { shape, data: result };
};

const pad: Op = ([x, by], { pads, mode }) => {
  const from = x as NdArray;
  const all = pads?.ints ?? [...(by as NdArray).data];
  const rank = from.shape.length;
  const isReflected = mode?.s === "reflect";
  const inside = (index: number, size: number) =>
    !isReflected ? index : index < 0 ? -index : index >= size ? 2 * (size - 1) - index : index;
  return arrayFrom(
    from.shape.map((size, i) => size + (all[i] as number) + (all[i + rank] as number)),
    (place) =>
      elementAt(
        from,
        place.map((index, i) => inside(index - (all[i] as number), from.shape[i] as number)),
      ),
  );
};

const slice: Op = ([x, ...inputs], attributes) => {
  const from = x as NdArray;
  // Older models have them as attributes.
  const [starts, ends, axes] = ["starts", "ends", "axes"].map((name, i) => inputs[i]?.data ?? attributes[name]?.ints);
  const first = from.shape.map(() => 0);
  const last = [...from.shape];
  for (const [i, start] of (starts ?? []).entries()) {
    const axis = axisFrom(axes?.[i] ?? i, from.shape.length);
    const size = from.shape[axis] as number;
    const clamp = (at: number) => Math.min(Math.max(axisFrom(at, size), 0), size);
    first[axis] = clamp(start);
    last[axis] = clamp(ends?.[i] as number);
  }
  return arrayFrom(
    last.map((end, axis) => end - (first[axis] as number)),
    (place) =>
      elementAt(
        from,
        place.map((index, axis) => index + (first[axis] as number)),
      ),
  );
};

/** To a multiple of the size, by the next pixel at the beginning of the block. */
const nearest = (from: NdArray, scales: readonly number[]): NdArray =>
  arrayFrom(
    from.shape.map((size, axis) => Math.floor(size * (scales[axis] as number))),
    (place) =>
      elementAt(
        from,
        place.map((index, axis) => Math.floor(index / (scales[axis] as number))),
      ),
  );

/** By ONNX's two pixels that are next, with `half_pixel` or asymmetric places. */
const linear = (from: NdArray, scales: readonly number[]): NdArray =>
  arrayFrom(
    from.shape.map((size, axis) => Math.floor(size * (scales[axis] as number))),
    ([n, c, y, x]) => {
      const near = (index: number, axis: number) => {
        const size = from.shape[axis] as number;
        const place = index / (scales[axis] as number);
        const low = Math.min(Math.floor(place), size - 1);
        return { low, high: Math.min(low + 1, size - 1), share: place - low };
      };
      const [rows, columns] = [near(y as number, 2), near(x as number, 3)];
      const at = (row: number, column: number) => elementAt(from, [n as number, c as number, row, column]);
      const top = at(rows.low, columns.low) * (1 - columns.share) + at(rows.low, columns.high) * columns.share;
      const bottom = at(rows.high, columns.low) * (1 - columns.share) + at(rows.high, columns.high) * columns.share;
      return top * (1 - rows.share) + bottom * rows.share;
    },
  );

const depthToSpace: Op = ([x], { blocksize, mode }) => {
  const from = x as NdArray;
  const [n, c, h, w] = from.shape as [number, number, number, number];
  const b = blocksize?.i as number;
  const depth = c / (b * b);
  return arrayFrom([n, depth, h * b, w * b], ([image, channel, y, column]) => {
    const block = ((y as number) % b) * b + ((column as number) % b);
    const source = mode?.s === "CRD" ? (channel as number) * b * b + block : block * depth + (channel as number);
    return elementAt(from, [
      image as number,
      source,
      Math.floor((y as number) / b),
      Math.floor((column as number) / b),
    ]);
  });
};

const matMul: Op = ([a, b]) => {
  const [left, right] = [a as NdArray, b as NdArray];
  const [rows, inner, columns] = [
    left.shape.at(-2) as number,
    left.shape.at(-1) as number,
    right.shape.at(-1) as number,
  ];
  return arrayFrom([rows, columns], ([i, j]) => {
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += (left.data[(i as number) * inner + k] as number) * (right.data[k * columns + (j as number)] as number);
    return sum;
  });
};

/** Entries of one axis. */
const gather: Op = ([x, indices], { axis }) => {
  const [from, places] = [x as NdArray, indices as NdArray];
  const along = axisFrom(axis?.i ?? 0, from.shape.length);
  const rank = places.shape.length;
  const shape = [...from.shape.slice(0, along), ...places.shape, ...from.shape.slice(along + 1)];
  return arrayFrom(shape, (place) => {
    const index = elementAt(places, place.slice(along, along + rank));
    return elementAt(from, [
      ...place.slice(0, along),
      axisFrom(index, from.shape[along] as number),
      ...place.slice(along + rank),
    ]);
  });
};

const clip: Op = ([x, least, most], { min, max }) => {
  const low = least?.data[0] ?? min?.f ?? Number.NEGATIVE_INFINITY;
  const high = most?.data[0] ?? max?.f ?? Number.POSITIVE_INFINITY;
  return { ...(x as NdArray), data: (x as NdArray).data.map((one) => Math.min(Math.max(one, low), high)) };
};

export const OPS: Readonly<Record<string, Op>> = {
  Add: both((a, b) => a + b),
  AveragePool: pool(mean),
  Clip: clip,
  Concat: concat,
  DepthToSpace: depthToSpace,
  Div: both((a, b) => a / b),
  Gather: gather,
  GlobalAveragePool: averages,
  LeakyRelu: each((x, { alpha }) => (x < 0 ? x * (alpha?.f ?? 0.01) : x)),
  MatMul: matMul,
  Max: both(Math.max),
  MaxPool: pool((taps) => Math.max(...taps)),
  Min: both(Math.min),
  Mul: both((a, b) => a * b),
  Pad: pad,
  ReduceMean: reduceMean,
  Relu: each((x) => Math.max(x, 0)),
  Reshape: reshape,
  Resize: ([x, , scales]) => nearest(x as NdArray, [...(scales as NdArray).data]),
  Shape: ([x]) => ({ shape: [(x as NdArray).shape.length], data: Float32Array.from((x as NdArray).shape) }),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  Slice: slice,
  Softmax: softmax,
  Sqrt: each(Math.sqrt),
  Sub: both((a, b) => a - b),
  Transpose: ([x], { perm }) => inAxes(x as NdArray, perm?.ints as readonly number[]),
  Upsample: ([x, scales], { mode }) =>
    (mode?.s === "linear" ? linear : nearest)(x as NdArray, [...(scales as NdArray).data]),
};
