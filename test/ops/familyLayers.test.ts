/** Layers of models that people ship: each has a spec, gives the shape that the model does, and is right at many places. */
import { existsSync, readFileSync } from "node:fs";
import { type CompileOptions, compile, type FamilySpec, type WebgpuOptions } from "tilewright";
import { describe, expect, test } from "vitest";
import { specFacts } from "../../src/ir/ops/index.js";
import { elementCount } from "../../src/ir/program.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { HAS_TIME, IS_NIGHT } from "../support/effort.js";
import { DRIVER, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { gpuDevice } from "../support/webgpu.js";

interface Layer {
  readonly name: string;
  readonly op: "conv2d" | "conv2dTranspose";
  readonly value: readonly number[];
  readonly kernel: readonly [number, number];
  readonly channels: number;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
  /** Top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly output: readonly number[];
  /** Millions of products. */
  readonly mmac: number;
}

const FILE = new URL("../../../shared/bench/real-layers.json", import.meta.url);
const NAME = "layers of real models";
const layers: readonly Layer[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : [];

function specOf(layer: Layer): FamilySpec {
  const { op, value, kernel, channels, strides, dilations, groups, output } = layer;
  const [top, left, bottom, right] = layer.pads;
  const inputs = value[3] as number;
  const isTransposed = op === "conv2dTranspose";
  return {
    ...{ op, value, strides, dilations, groups },
    filters: [...kernel, ...(isTransposed ? [channels / groups, inputs] : [inputs / groups, channels])],
    padding: [
      [top, bottom],
      [left, right],
    ],
    ...(isTransposed ? { outputShape: output } : {}),
  };
}

/** An output by the formula of the family: `[n, y, x, o]`. */
function outputAt(layer: Layer, value: Float32Array, filters: Float32Array, at: readonly number[]): number {
  const [n = 0, y = 0, x = 0, o = 0] = at;
  const [, height = 0, width = 0, inputs = 0] = layer.value;
  const [rows, columns] = layer.kernel;
  const [own, made] = [inputs / layer.groups, layer.channels / layer.groups];
  const group = Math.floor(o / made);
  const isTransposed = layer.op === "conv2dTranspose";
  const placeOf = (axis: 0 | 1, to: number, tap: number) => {
    const [stride, reach] = [layer.strides[axis] as number, tap * (layer.dilations[axis] as number)];
    return isTransposed ? (to + layer.pads[axis] - reach) / stride : to * stride + reach - layer.pads[axis];
  };
  let sum = 0;
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < columns; b++) {
      const [from, along] = [placeOf(0, y, a), placeOf(1, x, b)];
      if (!Number.isInteger(from) || !Number.isInteger(along)) continue;
      if (from < 0 || from >= height || along < 0 || along >= width) continue;
      for (let i = 0; i < own; i++) {
        const c = group * own + i;
        const tap = a * columns + b;
        const filter = isTransposed ? (tap * made + (o % made)) * inputs + c : (tap * own + i) * layer.channels + o;
        sum += (value[((n * height + from) * width + along) * inputs + c] as number) * (filters[filter] as number);
      }
    }
  }
  return sum;
}

/** Places all over an output: its first, its last, and some between. */
function placesIn(shape: readonly number[], count: number): readonly number[][] {
  const size = elementCount(shape);
  return Array.from({ length: count }, (_, i) => {
    let offset = Math.floor((i * (size - 1)) / (count - 1));
    const at = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = offset % (shape[axis] as number);
      offset = Math.floor(offset / (shape[axis] as number));
    }
    return at;
  });
}

async function expectRight(layer: Layer, options: CompileOptions | WebgpuOptions): Promise<void> {
  const spec = specOf(layer);
  const [value, filters] = [smallIntegers(elementCount(spec.value), 1), smallIntegers(elementCount(spec.filters), 2)];
  const kernel = await compile(spec, options as CompileOptions);
  const output = await kernel.run(value, await kernel.prepare(filters));
  for (const at of placesIn(layer.output, 200)) {
    const offset = at.reduce((sum, one, i) => sum * (layer.output[i] as number) + one, 0);
    expect(output[offset], `${layer.name} at ${at}`).toBeCloseTo(outputAt(layer, value, filters, at), 10);
  }
  kernel.dispose();
}

const device = await gpuDevice();

describe("layers of real models", needs({ [NAME]: layers.length > 0 }), () => {
  test.each(layers)("$name", (layer) => {
    const spec = checkAnySpec(specOf(layer));
    expect(specFacts(spec).outputShape).toEqual(layer.output);
  });

  /** A test for each layer with fewer millions of products than there is time for: in `npm test`, `test:all`, the night. */
  const each = (few: number, many: number, most: number) =>
    test.each(layers.filter(({ mmac }) => mmac < (IS_NIGHT ? most : HAS_TIME ? many : few)));
  each(20, 2000, Number.POSITIVE_INFINITY)("$name, in WebAssembly", (layer) => expectRight(layer, { target: "wasm" }));
  each(2, 60, Number.POSITIVE_INFINITY)("$name, in JavaScript", (layer) => expectRight(layer, { target: "js" }));
  // SwiftShader computes some 10 million products in a second.
  each(1, 60, 600)("$name, on a GPU", needs({ [DRIVER]: device }), (layer) =>
    expectRight(layer, { target: "webgpu", device: device as GPUDevice }),
  );
});
