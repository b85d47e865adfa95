/** Calls that choose their length: how long the input is, and the tensors that such a call has. */
import { bufferAt } from "../ir/bufferAt.js";
import { fail, reading, show } from "../ir/errors.js";
import type { BufferDecl, BufferLength, Parameter } from "../ir/program.js";
import { elementCount } from "../ir/shape.js";
import { isNamed } from "./arguments.js";
import { isFloat32Array } from "./tensor.js";
import type { Tensors } from "./tensors.js";

/** The tensors of one call. `units` is undefined if calls have no choice. */
export interface CallTensors {
  readonly tensors: Tensors;
  readonly units: number | undefined;
}

type ChosenBuffer = BufferDecl & { readonly length: BufferLength };

/** Finds the tensors of calls. Those that follow one another mostly have one length. */
export class CallLength {
  readonly #tensors: Tensors;
  readonly #parameter: Parameter | undefined;
  #last: CallTensors;

  constructor(tensors: Tensors, parameter: Parameter | undefined) {
    this.#tensors = tensors;
    this.#parameter = parameter;
    this.#last = { tensors, units: undefined };
  }

  /** `given` are the inputs of a call, bare or by name. Throws `invalid-argument` if no call has their length. */
  ofInputs(given: unknown): CallTensors {
    if (!this.#parameter) return this.#last;
    return reading("an argument", () => {
      const { inputs } = this.#tensors;
      const declared = this.#chosen();
      const input = isNamed(given, inputs) ? (given as Readonly<Record<string, unknown>>)[declared.name] : given;
      return this.#of(sizeOf(declared, input), input);
    });
  }

  /** `length` is the size of the dimension that calls choose. Throws `invalid-argument` if no call has it. */
  ofLength(length: unknown): CallTensors {
    if (this.#parameter) return this.#of(length, length);
    return length === undefined ? this.#last : fail("invalid-argument", "this kernel has one length; leave it out");
  }

  #chosen(): ChosenBuffer {
    return this.#tensors.inputs.find((one): one is ChosenBuffer => one.length !== undefined) as ChosenBuffer;
  }

  #of(size: unknown, given: unknown): CallTensors {
    const { length, ...declared } = this.#chosen();
    const { min, max } = this.#parameter as Parameter;
    const units = typeof size === "number" ? (size - length.more) / length.perUnit : Number.NaN;
    if (!Number.isInteger(units) || units < min || units > max) return refuse({ ...declared, length }, min, given);
    if (units !== this.#last.units) {
      const at = (all: readonly BufferDecl[]) => all.map((one) => bufferAt(one, units));
      const { inputs, weights, outputs } = this.#tensors;
      this.#last = { units, tensors: { inputs: at(inputs), weights, outputs: at(outputs) } };
    }
    return this.#last;
  }
}

/** The size along the dimension that the call chooses. */
function sizeOf({ shape, length: { dimension } }: ChosenBuffer, input: unknown): unknown {
  if (isFloat32Array(input)) return input.length / (elementCount(shape) / (shape[dimension] as number));
  const { shape: given } = (input ?? {}) as { readonly shape?: unknown };
  return Array.isArray(given) ? given[dimension] : undefined;
}

function refuse({ name, shape, length }: ChosenBuffer, min: number, given: unknown): never {
  const { dimension, perUnit, more } = length;
  const sizes = shape.map((size, i) => (i === dimension ? "length" : size)).join(", ");
  const steps = perUnit === 1 ? "" : ` in steps of ${perUnit}`;
  const got = isFloat32Array(given)
    ? `${given.length} elements`
    : show((given as { shape?: unknown } | null)?.shape ?? given);
  return fail(
    "invalid-argument",
    `${name} is [${sizes}] with a length of ${perUnit * min + more} to ${shape[dimension]}${steps}; got ${got}`,
  );
}
