/** Arguments of `run` and `bind` on a GPU, each of which may be a buffer. */
import { fail, kindOf } from "../../ir/errors.js";
import { byName, inDeclaredOrder, isNamed, onlyOf } from "../arguments.js";
import type { Tensors } from "../tensors.js";
import type { Declared } from "./buffers.js";
import { isBuffer } from "./device.js";
import type { WebgpuBuffer } from "./types.js";

/** An argument, and the tensor that it stands for. */
export interface Argument {
  /** The tensor, under the argument's name in error messages. */
  readonly declared: Declared;
  /** The tensor's name in the code. */
  readonly buffer: string;
  /** Undefined for an input that is missing, or an output that is to be fresh. */
  readonly given: unknown;
}

export interface Given {
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  /** Brings results into the form of the inputs: all results by name, or the only one bare. */
  readonly wrap: (results: readonly WebgpuBuffer[]) => unknown;
}

/** `value` is the only input, or an object of inputs by name; `out` is alike for outputs. */
export function givenOf(tensors: Tensors, value: unknown, out: unknown): Given {
  const { inputs, outputs } = tensors;
  const isAll = isNamed(value, inputs);
  const values = isAll ? inDeclaredOrder("input", inputs, value, tensors) : [onlyOf("input", inputs, [value])];
  const outs = isAll ? inDeclaredOrder("output", outputs, out, tensors) : [onlyOf("output", outputs, [out])];
  const argument = (declared: Declared, given: unknown, name = declared.name): Argument => ({
    declared: { ...declared, name },
    buffer: declared.name,
    given,
  });
  return {
    inputs: inputs.map((declared, i) => argument(declared, values[i])),
    outputs: outputs.map((declared, i) => argument(declared, outs[i], isAll ? declared.name : "out")),
    wrap: (results) => (isAll ? byName(outputs, results) : results[0]),
  };
}

/** True if all arguments of a call are buffers; throws if only some are. */
export function areBuffers({ inputs, outputs }: Given): boolean {
  const [first, ...rest] = [...inputs, ...outputs].filter(({ given }) => given !== undefined);
  const other = rest.find(({ given }) => isBuffer(given) !== isBuffer(first?.given));
  if (first && other) {
    const kinds = `${kindOf(first.given)} and ${kindOf(other.given)}`;
    fail("invalid-argument", `${first.declared.name} and ${other.declared.name} must be of one kind; got ${kinds}`);
  }
  return isBuffer(first?.given);
}

/** The names of all arguments, for messages. */
export const tensorsInWords = ({ inputs, outputs }: Given): string =>
  [...inputs, ...outputs].map(({ declared }) => declared.name).join(" and ");
