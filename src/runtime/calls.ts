/** `atrousConv2dTranspose` with TensorFlow's arguments, and `interpret`, the oracle. */
import { fail, reading, show, TilewrightError } from "../ir/errors.js";
import { interpretProgram } from "../ir/interpret.js";
import type { Activation } from "../ir/ops/epilogue.js";
import { programOf } from "../ir/ops/index.js";
import {
  checkOutputShape,
  checkRate,
  checkSpec,
  geometryOf,
  type OpSpec,
  type Padding,
  type Shape4,
} from "../ir/ops/spec.js";
import { type CompileOptions, compile } from "./compile.js";
import { checkOptions } from "./options.js";
import { elementsOf, isFloat32Array, type Tensor, type Values } from "./tensor.js";

export interface CallOptions extends Pick<CompileOptions, "target"> {
  /** [Co]: a number for each output channel, added before the activation. Default: none. */
  readonly bias?: Values;
  /** Applied to each output after the bias. Default: none. */
  readonly activation?: Activation;
  /** The call's name in error messages. Default "atrousConv2dTranspose". */
  readonly name?: string;
}

/** The most characters of a call's name that messages show. */
const MAX_NAME = 100;

/**
 * `tf.nn.atrous_conv2d_transpose`, in TensorFlow's order of arguments. The first call with a shape compiles a kernel,
 * and later calls find it in the cache.
 * @param value [N, H, W, Ci]
 * @param filters [kh, kw, Co, Ci]: output channels before input channels
 * @param outputShape [N, OH, OW, Co]; H x W for SAME, (H + (kh-1)*rate) x (W + (kw-1)*rate) for VALID
 * @param rate distance between taps in pixels, an integer >= 1
 * @returns [N, OH, OW, Co], in memory of its own
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`, `target-unavailable`
 */
export async function atrousConv2dTranspose(
  value: Tensor,
  filters: Tensor,
  outputShape: readonly number[],
  rate: number,
  padding: Padding,
  options: CallOptions = {},
): Promise<Tensor> {
  let call = "atrousConv2dTranspose";
  try {
    const { target, bias, activation, name = call } = checkOptions(options, ["target", "bias", "activation", "name"]);
    if (typeof name !== "string") fail("invalid-argument", `name must be text; got ${show(name)}`);
    call = name.slice(0, MAX_NAME);
    if ((target as unknown) === "webgpu") {
      fail("target-unavailable", 'this call prepares weights anew each time; for a GPU, compile the spec for "webgpu"');
    }
    const spec = checkSpec({
      op: "atrousConv2dTranspose",
      value: shapeOf("value", value),
      filters: shapeOf("filters", filters),
      rate: checkRate(rate),
      padding,
      bias: bias !== undefined,
      activation,
    });
    reading("output_shape", () => checkOutputShape(spec, outputShape));
    const kernel = await compile(spec, target ? { target } : {});
    try {
      return await kernel.run(value, kernel.prepare(filters, bias));
    } finally {
      kernel.dispose();
    }
  } catch (error) {
    if (!(error instanceof TilewrightError)) throw error;
    throw new TilewrightError(error.code, `${call}: ${error.message}`, error.bytes);
  }
}

function shapeOf(name: string, tensor: Tensor): readonly number[] {
  const shape = reading(name, (): unknown => (tensor as Tensor | null | undefined)?.shape);
  return Array.isArray(shape) ? shape : fail("invalid-argument", `${name} must be a tensor { shape, data }`);
}

/**
 * Computes an op by its definition, in float64: the oracle for tests and users. It is slow and needs no compiler.
 * @param value in the shape `spec.value`
 * @param filters in the shape `spec.filters`
 * @param bias [Co], if and only if the spec has `bias: true`
 * @returns a tensor of float64 if `value` is a tensor, else its elements
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`
 */
export function interpret<T extends Values>(
  spec: OpSpec,
  value: T,
  filters: Values,
  bias?: Values,
): T extends Tensor ? Tensor<Float64Array> : Float64Array {
  const checked = checkSpec(spec);
  const { outputShape } = geometryOf(checked);
  const given = new Map([
    ["value", elementsOf("value", value, checked.value)],
    ["filters", elementsOf("filters", filters, checked.filters)],
  ]);
  if (checked.bias) given.set("bias", elementsOf("bias", bias, [outputShape[3]]));
  else if (bias !== undefined) fail("invalid-argument", "this spec adds no bias; say bias: true in it");
  const data = interpretProgram(programOf(checked), given).get("output") as Float64Array;
  const result = isFloat32Array(value) ? data : { shape: outputShape as Shape4, data };
  return result as T extends Tensor ? Tensor<Float64Array> : Float64Array;
}
