/**
 * The program of a member of the family. A forward convolution is its definition. A transposed one is the gradient of
 * the convolution from its output to its input, and is derived: nobody has written it down.
 */

import { withSum } from "../ir/derive/algebra.js";
import { gradient } from "../ir/derive/gradient.js";
import { type Expr, rewrite } from "../ir/expr.js";
import { epilogue } from "../ir/ops/epilogue.js";
import type { FamilySpec } from "../ir/ops/familySpec.js";
import type { BufferDecl, Program, Stage } from "../ir/program.js";
import { type FamilyConvolution, forward } from "./forward.js";

/** The program of the forward convolution, or of what transposes it. */
export function familyProgram(spec: FamilySpec, convolution: FamilyConvolution, isTransposed: boolean): Program {
  const plain = forward(convolution);
  const program = isTransposed ? transposed(plain) : plain;
  return finished(program, spec, convolution.layout.indexOf("C"));
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

/** The program with bias and activation, which go into the last stores. */
function finished(program: Program, { bias = false, activation }: FamilySpec, channels: number): Program {
  const finish = epilogue(bias, activation);
  const output = program.buffers.find(({ role }) => role === "output") as BufferDecl;
  const added: BufferDecl = { name: "bias", shape: [output.shape[channels] as number], dtype: "f32", role: "weights" };
  const rest = program.buffers.filter((buffer) => buffer !== output);
  const run = program.run.map((stage): Stage => {
    return { ...stage, finish: withSum(finish(stage.output.at[channels] as never), stage.finish) };
  });
  return { ...program, buffers: [...rest, ...(bias ? [added] : []), output], run };
}
