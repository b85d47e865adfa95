/**
 * The program of a member of the family. A forward convolution is its definition. A transposed one is the gradient of
 * the convolution from its output to its input, and is derived: nobody has written it down.
 */

import { gradient } from "../ir/derive/gradient.js";
import { type Expr, rewrite } from "../ir/expr.js";
import type { FamilySpec } from "../ir/ops/familySpec.js";
import type { Program, Stage } from "../ir/program.js";
import { type FamilyConvolution, forward } from "./forward.js";
import { surrounded } from "./surroundings.js";

/** The program of the forward convolution, or of what transposes it. */
export function familyProgram(spec: FamilySpec, convolution: FamilyConvolution, isTransposed: boolean): Program {
  const plain = forward(convolution);
  const program = isTransposed ? transposed(plain) : plain;
  return surrounded(program, spec, convolution.layout.indexOf("C"));
}

function transposed(plain: Program): Program {
  const derived = gradient(plain, "value", { weights: ["filters"] });
  const nameOf = (name: string) => (name === "upstream" ? "value" : name);
  const read = (expr: Expr) =>
    rewrite(expr, (part) => (part.kind === "load" ? { ...part, buffer: nameOf(part.buffer) } : part));
  const isOnly = derived.run.length === 1;
  const run = derived.run.map((stage, i): Stage => {
    return { ...stage, name: isOnly ? "conv" : `conv${i}`, term: read(stage.term) };
  });
  const buffers = derived.buffers.map((buffer) => ({ ...buffer, name: nameOf(buffer.name) }));
  return { ...derived, name: plain.name, buffers, run };
}
