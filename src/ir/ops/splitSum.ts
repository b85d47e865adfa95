/**
 * A convolution whose sum over input channels is computed in parts, side by side, which a second stage adds up. Where there are
 * few outputs and many terms, one sum per output leaves most of a GPU idle.
 */
import { type Affine, affine, substitute, subtract, variable } from "../affine.js";
import { failInternally } from "../errors.js";
import { load, local } from "../expr.js";
import { type BufferDecl, type Program, type Stage, SUM } from "../program.js";
import { mapSubscripts } from "../visit.js";

/** `parts`: from 2 to the number of input channels. The stages are `conv`, one axis `s` more, and `total`. */
export function splitSum(program: Program, parts: number): Program {
  const [conv] = program.run;
  const channels = conv?.reduce.find(({ name }) => name === "ic")?.extent ?? 0;
  if (!conv || program.run.length > 1 || parts < 2 || parts > channels)
    return failInternally(`${program.name} has no sum in ${parts} parts`);
  const chunk = Math.ceil(channels / parts);
  const channel = affine(0, { s: chunk, ic: 1 });
  const inPart = (form: Affine) => substitute(form, new Map([["ic", channel]]));
  const output = program.buffers.find(({ name }) => name === conv.output.buffer) as BufferDecl;
  const sums: BufferDecl = { ...output, name: "parts", shape: [parts, ...output.shape], dtype: "f32", role: "scratch" };
  const at = [variable("s"), ...conv.output.at];
  const part: Stage = {
    ...conv,
    space: [{ name: "s", extent: parts }, ...conv.space],
    reduce: conv.reduce.map((axis) => (axis.name === "ic" ? { ...axis, extent: chunk } : axis)),
    domain: [...conv.domain, ...(chunk * parts === channels ? [] : [subtract(affine(channels - 1), channel)])],
    term: mapSubscripts(conv.term, inPart),
    finish: local(SUM),
    output: { buffer: sums.name, at },
  };
  const total: Stage = {
    name: "total",
    space: conv.space,
    reduce: [{ name: "s", extent: parts }],
    domain: [],
    term: load(sums.name, at),
    finish: conv.finish,
    output: conv.output,
  };
  return { ...program, buffers: [...program.buffers, sums], run: [part, total] };
}
