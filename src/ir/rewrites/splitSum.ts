/**
 * A reduction in parts, side by side, which a second stage puts together. Where there are few outputs and many terms, one sum per
 * output leaves most of a GPU idle.
 */
import { accessOf, mainStage } from "../access.js";
import { affine, substitute, subtract, variable } from "../affine.js";
import { failInternally } from "../errors.js";
import { load, local } from "../expr.js";
import { type BufferDecl, type Program, type Stage, SUM } from "../program.js";
import { mapSubscripts } from "../visit.js";
import { freeName, replaceStage } from "./rewrite.js";

/**
 * The innermost depth axis is cut. The stages are the main one, with an axis more in front that counts parts, and `total`.
 * `parts`: from 2 to the axis's extent.
 */
export function splitSum(program: Program, parts: number): Program {
  const whole = mainStage(program);
  const depth = accessOf(whole, program).reduce.findLast(({ role }) => role === "depth");
  if (!depth || parts < 2 || parts > depth.extent)
    return failInternally(`${program.name} has no sum in ${parts} parts`);
  const axis = freeName(
    "s",
    [...whole.space, ...whole.reduce, ...program.buffers].map(({ name }) => name),
  );
  const chunk = Math.ceil(depth.extent / parts);
  const place = affine(0, { [axis]: chunk, [depth.name]: 1 });
  const output = program.buffers.find(({ name }) => name === whole.output.buffer) as BufferDecl;
  const sums: BufferDecl = {
    ...output,
    name: freeName(
      "parts",
      program.buffers.map(({ name }) => name),
    ),
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
    name: freeName(
      "total",
      program.run.map(({ name }) => name),
    ),
    reduce: [{ name: axis, extent: parts }],
    domain: [],
    term: load(sums.name, at),
  };
  return replaceStage({ ...program, buffers: [...program.buffers, sums] }, whole.name, [part, total]);
}
