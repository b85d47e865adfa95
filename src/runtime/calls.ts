/** `atrousConv2dTranspose` with TensorFlow's arguments, and `interpret`, the oracle. */
import { type AnyLength, programAt } from "../ir/anyLength.js";
import { canonical } from "../ir/definition.js";
import { fail, reading, show, TilewrightError } from "../ir/errors.js";
import { interpretProgram } from "../ir/interpret.js";
import type { Activation } from "../ir/ops/epilogue.js";
import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { programOf } from "../ir/ops/index.js";
import type { ShorthandSpec } from "../ir/ops/shorthandSpec.js";
import { checkOutputShape, checkRate, checkSpec, type GivenSpec, type OpSpec, type Padding } from "../ir/ops/spec.js";
import { isFormula } from "../ir/ops/specKind.js";
import { anyLengthWithin } from "../ir/ops/specWithProgram.js";
import { checkOptions } from "../ir/options.js";
import { onlyOutput, type Program } from "../ir/program.js";
import { inDeclaredOrder } from "./arguments.js";
import { CallLength } from "./callLength.js";
import { type CompileOptions, compile } from "./compile.js";
import type { NamedAs, NamesOf } from "./formulaKernel.js";
import { readSpec } from "./specs.js";
import { elementsOf, isFloat32Array, type Tensor, type Values } from "./tensor.js";
import { tensorsOf } from "./tensors.js";

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
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`; `not-ready` for a spec
 *   whose
 *   reader nothing has loaded: await `ready()` first
 */
export function interpret<T extends Values>(
  spec: AnyLengthSpec | FamilySpec | OpSpec,
  value: T,
  filters: Values,
  bias?: Values,
): T extends Tensor ? Tensor<Float64Array> : Float64Array;
/**
 * Computes a formula by its definition, in float64. Throws `not-ready` as long as nothing has loaded the parser: await
 * `ready()` first.
 * @param tensors the inputs and weights by name
 * @returns the outputs by name: elements if all tensors are bare elements, else tensors
 */
export function interpret<const S extends FormulaSpec | ShorthandSpec>(
  spec: S,
  tensors: NamedAs<NamesOf<S>["inputs"] | NamesOf<S>["weights"], Values>,
): NamedAs<NamesOf<S>["outputs"], Float64Array | Tensor<Float64Array>>;
export function interpret(spec: GivenSpec, given: unknown, filters?: Values, bias?: Values): unknown {
  const checked = readSpec(spec);
  const anyLength = anyLengthWithin(checked);
  const program = anyLength ? programOfCall(anyLength, given) : programOf(checked);
  return isFormula(checked) ? interpretByName(program, given) : interpretOp(program, given as Values, filters, bias);
}

/** The program of a call that chooses its length by its input. */
function programOfCall({ program, parameter }: AnyLength, value: unknown): Program {
  const { units = parameter.max } = new CallLength(tensorsOf(program.buffers, {}), parameter).ofInputs(value);
  return canonical(programAt(program, units));
}

function interpretByName(program: Program, given: unknown): unknown {
  const declared = program.buffers.filter(({ role }) => role === "input" || role === "weights");
  const values = reading("the tensors", () => inDeclaredOrder("tensor", declared, given));
  const arrays = declared.map(({ name, shape }, i) => [name, elementsOf(name, values[i], shape)] as const);
  const results = interpretProgram(program, new Map(arrays));
  const outputs = program.buffers.filter(({ role }) => role === "output");
  const isBare = values.every(isFloat32Array);
  return Object.fromEntries(
    outputs.map(({ name, shape }) => {
      const data = results.get(name) as Float64Array;
      return [name, isBare ? data : { shape, data }];
    }),
  );
}

function interpretOp(program: Program, value: Values, filters: unknown, bias: unknown): unknown {
  const given = Object.entries({ value, filters, bias }).flatMap(([name, values]) => {
    const declared = program.buffers.find((buffer) => buffer.name === name);
    if (declared) return [[name, elementsOf(name, values, declared.shape)] as const];
    return values === undefined ? [] : fail("invalid-argument", "this spec adds no bias; say bias: true in it");
  });
  const data = interpretProgram(program, new Map(given)).get("output") as Float64Array;
  return isFloat32Array(value) ? data : { shape: onlyOutput(program)?.shape, data };
}
