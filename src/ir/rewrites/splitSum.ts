/**
 * Splits a reduction into parts, which run side by side and which a second stage adds up.
 *
 * With few outputs and many terms, one sum per output leaves most of a GPU idle.
 */
import { accessOf, mainStage } from "../access.js";
import { affine, substitute, subtract, variable } from "../affine.js";
import { failInternally } from "../errors.js";
import { load, local } from "../expr.js";
import { FreeNames } from "../freeNames.js";
import { type BufferDecl, type Program, type Stage, SUM } from "../program.js";
import { mapSubscripts } from "../visit.js";
import { replaceStage } from "./rewrite.js";

/**
 * Cuts the innermost depth axis. The main stage gets an axis in front that counts parts, and the stage `total` follows
 * it. `parts` is from 2 to the extent of the cut axis.
 */
export function splitSum(program: Program, parts: number): Program {
  const whole = mainStage(program);
  const depth = accessOf(whole, program).reduce.findLast(({ role }) => role === "depth");
  if (!depth || parts < 2 || parts > depth.extent)
    return failInternally(`${program.name} has no sum in ${parts} parts`);
  const axis = free([...whole.space, ...whole.reduce, ...program.buffers], "s");
  const chunk = Math.ceil(depth.extent / parts);
  const place = affine(0, { [axis]: chunk, [depth.name]: 1 });
  const output = program.buffers.find(({ name }) => name === whole.output.buffer) as BufferDecl;
  const sums: BufferDecl = {
    ...output,
    name: free(program.buffers, "parts"),
    shape: [parts, ...output.shape],
    dtype: "f32",
    role: "scratch",
  };
  const at = [variable(axis), ...whole.output.at];
  const inPart = new Map([[depth.name, place]]);
  const part: Stage = {
    ...whole,
    space: [{ name: axis, extent: parts }, ...whole.space],
    reduce: whole.reduce.map((one) => (one.name === depth.name ? { ...one, extent: chunk } : one)),
    domain: [
      ...whole.domain.map((form) => substitute(form, inPart)),
      ...(chunk * parts === depth.extent ? [] : [subtract(affine(depth.extent - 1), place)]),
    ],
    term: mapSubscripts(whole.term, (form) => substitute(form, inPart)),
    finish: local(SUM),
    output: { buffer: sums.name, at },
  };
  const total: Stage = {
    ...whole,
    name: free(program.run, "total"),
    reduce: [{ name: axis, extent: parts }],
    domain: [],
    term: load(sums.name, at),
  };
  return replaceStage({ ...program, buffers: [...program.buffers, sums] }, whole.name, [part, total]);
}

const free = (taken: readonly { readonly name: string }[], wish: string): string =>
  new FreeNames(taken.map(({ name }) => name)).like(wish);
