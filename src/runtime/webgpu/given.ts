/** Arguments of `run` and `bind`, of which each may be a buffer. */
import { fail } from "../../ir/errors.js";
import { byName, inDeclaredOrder, isNamed, onlyOf } from "../arguments.js";
import { kindOf } from "../tensor.js";
import type { Tensors } from "../tensors.js";
import type { Declared } from "./buffers.js";
import { isBuffer } from "./device.js";

/** An argument, and the tensor that it is to be, under the name that messages have for it. */
export interface Argument {
  readonly declared: Declared;
  /** In the code. */
  readonly buffer: string;
  /** Undefined where it is missing, or a fresh output is wanted. */
  readonly given: unknown;
}

export interface Given {
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  /** Results in the form in which the inputs were given: all of them by name, or the only one. */
  readonly wrap: (results: readonly GPUBuffer[]) => unknown;
}

/** `value`: the only input, or inputs by name; `out`: likewise. */
export function givenOf({ inputs, outputs }: Tensors, value: unknown, out: unknown): Given {
  const isAll = isNamed(value, inputs);
  const values = isAll ? inDeclaredOrder("input", inputs, value) : [onlyOf("input", inputs, [value])];
  const outs = isAll ? inDeclaredOrder("output", outputs, out) : [onlyOf("output", outputs, [out])];
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

/** Whether a call is one on buffers; throws where only some of its arguments are. */
export function areBuffers({ inputs, outputs }: Given): boolean {
  const [first, ...rest] = [...inputs, ...outputs].filter(({ given }) => given !== undefined);
  const other = rest.find(({ given }) => isBuffer(given) !== isBuffer(first?.given));
  if (first && other) {
    const kinds = `${kindOf(first.given)} and ${kindOf(other.given)}`;
    fail("invalid-argument", `${first.declared.name} and ${other.declared.name} must be of one kind; got ${kinds}`);
  }
  return isBuffer(first?.given);
}

/** As messages have it. */
export const tensorsInWords = ({ inputs, outputs }: Given): string =>
  [...inputs, ...outputs].map(({ declared }) => declared.name).join(" and ");
