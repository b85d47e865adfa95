/**
 * Specs: the shapes and attributes of one call, checked before anything is compiled or allocated.
 * Every refusal names the argument, the rule, what was given and what would be legal.
 */
import { fail, reading, show } from "../errors.js";
import { meant, meantValue, nearest } from "../meant.js";
import { checkSize, MAX_ELEMENTS } from "../size.js";
import { type Activation, PLAIN_ACTIVATIONS } from "./epilogue.js";
import { type AnyLengthSpec, FAMILY_OPS, type FamilySpec } from "./familySpec.js";
import type { FormulaSpec } from "./formulaSpec.js";
import { type Rate, rateText } from "./rate.js";
import { SHORTHANDS, type ShorthandSpec } from "./shorthandSpec.js";

export type Shape4 = readonly [number, number, number, number];
export type Padding = "SAME" | "VALID";
export type OpName = "atrousConv2dTranspose" | "conv2d";

export interface OpSpec {
  readonly op: OpName;
  /** [N, H, W, Ci] */
  readonly value: Shape4;
  /** atrousConv2dTranspose: [kh, kw, Co, Ci], output channels first; conv2d: [kh, kw, Ci, Co] */
  readonly filters: Shape4;
  /** Distance between taps in pixels, >= 1: on both axes, or between rows and between columns. */
  readonly rate: Rate;
  readonly padding: Padding;
  /** True if a bias [Co] is added to the sum. Default false. */
  readonly bias?: boolean;
  readonly activation?: Activation;
}

/** A spec that has been read: a convolution of the library by name, or a formula. */
export type Spec = AnyLengthSpec | OpSpec | FamilySpec | FormulaSpec;

/** Anything that can be compiled. A shorthand becomes a formula when it is read. */
export type GivenSpec = Spec | ShorthandSpec;

/** The sizes of a call, which follow from its spec. */
export interface Geometry {
  readonly batch: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Input and output size, kernel size and padding before, for rows (y) and columns (x). */
  readonly y: AxisGeometry;
  readonly x: AxisGeometry;
  readonly outputShape: Shape4;
}

export interface AxisGeometry {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly pad: number;
  readonly dilation: number;
}

const OPS: readonly OpName[] = ["atrousConv2dTranspose", "conv2d"];
/** The names of the library's ops. */
export const ALL_OPS: readonly string[] = [...new Set<string>([...OPS, ...FAMILY_OPS, ...SHORTHANDS])];
const KEYS = ["op", "value", "filters", "rate", "padding", "bias", "activation"];

const by = (height: number, width: number): string => `${height}x${width}`;

/** Checks an untrusted spec and returns it in canonical form: known keys only, without defaults. */
export const checkSpec = (spec: unknown): OpSpec => reading("a spec", () => specFrom(spec), "invalid-spec");

function specFrom(spec: unknown): OpSpec {
  if (typeof spec !== "object" || spec === null) {
    return fail("invalid-spec", `a spec is an object such as { op, value, filters, rate, padding }; got ${show(spec)}`);
  }
  // Read once: a getter may answer otherwise when it is asked again.
  const given: Record<string, unknown> = { ...spec };
  const op = given.op as OpName;
  if (!OPS.includes(op)) {
    const hint = meantValue(given.op, ALL_OPS);
    fail("invalid-spec", `op must be one of ${ALL_OPS.join(", ")}; got ${show(given.op)}${hint}`);
  }
  const strange = Object.keys(given).find((key) => !KEYS.includes(key));
  if (strange !== undefined) refuseKey(strange, op, given.rate);
  const bias = checkBias(given.bias);
  const activation = checkActivation(given.activation);
  const checked: OpSpec = {
    op,
    value: checkShape("value", given.value, "[N, H, W, Ci]", 0),
    filters: checkShape("filters", given.filters, op === "conv2d" ? "[kh, kw, Ci, Co]" : "[kh, kw, Co, Ci]", 0),
    rate: checkRates(given.rate),
    padding: checkPadding(given.padding),
    ...(bias ? { bias } : {}),
    ...(activation === undefined ? {} : { activation }),
  };
  geometryOf(checked);
  return Object.freeze(checked);
}

/** Attributes that ops of these names have in the convolution family. */
const FAMILY_KEYS = {
  forward: ["strides", "dilations", "groups", "prologue", "residual", "layout", "filterLayout", "convention"],
  transposed: ["outputShape", "outputPadding"],
} as const satisfies Readonly<Record<string, readonly (keyof FamilySpec)[]>>;

/** The ops of this file have a rate. Those of the family have all else. */
function refuseKey(key: string, op: OpName, rate: unknown): never {
  const isTransposed = op === "atrousConv2dTranspose";
  const family = nearest(key, [...FAMILY_KEYS.forward, ...(isTransposed ? FAMILY_KEYS.transposed : [])]);
  if (family === undefined || nearest(key, KEYS) !== undefined) {
    fail("invalid-spec", `a spec has no ${show(key)}; it may have ${KEYS.join(", ")}${meant(key, KEYS)}`);
  }
  const subject = isTransposed ? `an ${op}` : `a ${op} with a "rate"`;
  const lacks = family === "strides" ? `stride 1 and no ${show(key)}` : `no ${show(key)}`;
  const dilations = show([rate, rate].flat().slice(0, 2)).replace(",", ", ");
  const remedy = `write ${isTransposed ? 'op: "conv2dTranspose" with ' : ""}dilations: ${dilations}`;
  const spelling = family === key ? "" : `, and ${family} in place of ${key}`;
  return fail("invalid-spec", `${subject} has ${lacks}; ${remedy} in place of rate: ${show(rate)}${spelling}`);
}

function checkShape(name: string, shape: unknown, layout: string, least: number): Shape4 {
  const sizes: readonly unknown[] = Array.isArray(shape) ? shape.slice(0, 5) : [];
  if (sizes.length !== 4) {
    return fail("invalid-shape", `${name} must have 4 dimensions ${layout}; got ${show(shape)}`);
  }
  if (sizes.some((size) => typeof size === "object" && size !== null)) {
    fail(
      "invalid-shape",
      `sizes that calls choose are for specs with strides and dilations, and no rate; got ${show(shape)}`,
    );
  }
  for (const size of sizes) {
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < least) {
      fail("invalid-shape", `${name} ${layout} takes integers >= ${least}; got ${show(shape)}`);
    }
  }
  const [a, b, c, d] = sizes as number[];
  return Object.freeze([a as number, b as number, c as number, d as number] as const);
}

/** True if there is one. */
export function checkBias(bias: unknown): boolean {
  if (bias === undefined || typeof bias === "boolean") return bias ?? false;
  return fail(
    "invalid-spec",
    `bias says whether there is one (true or false); got ${show(bias)}. Its values go to prepare()`,
  );
}

const isRate = (rate: unknown): rate is number => typeof rate === "number" && Number.isSafeInteger(rate) && rate >= 1;

/** Two equal rates are one. */
function checkRates(given: unknown): Rate {
  if (!Array.isArray(given)) return checkRate(given);
  const [rows, columns, ...more]: readonly unknown[] = given.slice(0, 3);
  if (!isRate(rows) || !isRate(columns) || more.length > 0) {
    return fail(
      "invalid-spec",
      `rate must be an integer >= 1, or one for rows and one for columns; got ${show(given)}`,
    );
  }
  return rows === columns ? rows : Object.freeze([rows, columns] as const);
}

/** One rate for both axes. */
export function checkRate(rate: unknown): number {
  if (isRate(rate)) return rate;
  return fail("invalid-spec", `rate must be an integer >= 1, one for both axes; got ${show(rate)}`);
}

/** The rates of rows and of columns. */
const ratesOf = ({ rate }: OpSpec): readonly [number, number] => (typeof rate === "number" ? [rate, rate] : rate);

function checkPadding(padding: unknown): Padding {
  if (padding === "SAME" || padding === "VALID") return padding;
  const hint = meantValue(padding, ["SAME", "VALID"]);
  const list = Array.isArray(padding) ? "; explicit padding lists are not supported" : "";
  return fail("invalid-spec", `padding must be exactly "SAME" or "VALID"; got ${show(padding)}${hint}${list}`);
}

export function checkActivation(activation: unknown, name = "activation"): Activation | undefined {
  if (activation === undefined) return undefined;
  const plain = PLAIN_ACTIVATIONS.find((one) => one === activation);
  if (plain) return plain;
  if (typeof activation === "object" && activation !== null) {
    const { kind, alpha, min, max } = activation as Record<string, unknown>;
    // An infinite alpha would turn 0 into NaN, and snake divides by it.
    const isAlpha = typeof alpha === "number" && Number.isFinite(Math.fround(alpha));
    if (isAlpha && (kind === "leakyRelu" || kind === "elu")) return { kind, alpha };
    if (isAlpha && kind === "snake" && Math.fround(alpha) !== 0) return { kind, alpha };
    if (kind === "clip" && typeof min === "number" && typeof max === "number" && min <= max) return { kind, min, max };
  }
  const hint = meantValue(activation, PLAIN_ACTIVATIONS);
  return fail(
    "invalid-spec",
    `${name} must be ${PLAIN_ACTIVATIONS.map(show).join(", ")}, ` +
      '{ kind: "leakyRelu", "elu" or "snake", alpha } with an alpha that float32 can hold and, for snake, is not 0, ' +
      `or { kind: "clip", min, max } with min <= max; got ${show(activation)}${hint}`,
  );
}

/** The sizes of a call. Throws if the shapes do not fit each other or cannot be indexed. */
export function geometryOf(spec: OpSpec): Geometry {
  const [batch, height, width, channels] = spec.value;
  const [kh, kw, third, fourth] = spec.filters;
  const transposed = spec.op === "atrousConv2dTranspose";
  const [inputChannels, outputChannels] = transposed ? [fourth, third] : [third, fourth];
  const layout = transposed ? "[kh, kw, Co, Ci]" : "[kh, kw, Ci, Co]";
  if (kh < 1 || kw < 1) fail("invalid-shape", `filters ${layout} need a kernel of at least 1x1; got ${by(kh, kw)}`);
  if (outputChannels < 1) fail("invalid-shape", `filters ${layout} need Co >= 1; got ${show(spec.filters)}`);
  if (inputChannels !== channels) {
    fail(
      "invalid-shape",
      `filters ${layout} must have as many input channels as value: value ${show(spec.value)} has ${channels}, ` +
        `filters ${show(spec.filters)} have ${inputChannels}`,
    );
  }
  const [rows, columns] = ratesOf(spec);
  const y = extentOf(spec, height, kh, rows);
  const x = extentOf(spec, width, kw, columns);
  if (y.output < 0 || x.output < 0) {
    fail(
      "invalid-shape",
      `VALID with rate ${rateText(spec.rate)} and a ${by(kh, kw)} kernel needs an image of at least ` +
        `${by((kh - 1) * rows, (kw - 1) * columns)}; value is ${by(height, width)}`,
    );
  }
  const outputShape: Shape4 = [batch, y.output, x.output, outputChannels];
  for (const [name, shape] of [
    ["value", spec.value],
    ["filters", spec.filters],
    ["the output", outputShape],
  ] as const) {
    checkSize(name, shape);
  }
  return { batch, inputChannels, outputChannels, y, x, outputShape };
}

/** The sizes along an axis. SAME keeps the size. VALID grows it by the kernel's span if transposed, else shrinks it. */
function extentOf({ op, padding }: OpSpec, input: number, kernel: number, dilation: number): AxisGeometry {
  const span = (kernel - 1) * dilation;
  if (!Number.isSafeInteger(span))
    fail("too-large", `a kernel of ${kernel} at rate ${dilation} spans more pixels than can be counted`);
  if (padding === "SAME") return { input, output: input, kernel, pad: Math.floor(span / 2), dilation };
  const output = op === "conv2d" ? input - span : input + span;
  if (output > MAX_ELEMENTS)
    fail("too-large", `VALID turns ${input} pixels into ${output}; at most ${MAX_ELEMENTS} can be counted`);
  return { input, output, kernel, pad: 0, dilation };
}

/** Checks the output shape that a caller states. Only one is legal; TensorFlow's signature asks for it all the same. */
export function checkOutputShape(spec: OpSpec, asked: unknown): void {
  const { y, x, outputShape } = geometryOf(spec);
  if (!Array.isArray(asked) || asked.length !== 4) {
    fail(
      "invalid-shape",
      `output_shape must have 4 entries [N, OH, OW, Co], here ${show(outputShape)}; got ${show(asked)}`,
    );
  }
  const [batch, height, width, channels] = asked as unknown[];
  if (batch !== outputShape[0]) {
    fail(
      "invalid-shape",
      `output_shape must keep value's batch of ${outputShape[0]} (-1 is no wildcard); it asks for ${show(batch)}`,
    );
  }
  if (height !== y.output || width !== x.output) {
    fail(
      "invalid-shape",
      `${spec.padding} with rate ${rateText(spec.rate)} and a ${by(y.kernel, x.kernel)} kernel turns ` +
        `${by(y.input, x.input)} into ${by(y.output, x.output)}; output_shape asks for ${show(height)}x${show(width)}`,
    );
  }
  if (channels !== outputShape[3]) {
    fail(
      "invalid-shape",
      `output_shape must end in filters' ${outputShape[3]} output channels; it asks for ${show(channels)}`,
    );
  }
}
