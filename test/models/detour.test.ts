/** SpaceToBatchND, a convolution, BatchToSpaceND: computed one after the other as TensorFlow defines them, and as the one op found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { OpSpec, Shape4, Spec } from "../../src/ir/ops/spec.js";
import { isFamily } from "../../src/ir/ops/specKind.js";
import { kernelName } from "../../src/ir/ops/specName.js";
import { programOfAny } from "../../src/specs/anySpec.js";
import { PAIRS, SEED } from "../support/effort.js";
import { integers, type TfjsFile, type TfjsTestNode } from "../support/tfjsModel.js";
import { onlyOne, readTfjsFile } from "./support.js";

type Pair = readonly [number, number];

/** An image of NHWC as a function, so that what lies outside is zero. */
interface Image {
  readonly shape: Shape4;
  readonly at: (n: number, y: number, x: number, c: number) => number;
}

function imageOf(shape: Shape4, at: Image["at"]): Image {
  const [N, H, W, C] = shape;
  const data = new Float64Array(N * H * W * C);
  const offset = (n: number, y: number, x: number, c: number): number => ((n * H + y) * W + x) * C + c;
  for (let n = 0; n < N; n++)
    for (let y = 0; y < H; y++)
      for (let x = 0; x < W; x++) for (let c = 0; c < C; c++) data[offset(n, y, x, c)] = at(n, y, x, c);
  return { shape, at: (n, y, x, c) => (y < 0 || x < 0 || y >= H || x >= W ? 0 : (data[offset(n, y, x, c)] as number)) };
}

const flat = ({ shape: [N, H, W, C], at }: Image): number[] => {
  const all: number[] = [];
  for (let n = 0; n < N; n++)
    for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) for (let c = 0; c < C; c++) all.push(at(n, y, x, c));
  return all;
};

/** Batch (p*b + q)*N + n holds the pixels (p, q) modulo the block of image n. */
function spaceToBatch(
  { shape: [N, H, W, C], at }: Image,
  [by, bx]: Pair,
  [top, bottom]: Pair,
  [left, right]: Pair,
): Image {
  const sides: Pair = [(H + top + bottom) / by, (W + left + right) / bx];
  return imageOf([N * by * bx, ...sides, C], (batch, y, x, c) => {
    const phase = Math.floor(batch / N);
    return at(batch % N, y * by + Math.floor(phase / bx) - top, x * bx + (phase % bx) - left, c);
  });
}

function batchToSpace(
  { shape: [N, H, W, C], at }: Image,
  [by, bx]: Pair,
  [top, bottom]: Pair,
  [left, right]: Pair,
): Image {
  const batch = N / (by * bx);
  return imageOf([batch, H * by - top - bottom, W * bx - left - right, C], (n, oy, ox, c) => {
    const [y, x] = [oy + top, ox + left];
    return at(((y % by) * bx + (x % bx)) * batch + n, Math.floor(y / by), Math.floor(x / bx), c);
  });
}

interface Drawn {
  readonly transposed: boolean;
  /** Of `channels`, the second is then the number of outputs of each channel. */
  readonly depthwise: boolean;
  readonly same: boolean;
  /** Of the convolution inside. */
  readonly dilation: number;
  readonly block: Pair;
  readonly kernel: Pair;
  readonly size: Pair;
  readonly pads: readonly [Pair, Pair];
  readonly crops: readonly [Pair, Pair];
  readonly channels: Pair;
}

/** One element of filters, whatever their order of channels. */
const weight = (ky: number, kx: number, i: number, o: number): number => ((ky * 7 + kx * 3 + i * 5 + o * 2) % 5) - 2;

function convolve(
  { shape: [N, H, W], at }: Image,
  { transposed, depthwise, same, dilation, kernel: [kh, kw], channels: [ci, made] }: Drawn,
): Image {
  const grow = same ? 0 : transposed ? 1 : -1;
  const [top, left] = same ? [Math.floor(((kh - 1) * dilation) / 2), Math.floor(((kw - 1) * dilation) / 2)] : [0, 0];
  const sides: Pair = [H + grow * (kh - 1) * dilation, W + grow * (kw - 1) * dilation];
  return imageOf([N, ...sides, depthwise ? ci * made : made], (n, y, x, o) => {
    const inputs = depthwise ? [Math.floor(o / made)] : [...Array(ci).keys()];
    let sum = 0;
    for (let ky = 0; ky < kh; ky++)
      for (let kx = 0; kx < kw; kx++)
        for (const i of inputs) {
          const [dy, dx] = [top - ky * dilation, left - kx * dilation];
          const pixel = transposed ? at(n, y + dy, x + dx, i) : at(n, y - dy, x - dx, i);
          sum += pixel * weight(ky, kx, i, depthwise ? o % made : o);
        }
    return sum;
  });
}

const pixelsOf = ([h, w]: Pair, channels: number): Image =>
  imageOf([1, h, w, channels], (_, y, x, c) => ((y * 11 + x * 7 + c * 3) % 9) - 4);

function modelOf(
  { transposed, depthwise, same, dilation, block, kernel, size, pads, crops, channels: [ci, co] }: Drawn,
  biasAt?: string,
): TfjsFile {
  const conv = {
    name: "conv",
    op: transposed ? "Conv2DBackpropInput" : depthwise ? "DepthwiseConv2dNative" : "Conv2D",
    inputs: transposed ? ["sizes", "filters", "before"] : ["before", "filters"],
    attributes: {
      strides: { list: [1, 1, 1, 1] },
      dilations: { list: [1, dilation, dilation, 1] },
      padding: same ? "SAME" : "VALID",
      data_format: "NHWC",
    },
  };
  const bias = { name: "biased", op: "BiasAdd", inputs: ["conv", "bias"] };
  return {
    inputs: { x: [1, ...size, ci] },
    constants: {
      filters: { shape: [...kernel, ...(transposed ? [co, ci] : [ci, co])] },
      bias: { shape: [co] },
      block: integers(block),
      pads: integers(pads.flat(), 2),
      crops: integers(crops.flat(), 2),
      ...(transposed ? { sizes: integers([0, 0, 0, co]) } : {}),
    },
    nodes: [
      { name: "before", op: "SpaceToBatchND", inputs: ["x", "block", "pads"] },
      conv,
      ...(biasAt === "between" ? [bias] : []),
      { name: "after", op: "BatchToSpaceND", inputs: [biasAt === "between" ? "biased" : "conv", "block", "crops"] },
    ],
    outputs: ["after"],
  };
}

/** As tf.nn.atrous_conv2d_transpose builds it: SAME is cropped at the end, and the size is made a multiple of the rate. */
function asTensorFlow(padding: "SAME" | "VALID", rate: number, kernel: Pair, size: Pair): Drawn {
  const axes = [0, 1].map((axis) => {
    const [k, input] = [kernel[axis] as number, size[axis] as number];
    const reach = (k - 1) * rate;
    const [before, after] = padding === "SAME" ? [Math.floor(reach / 2), Math.ceil(reach / 2)] : [0, 0];
    const output = padding === "SAME" ? input : input + reach;
    const extra = (rate - ((output + before + after) % rate)) % rate;
    return { pads: [0, extra] as Pair, crops: [before, after + extra] as Pair };
  });
  const both = (name: "pads" | "crops"): readonly [Pair, Pair] => [axes[0]?.[name] as Pair, axes[1]?.[name] as Pair];
  return {
    transposed: true,
    depthwise: false,
    same: false,
    dilation: 1,
    block: [rate, rate],
    kernel,
    size,
    pads: both("pads"),
    crops: both("crops"),
    channels: [2, 3],
  };
}

function expectEqual(spec: Spec, drawn: Drawn): void {
  const { kernel, size, block, pads, crops, channels, transposed } = drawn;
  const value = pixelsOf(size, channels[0]);
  const detour = batchToSpace(convolve(spaceToBatch(value, block, ...pads), drawn), block, ...crops);
  const filters: number[] = [];
  const [first, second] = transposed ? [channels[1], channels[0]] : channels;
  for (let ky = 0; ky < kernel[0]; ky++)
    for (let kx = 0; kx < kernel[1]; kx++)
      for (let a = 0; a < first; a++)
        for (let b = 0; b < second; b++) filters.push(transposed ? weight(ky, kx, b, a) : weight(ky, kx, a, b));
  const given = new Map(Object.entries({ value: flat(value), filters }));
  const result = interpretProgram(programOfAny(spec), given).get("output") as Float64Array;
  expect(Array.from(result, (x) => x + 0)).toEqual(flat(detour).map((x) => x + 0));
}

const small = (least: number, most: number) => fc.integer({ min: least, max: most });
const pair = (least: number, most: number): fc.Arbitrary<Pair> => fc.tuple(small(least, most), small(least, most));

/** Paddings and crops that often fit SAME or VALID, and often do not. */
const detours: fc.Arbitrary<Drawn> = fc
  .record({
    ...{
      kind: fc.constantFrom("conv2d", "transposed", "depthwise"),
      same: fc.boolean(),
      dilation: fc.constantFrom(1, 1, 1, 2),
      rates: fc.oneof(
        pair(1, 3),
        small(1, 3).map((b): Pair => [b, b]),
      ),
    },
    ...{
      kernel: pair(1, 3),
      tiles: pair(1, 4),
      channels: pair(1, 2),
      begins: pair(0, 4),
      cuts: fc.tuple(pair(0, 3), pair(0, 3)),
    },
    fits: fc.constantFrom("SAME", "VALID", "neither"),
  })
  .map(({ rates, tiles, begins, cuts, fits, kind, ...others }) => {
    const rest = { ...others, transposed: kind === "transposed", depthwise: kind === "depthwise" };
    const axis = (i: 0 | 1): { size: number; pads: Pair; crops: Pair } => {
      const b = rates[i];
      const inner = (rest.kernel[i] - 1) * rest.dilation;
      const reach = inner * b;
      const begin = rest.same ? b * Math.floor(inner / 2) : 0;
      const wanted = fits === "SAME" ? Math.floor(reach / 2) : fits === "VALID" ? 0 : cuts[i][1];
      const shift = wanted - begin;
      // The first tap moves by crop - pad when transposed, and the other way when not.
      const [pad, crop] = (rest.transposed ? shift : -shift) >= 0 ? [0, Math.abs(shift)] : [Math.abs(shift), 0];
      const size = Math.max(1, tiles[i] * b + (begins[i] % b));
      const extra = (b - ((size + pad) % b)) % b;
      const grown = pad + extra + b * (rest.same ? 0 : rest.transposed ? inner : -inner);
      const growth =
        fits === "SAME" ? 0 : fits === "VALID" ? (rest.transposed ? reach : -reach) : grown - crop - cuts[i][0];
      return { size, pads: [pad, extra], crops: [crop, grown - crop - growth] };
    };
    const [y, x] = [axis(0), axis(1)];
    return {
      ...rest,
      block: rates,
      size: [y.size, x.size] as Pair,
      pads: [y.pads, x.pads] as const,
      crops: [y.crops, x.crops] as const,
    };
  })
  .filter(({ crops, size, kernel, dilation, transposed, block, pads, same }) => {
    const fitsAxis = (i: 0 | 1): boolean => {
      const grid = (size[i] + pads[i][0] + pads[i][1]) / block[i];
      const inner = same ? grid : grid + (transposed ? 1 : -1) * (kernel[i] - 1) * dilation;
      return inner >= 1 && crops[i].every((crop) => crop >= 0) && inner * block[i] - crops[i][0] - crops[i][1] >= 1;
    };
    return fitsAxis(0) && fitsAxis(1);
  });

/** Enough for some of each kind. */
const RUNS = Math.max(150, PAIRS);

describe("a detour", () => {
  it("is the one op that is found for it", async () => {
    const counts = { SAME: 0, VALID: 0, family: 0, missing: 0 };
    await fc.assert(
      fc.asyncProperty(detours, async (drawn) => {
        const found = onlyOne(await readTfjsFile(modelOf(drawn)));
        if (!("op" in found)) {
          counts.missing++;
          expect(found).toEqual([expect.stringMatching(/^blocks, paddings and crops make a padding of .*-/)]);
          return;
        }
        counts[isFamily(found) ? "family" : found.padding]++;
        expectEqual(found, drawn);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    console.log(`detours: ${JSON.stringify(counts)}, seed ${SEED}`);
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(RUNS / 30);
  });

  it.each(["SAME", "VALID"] as const)("of TensorFlow's atrous_conv2d_transpose is %s", async (padding) => {
    for (const rate of [2, 3]) {
      for (const kernel of [
        [3, 3],
        [2, 3],
        [4, 1],
        [1, 1],
      ] as const) {
        for (const size of [
          [5, 7],
          [6, 4],
          [1, 2],
        ] as const) {
          const drawn = asTensorFlow(padding, rate, kernel, size);
          const report = await readTfjsFile(modelOf(drawn));
          const [found] = report.convolutions;
          expect(found?.type).toBe("SpaceToBatchND + Conv2DBackpropInput + BatchToSpaceND");
          const isSingle = kernel[0] === 1 && kernel[1] === 1;
          expect(found?.spec).toMatchObject({ padding: isSingle ? "SAME" : padding, rate: isSingle ? 1 : rate });
          expectEqual(found?.spec as OpSpec, drawn);
        }
      }
    }
  });

  const drawn = asTensorFlow("SAME", 2, [3, 3], [6, 6]);

  it("may have a bias in between", async () => {
    const found = onlyOne(await readTfjsFile(modelOf(drawn, "between"))) as OpSpec;
    expect(kernelName(found)).toBe("atrousConv2dTranspose_1x6x6x2_3x3x3_r2_same");
  });

  it("is none where the output in between is used as well", async () => {
    const model = modelOf(drawn);
    const report = await readTfjsFile({ ...model, outputs: ["after", "conv"] });
    expect(report.convolutions.map(({ type, spec }) => [type, kernelName(spec)])).toEqual([
      ["Conv2DBackpropInput", "atrousConv2dTranspose_4x3x3x2_3x3x3_r1_valid"],
    ]);
  });

  it("says what does not fit", async () => {
    const found = onlyOne(
      await readTfjsFile(
        modelOf({
          ...drawn,
          pads: [
            [0, 2],
            [0, 0],
          ],
          crops: [
            [2, 0],
            [2, 2],
          ],
        }),
      ),
    );
    expect(found).toEqual([
      "blocks, paddings and crops make a padding of [[2,-2],[2,2]]; no kernel has a negative one",
    ]);
    const strided = modelOf(drawn);
    const [before, conv, after] = strided.nodes as readonly [TfjsTestNode, TfjsTestNode, TfjsTestNode];
    const attributes = { ...conv.attributes, strides: { list: [1, 2, 2, 1] } };
    const stepping = await readTfjsFile({ ...strided, nodes: [before, { ...conv, attributes }, after] });
    expect(onlyOne(stepping)).toEqual(["strides [2,2] between blocks"]);
    const torn = onlyOne(await readTfjsFile(modelOf({ ...drawn, size: [7, 6] })));
    expect(torn).toEqual([expect.stringContaining("7 padded pixels are no multiple of the block 2")]);
  });
});
