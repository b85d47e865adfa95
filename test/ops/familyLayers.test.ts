/** Layers of models that people ship: each has a spec, and gives the shape that the model does. */
import { existsSync, readFileSync } from "node:fs";
import { compile, type FamilySpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { interpretProgram } from "../../src/ir/interpret.js";
import { definitionOf, specFacts } from "../../src/ir/ops/index.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { needs } from "../support/needs.js";
import { givenFor } from "../support/run.js";

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

describe("layers of real models", needs({ [NAME]: layers.length > 0 }), () => {
  test.each(layers)("$name", (layer) => {
    const spec = checkAnySpec(specOf(layer));
    expect(specFacts(spec).outputShape).toEqual(layer.output);
  });

  const small = layers.filter(({ mmac }) => mmac < 2);
  test.each(small)("$name, computed", async (layer) => {
    const kernel = await compile(specOf(layer));
    const { program } = definitionOf(kernel.spec);
    const given = givenFor(program, 1);
    const output = await kernel.run(
      given.get("value") as Float32Array,
      kernel.prepare(given.get("filters") as Float32Array),
    );
    const expected = interpretProgram(program, given).get("output") as Float64Array;
    expect(Array.from(output, (x) => x + 0)).toEqual(Array.from(expected, (x) => x + 0));
  });
});
