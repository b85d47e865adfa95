/** Ops with windows as programs: convolutions of all kinds, pools, and what else slides over an image. */
import { binary, type Expr, local, multiply, number, plus } from "../../src/ir/expr.js";
import { type Program, SUM } from "../../src/ir/program.js";
import { at, buffer, form } from "./kernels.js";
import { programWith, stageOf } from "./programs.js";

export const sum = local(SUM);
export const relu = (x: Expr): Expr => binary("maximum", x, number(0));
export const input = (name: string, ...shape: number[]) => buffer(name, shape, "input");
export const weights = (name: string, ...shape: number[]) => buffer(name, shape, "weights");
export const output = (...shape: number[]) => buffer("output", shape, "output");

/** What keeps a subscript inside, as text. */
export const inside = (subscript: string, size: number): string[] => {
  const { constant: first, terms } = form(subscript);
  const negated = Object.entries(terms).map(
    ([name, factor]) => `${factor < 0 ? "+" : "-"} ${Math.abs(factor)}*${name}`,
  );
  return [subscript, `${size - 1 - first} ${negated.join(" ")}`];
};

export interface Conv {
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly taps: number;
  readonly stride: number;
  readonly pad: number;
}

const pixelsOf = ({ size, taps, stride, pad }: Conv): number => Math.floor((size + 2 * pad - taps) / stride) + 1;

export function conv(own: Conv, change: { readonly bias?: boolean } = {}): Program {
  const { size, inputs, outputs, taps, stride, pad } = own;
  const pixels = pixelsOf(own);
  const [row, column] = [`${stride}*y + u - ${pad}`, `${stride}*q + v - ${pad}`] as const;
  return programWith(
    [
      input("value", 2, size, size, inputs),
      weights("filters", taps, taps, inputs, outputs),
      ...(change.bias ? [weights("bias", outputs)] : []),
      output(2, pixels, pixels, outputs),
    ],
    [
      stageOf("conv", {
        space: `n<2 y<${pixels} q<${pixels} o<${outputs}`,
        reduce: `u<${taps} v<${taps} i<${inputs}`,
        ...(pad > 0 ? { domain: [...inside(row, size), ...inside(column, size)] } : {}),
        term: multiply(at("value", "n", row, column, "i"), at("filters", "u", "v", "i", "o")),
        ...(change.bias ? { finish: relu(plus(sum, at("bias", "o"))) } : {}),
        to: ["output", "n", "y", "q", "o"],
      }),
    ],
  );
}

export function grouped(size: number, groups: number, inputs: number, outputs: number): Program {
  return programWith(
    [
      input("value", size, size, groups * inputs),
      weights("filters", 3, 3, inputs, groups * outputs),
      output(size, size, groups * outputs),
    ],
    [
      stageOf("grouped", {
        space: `y<${size} q<${size} g<${groups} o<${outputs}`,
        reduce: `u<3 v<3 i<${inputs}`,
        domain: [...inside("y + u - 1", size), ...inside("q + v - 1", size)],
        term: multiply(
          at("value", "y + u - 1", "q + v - 1", `${inputs}*g + i`),
          at("filters", "u", "v", "i", `${outputs}*g + o`),
        ),
        to: ["output", "y", "q", `${outputs}*g + o`],
      }),
    ],
  );
}

export const depthwise = (size: number, channels: number): Program =>
  programWith(
    [
      input("value", size, size, channels),
      weights("filters", 3, 3, channels),
      weights("bias", channels),
      output(size, size, channels),
    ],
    [
      stageOf("depthwise", {
        space: `y<${size} q<${size} c<${channels}`,
        reduce: "u<3 v<3",
        domain: [...inside("y + u - 1", size), ...inside("q + v - 1", size)],
        term: multiply(at("value", "y + u - 1", "q + v - 1", "c"), at("filters", "u", "v", "c")),
        finish: plus(sum, at("bias", "c")),
        to: ["output", "y", "q", "c"],
      }),
    ],
  );

export const channelsFirst = (size: number, inputs: number, outputs: number): Program =>
  programWith(
    [
      input("value", inputs, size + 2, size + 2),
      weights("filters", outputs, inputs, 3, 3),
      output(outputs, size, size),
    ],
    [
      stageOf("conv", {
        space: `o<${outputs} y<${size} q<${size}`,
        reduce: `i<${inputs} u<3 v<3`,
        term: multiply(at("value", "i", "y + u", "q + v"), at("filters", "o", "i", "u", "v")),
        to: ["output", "o", "y", "q"],
      }),
    ],
  );

export const patches = (patch: number, tiles: number, outputs: number): Program =>
  programWith(
    [
      input("value", patch * tiles, patch * tiles, 3),
      weights("filters", patch, patch, 3, outputs),
      output(tiles, tiles, outputs),
    ],
    [
      stageOf("patches", {
        space: `y<${tiles} q<${tiles} o<${outputs}`,
        reduce: `u<${patch} v<${patch} i<3`,
        term: multiply(at("value", `${patch}*y + u`, `${patch}*q + v`, "i"), at("filters", "u", "v", "i", "o")),
        to: ["output", "y", "q", "o"],
      }),
    ],
  );

export const filterGradient = (size: number, inputs: number, outputs: number): Program =>
  programWith(
    [input("value", size, size, inputs), input("dy", size, size, outputs), output(3, 3, inputs, outputs)],
    [
      stageOf("gradient", {
        space: `u<3 v<3 i<${inputs} o<${outputs}`,
        reduce: `y<${size} q<${size}`,
        domain: [...inside("y + u - 1", size), ...inside("q + v - 1", size)],
        term: multiply(at("value", "y + u - 1", "q + v - 1", "i"), at("dy", "y", "q", "o")),
        to: ["output", "u", "v", "i", "o"],
      }),
    ],
  );

export const averagePool = (size: number, channels: number): Program =>
  programWith(
    [input("value", 2 * size, 2 * size, channels), output(size, size, channels)],
    [
      stageOf("average", {
        space: `y<${size} q<${size} c<${channels}`,
        reduce: "u<2 v<2",
        term: at("value", "2*y + u", "2*q + v", "c"),
        finish: multiply(sum, number(0.25)),
        to: ["output", "y", "q", "c"],
      }),
    ],
  );

export function maxPool(size: number, channels: number): Program {
  const pixels = Math.ceil(size / 2);
  return programWith(
    [input("value", size, size, channels), output(pixels, pixels, channels)],
    [
      stageOf("largest", {
        space: `y<${pixels} q<${pixels} c<${channels}`,
        reduce: "u<3 v<3",
        combine: "maximum",
        domain: [...inside("2*y + u - 1", size), ...inside("2*q + v - 1", size)],
        term: at("value", "2*y + u - 1", "2*q + v - 1", "c"),
        to: ["output", "y", "q", "c"],
      }),
    ],
  );
}

/** How alike two images are at places a little apart. */
export const costVolume = (size: number, channels: number): Program =>
  programWith(
    [input("a", size, size, channels), input("b", size, size, channels), output(size, size, 5, 5)],
    [
      stageOf("cost", {
        space: `y<${size} q<${size} s<5 t<5`,
        reduce: `c<${channels}`,
        domain: [...inside("y + s - 2", size), ...inside("q + t - 2", size)],
        term: multiply(at("a", "y", "q", "c"), at("b", "y + s - 2", "q + t - 2", "c")),
        to: ["output", "y", "q", "s", "t"],
      }),
    ],
  );
