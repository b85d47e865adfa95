/**
 * Packing: a buffer is copied into the order in which the loops read it.
 *
 * The copy is made in `prepare` if the buffer is known before the call, else on each call. The loops of the layout
 * *are* the subscripts of the packed array, so the kernel reads it without any arithmetic. Elements past the end of a
 * split axis are zeros. They may be read freely, because no result that they enter is stored.
 */
import { type Affine, type Bounds, decide, variable, variablesOf, within } from "../ir/affine.js";
import { BYTES } from "../ir/dtype.js";
import { fail } from "../ir/errors.js";
import { type Expr, load, loadsOf, local, rewrite } from "../ir/expr.js";
import { type Axis, type BufferDecl, type BufferRole, type Stage, SUM } from "../ir/program.js";
import { checkSize } from "../ir/size.js";
import type { Nest, Pack } from "./nest.js";
import { packedName } from "./schedule.js";
import type { Target } from "./target.js";

export interface Packed {
  readonly nest: Nest;
  readonly buffers: readonly BufferDecl[];
  /** Stages that fill the packed arrays: those of `prepare`, and those that run right before the nest. */
  readonly prepare: readonly Stage[];
  readonly before: readonly Stage[];
}

/** The surroundings of a nest, as far as packing depends on them. */
export interface Surroundings {
  readonly buffers: readonly BufferDecl[];
  /** Roles of buffers that are complete before the first stage of the nest's list begins. */
  readonly known: readonly BufferRole[];
  readonly target: Target;
}

/** Applies the `pack` directives: the nest reads packed arrays, and new stages fill them. */
export function packNest(nest: Nest, surroundings: Surroundings): Packed {
  return nest.packs.reduce<Packed>(
    (packed, directive) => {
      const { decl, stage, term } = packOne(directive, packed.nest, surroundings);
      const isEarly = decl.role === "prepared";
      return {
        nest: { ...packed.nest, stage: { ...packed.nest.stage, term } },
        buffers: [...packed.buffers, decl],
        prepare: isEarly ? [...packed.prepare, stage] : packed.prepare,
        before: isEarly ? packed.before : [...packed.before, stage],
      };
    },
    { nest, buffers: [], prepare: [], before: [] },
  );
}

function packOne({ buffer, layout }: Pack, nest: Nest, { buffers, known, target }: Surroundings) {
  const refuse = (why: string): never => fail("invalid-schedule", `${nest.stage.name}: pack(${buffer}): ${why}`);
  const source = buffers.find((decl) => decl.name === buffer);
  const reads = loadsOf(nest.stage.term).filter((read) => read.buffer === buffer);
  const [read] = reads;
  if (!source || read === undefined || reads.length > 1) return refuse("the term must read it exactly once");

  const axes = layout.map((name): Axis => {
    const loop = nest.loops.find((candidate) => candidate.name === name);
    if (!loop || loop.shift) return refuse(`${name} is no loop whose values can subscript an array`);
    return { name, extent: loop.extent, ...(loop.while ? { while: loop.while } : {}) };
  });
  if (new Set(layout).size !== layout.length) refuse("each loop may be named once");
  const missing = read.at.flatMap(variablesOf).find((name) => !layout.includes(name));
  if (missing !== undefined) refuse(`the layout must name ${missing}, which its subscripts depend on`);

  const at = layout.map((name) => variable(name));
  const name = packedName(nest.stage.name, buffer);
  const decl: BufferDecl = {
    name,
    shape: axes.map((axis) => axis.extent),
    dtype: source.dtype === "f16" ? source.dtype : target.packing,
    role: known.includes(source.role) ? "prepared" : "scratch",
  };
  checkSize(name, decl.shape, BYTES[decl.dtype]);
  const { parameter } = nest.stage;
  const stage: Stage = {
    ...(parameter && axes.some((axis) => axis.while) ? { parameter } : {}),
    name: `pack${name[0]?.toUpperCase()}${name.slice(1)}`,
    space: axes,
    reduce: [],
    domain: insideOf(read.at, source.shape, axes),
    term: read,
    finish: local(SUM),
    output: { buffer: name, at },
  };
  const term = rewrite(nest.stage.term, (expr): Expr => (expr === read ? load(name, at) : expr));
  return { decl, stage, term };
}

/** The forms of `0 <= at < shape` that may fail. */
function insideOf(at: readonly Affine[], shape: readonly number[], axes: readonly Axis[]): Affine[] {
  if (axes.some((axis) => axis.extent === 0)) return [];
  const bounds: Bounds = new Map(axes.map((axis) => [axis.name, { min: 0, max: axis.extent - 1 }]));
  return at
    .flatMap((form, i) => within(form, shape[i] as number))
    .filter((form) => decide([form], bounds) !== "always");
}
