/**
 * Gradients, derived: from a program, the program that computes the derivative of `<upstream, output>` with respect to
 * one of its tensors.
 *
 * The gradient of a convolution with respect to its image is the transposed convolution. Nothing here knows of either:
 * functions have derivatives (`adjoints.ts`), sums are inverted (`collect.ts`), and stages follow one another in
 * reverse (`backward.ts`). The result is a program like any other, so it has gradients, too.
 */
import { cut, fail } from "../errors.js";
import { loadsOf } from "../expr.js";
import { FreeNames } from "../freeNames.js";
import type { PhasesAs } from "../phases.js";
import type { BufferDecl, BufferRole, Program, Stage } from "../program.js";
import { assembled } from "./assembled.js";
import { Backward } from "./backward.js";
import { GradientDraft } from "./draft.js";
import { Forward } from "./forward.js";
import { namesOfAll, renamedApart } from "./renamed.js";

export interface GradientOptions {
  /** The output that `upstream` belongs to. Needed where a program has several. */
  readonly output?: string;
  /** Tensors that are given once, to `prepare`. Default none: all are given on every call. */
  readonly weights?: readonly string[];
  /**
   * How the phases of strides are told apart. Default "stages", in which phases with equally many taps share an axis
   * where they have such a form. With "axis" all phases do, in two stages: taps that a phase does not have are
   * multiplied by 0, so that an infinite number may become NaN.
   */
  readonly phases?: PhasesAs;
}

const UPSTREAM = "upstream";
const OUTPUT = "output";

/**
 * The program of the gradient. Its inputs are `upstream`, of the shape of the output, and those tensors of the program
 * that it reads. Its output is `output`, of the shape of `tensor`. Where a tensor of the program is called `upstream`
 * or `output`, that one is `upstream1` or `output1` here, or the first such name that is free.
 * @throws TilewrightError `invalid-argument` for names that the program does not have, `not-derivable`
 */
export function gradient(given: Program, tensor: string, options: GradientOptions = {}): Program {
  const result = bufferOf(given, "tensor", tensor, ["input", "weights"]);
  const weighted = bufferOf(given, "output", options.output ?? onlyOutputOf(given), ["output"]);
  for (const name of options.weights ?? []) bufferOf(given, "tensor", name, ["input", "weights"]);
  const [program, nameOf] = renamedApart(given, [UPSTREAM, OUTPUT]);
  const stages = [...program.prepare, ...program.run];
  const active = dependents(stages, nameOf(tensor));
  const upstream: BufferDecl = { ...weighted, name: UPSTREAM, role: "input" };
  const names = new FreeNames([UPSTREAM, OUTPUT, ...namesOfAll(program)]);
  const draft = new GradientDraft([upstream, ...program.buffers], names);
  const forward = new Forward(stages, draft);
  const backward = new Backward(nameOf(weighted.name), UPSTREAM, {
    forward,
    draft,
    phases: options.phases ?? "stages",
    isActive: (buffer) => active.has(buffer),
  });
  for (const stage of forward.stages.toReversed()) backward.pass(stage);
  if (!backward.awaits(nameOf(tensor))) {
    const output = weighted.name;
    fail(
      "not-derivable",
      `the gradient of ${given.name} with respect to ${tensor} is 0: ${output} does not change with it`,
    );
  }
  backward.write(nameOf(tensor), OUTPUT);
  const parts = {
    name: draft.nameLike(`${given.name}Gradient`),
    buffers: [...draft.buffers, { ...result, name: OUTPUT, role: "output" as const }],
    stages: [...forward.neededBy(draft.stages), ...draft.stages],
  };
  return assembled(parts, OUTPUT, (options.weights ?? []).map(nameOf));
}

function bufferOf(
  { name: program, buffers }: Program,
  what: string,
  name: string,
  roles: readonly BufferRole[],
): BufferDecl {
  const known = buffers.filter(({ role }) => roles.includes(role));
  const found = known.find((one) => one.name === name);
  const list = known.map((one) => one.name).join(", ");
  return found ?? fail("invalid-argument", `${program} has no ${what} called ${cut(name)}; it has ${list}`);
}

function onlyOutputOf({ name: program, buffers }: Program): string {
  const [first, ...more] = buffers.filter(({ role }) => role === "output").map(({ name }) => name);
  if (first !== undefined && more.length === 0) return first;
  const list = [first, ...more].join(", ");
  return fail(
    "invalid-argument",
    `${program} has the outputs ${list}; say in \`output\` which one upstream belongs to`,
  );
}

/** The buffer, and those that are computed from it. */
function dependents(stages: readonly Stage[], buffer: string): ReadonlySet<string> {
  const found = new Set([buffer]);
  for (const { term, finish, output } of stages) {
    if ([...loadsOf(term), ...loadsOf(finish)].some((read) => found.has(read.buffer))) found.add(output.buffer);
  }
  return found;
}
