/** Derived gradients beside those by the book. */
import { type GradientOptions, gradient } from "../../src/ir/derive/gradient.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { printProgram } from "../../src/ir/print.js";
import { type BufferDecl, elementCount, type Program } from "../../src/ir/program.js";
import { givenFor, smallIntegers } from "./run.js";
import { scatteredGradients } from "./scatter.js";

/** What is given to a program, as far as it can be differentiated in no time. */
export const tensorsOf = ({ buffers }: Program): readonly BufferDecl[] =>
  buffers.filter(({ role, shape }) => (role === "input" || role === "weights") && elementCount(shape) < 20_000);

export const outputOf = ({ buffers }: Program): BufferDecl =>
  buffers.find(({ role }) => role === "output") as BufferDecl;

/** The gradient; undefined if it is refused because nothing depends on the tensor. */
export function gradientUnlessZero(program: Program, tensor: string, options: GradientOptions): Program | undefined {
  try {
    return gradient(program, tensor, options);
  } catch (error) {
    if (error instanceof TilewrightError && /is 0/.test(error.message)) return undefined;
    throw error;
  }
}

/**
 * What `upstream` weights the output by, and the tensors of the program under the names that a gradient has for them.
 */
export function gradientGiven(
  given: ReadonlyMap<string, ArrayLike<number>>,
  upstream: ArrayLike<number>,
): Map<string, ArrayLike<number>> {
  const other = given.has("upstream1") ? "upstream2" : "upstream1";
  const renamed = [...given].map(([name, values]) => [name === "upstream" ? other : name, values] as const);
  return new Map<string, ArrayLike<number>>(renamed).set("upstream", upstream);
}

/** The first element where a derived gradient differs from that by the book, in words. */
export function wrongGradient(program: Program, tensor: string, options: GradientOptions = {}): string | undefined {
  const output = outputOf(program);
  const given = givenFor(program, 3);
  const upstream = smallIntegers(elementCount(output.shape), 11);
  const expected = scatteredGradients(program, given, output.name, upstream).get(tensor) as Float64Array;
  const derived = gradientUnlessZero(program, tensor, options);
  const actual = derived && interpretProgram(derived, gradientGiven(given, upstream)).get("output");
  // Shares of equal extremes are no integers.
  const isClose = (a: number, b: number) => Object.is(a, b) || Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));
  const wrong = expected.findIndex((value, i) => !isClose(actual ? (actual[i] as number) : 0, value));
  if (wrong < 0 && (actual?.length ?? expected.length) === expected.length) return undefined;
  const texts = [program, ...(derived ? [derived] : [])].map(printProgram);
  return [`element ${wrong} of ${tensor} is ${actual?.[wrong]} instead of ${expected[wrong]}`, ...texts].join("\n");
}
