/**
 * Groups: a stage, and the stages with `computeAt` that run in its loops.
 *
 * The buffer between two such stages shrinks to the box that one iteration of the loop fills. It stays in cache, or in
 * registers, until it is read.
 */
import { type Affine, add, key, range, restrict, subtract, variablesOf } from "../ir/affine.js";
import { fail, failInternally } from "../ir/errors.js";
import { type Expr, loadsOf, rewrite } from "../ir/expr.js";
import type { BufferDecl } from "../ir/program.js";
import { boundsOf, type FusedIndex, type Loop, loopVariables, type Nest, withDependents } from "./nest.js";

/** A stage, and the groups that run in its loops. */
export interface Group {
  readonly nest: Nest;
  /** Guests in the order in which the program lists their stages. */
  readonly guests: readonly Guest[];
}

/** A group that runs in a loop of another group. */
export interface Guest extends Group {
  readonly written: Written;
}

/** The box that a stage writes in one iteration of the loop in which it runs. */
export interface Written {
  readonly buffer: string;
  /** The loop of the outer nest in which the stage runs. `common` loops belong to both nests, down to `at` itself. */
  readonly at: string;
  readonly common: number;
  readonly shape: readonly number[];
  /** Where the box begins in the whole buffer, over the common loops. */
  readonly starts: readonly Affine[];
}

/** One group for each nest without `computeAt`. */
export function groupNests(nests: readonly Nest[], buffers: readonly BufferDecl[]): Group[] {
  let shrunk = nests;
  const written = new Map<string, Written>();
  for (const { stage, computeAt } of nests) {
    if (!computeAt) continue;
    const own = writtenBy(named(stage.name, shrunk), shrunk, buffers);
    written.set(stage.name, own);
    shrunk = shrunk.map((nest) => shrink(nest, own, stage.name));
  }
  for (const { stage, computeAt } of nests) {
    const outer = computeAt && written.get(computeAt.stage);
    if (!outer || outer.common < (written.get(stage.name) as Written).common) continue;
    fail(
      "invalid-schedule",
      `${stage.name}: at(${computeAt.stage} ${computeAt.at}): ${computeAt.stage} runs in that loop itself; ` +
        "name the stage that has it",
    );
  }
  const groupOf = (nest: Nest): Group => {
    const guests = shrunk.filter(({ computeAt }) => computeAt?.stage === nest.stage.name);
    return {
      nest,
      guests: guests.map((guest) => ({ ...groupOf(guest), written: written.get(guest.stage.name) as Written })),
    };
  };
  return shrunk.filter(({ computeAt }) => computeAt === undefined).map(groupOf);
}

/** Buffers that the group reads or writes, without those that its guests fill for the group or for each other. */
export function buffersUsedBy({ nest: { stage }, guests }: Group): ReadonlySet<string> {
  const loads = [...loadsOf(stage.term), ...loadsOf(stage.finish)];
  const used = new Set([...loads.map((load) => load.buffer), stage.output.buffer]);
  for (const guest of guests) for (const name of buffersUsedBy(guest)) used.add(name);
  // A guest may read a buffer that another guest writes, so these buffers are removed last.
  for (const { written } of guests) used.delete(written.buffer);
  return used;
}

export const writtenIn = ({ guests }: Group): Written[] =>
  guests.flatMap((guest) => [guest.written, ...writtenIn(guest)]);

/** Indices that are known inside the first `count` loops, including those that the guests would compute there again. */
export function indicesOf({ nest, guests }: Group, count: number): readonly FusedIndex[] {
  const inherited = guests.flatMap((guest) => indicesOf(guest, Math.min(count, guest.written.common)));
  const all = new Map<string, FusedIndex>();
  for (const index of [...nest.indices, ...inherited]) {
    const other = all.get(index.name);
    if (other && (key(other.value) !== key(index.value) || other.divisor !== index.divisor)) {
      fail("invalid-schedule", `${nest.stage.name} and a stage in it both fuse into ${index.name}, differently`);
    }
    all.set(index.name, index);
  }
  const outside = nest.loops.slice(0, count).flatMap(loopVariables);
  const isKnown = (name: string): boolean => {
    const index = all.get(name);
    return index ? variablesOf(index.value).every(isKnown) : outside.includes(name);
  };
  return [...all.values()].filter(({ name }) => isKnown(name));
}

const named = (name: string, nests: readonly Nest[]): Nest =>
  nests.find(({ stage }) => stage.name === name) ?? failInternally(`no stage ${name}`);

const reads = ({ stage }: Nest, buffer: string): boolean =>
  [...loadsOf(stage.term), ...loadsOf(stage.finish)].some((load) => load.buffer === buffer);

function writtenBy(nest: Nest, nests: readonly Nest[], buffers: readonly BufferDecl[]): Written {
  const { stage, computeAt } = nest;
  const { stage: outerName, at } = computeAt as NonNullable<Nest["computeAt"]>;
  const refuse = (why: string): never => fail("invalid-schedule", `${stage.name}: at(${outerName} ${at}): ${why}`);
  const { buffer } = stage.output;
  if (buffers.find(({ name }) => name === buffer)?.role !== "scratch") {
    refuse(`${buffer} is no scratch buffer, and all of it is needed`);
  }
  const outer = nests.slice(nests.indexOf(nest) + 1).find((later) => later.stage.name === outerName);
  if (!outer) return refuse("there is no such stage after this one");
  const isOutside = (reader: Nest) => reads(reader, buffer) && !runsIn(reader, outerName, nests);
  const stranger = nests.find(isOutside)?.stage.name;
  if (stranger !== undefined) refuse(`${stranger} reads ${buffer} as well, and runs elsewhere`);
  const common = commonLoops(nest, outer, at, refuse);
  const bound = nest.loops.slice(common).find(({ kind }) => /^(workgroup|invocation)/.test(kind));
  if (bound)
    refuse(
      `${bound.name} is bound to ${bound.kind}, and each invocation needs all of ${buffer}; ` +
        "bind a loop that both share",
    );

  const bounds = boundsOf(nest);
  const inner = nest.loops.slice(common).flatMap(loopVariables);
  const moving = withDependents(inner, nest.indices);
  const outside = new Set(nest.loops.slice(0, common).flatMap(loopVariables));
  const shares = nest.caches.find(({ space }) => space === "workgroup");
  if (shares)
    refuse(`its cache of ${shares.buffer} cannot be shared, as it does not know who runs it; cache in local memory`);
  const dimensions = stage.output.at.map((form) => {
    const part = restrict(form, (name) => moving.has(name));
    const { min, max } = range(part, bounds);
    const start = add(subtract(form, part), min);
    if (!variablesOf(start).every((name) => outside.has(name))) refuse(`${key(form)} in ${buffer} is no box`);
    return { start, extent: Math.max(0, max - min + 1) };
  });
  return {
    buffer,
    at,
    common,
    shape: dimensions.map(({ extent }) => extent),
    starts: dimensions.map(({ start }) => start),
  };
}

/** True if the stage is the outer one, or runs in the outer one's loops at any depth. */
const runsIn = ({ stage, computeAt }: Nest, outer: string, nests: readonly Nest[]): boolean =>
  stage.name === outer || (computeAt !== undefined && runsIn(named(computeAt.stage, nests), outer, nests));

/** The number of outermost loops that the two nests have in common. They must be all loops of `outer` down to `at`. */
function commonLoops(nest: Nest, outer: Nest, at: string, refuse: (why: string) => never): number {
  const common = outer.loops.findIndex(({ name }) => name === at) + 1;
  if (common === 0) refuse(`there is no loop ${at}; there are ${outer.loops.map(({ name }) => name).join(" ")}`);
  outer.loops.slice(0, common).forEach((loop, place) => {
    if (loop.reduce) refuse(`${loop.name} is a reduction loop; what it sums must be there before`);
    const own = nest.loops[place];
    const isSame =
      own?.name === loop.name &&
      own.extent === loop.extent &&
      own.shift?.last === loop.shift?.last &&
      endOf(own) === endOf(loop);
    if (own?.reduce) refuse(`it sums over ${own.name}, which must be one loop of its own`);
    if (!isSame)
      refuse(`its loop number ${place + 1} must be ${loop.name} with ${loop.extent} iterations, as it is there`);
  });
  const given = outer.stage.parameter ? [outer.stage.parameter.name] : [];
  const names = [...given, ...outer.loops.slice(0, common).flatMap(loopVariables)];
  const cache = nest.caches.find((one) => names.includes(one.at));
  if (cache) refuse(`it caches ${cache.buffer} at ${cache.at}, which it shares; cache it in a loop of its own`);
  const held = new Set(outer.tails.flatMap(({ form, sum }) => (sum ? [key(form)] : [])));
  for (const { form } of nest.tails) {
    if (!variablesOf(form).every((name) => names.includes(name)) || held.has(key(form))) continue;
    refuse(`${outer.stage.name} does not stop at ${key(form)} >= 0; split both alike, with tail "guard"`);
  }
  return common;
}

const endOf = ({ while: end }: Loop): string => (end ? key(end) : "");

/** The nest with the buffer's subscripts counted from the beginning of the box. */
function shrink(nest: Nest, { buffer, shape, starts, at }: Written, writer: string): Nest {
  const { stage } = nest;
  const bounds = boundsOf(nest);
  const inBox = (subscripts: readonly Affine[]): Affine[] =>
    subscripts.map((form, i) => {
      const moved = subtract(form, starts[i] as Affine);
      const unbound = variablesOf(moved).some((name) => !bounds.has(name));
      const { min, max } = unbound ? { min: -1, max: 0 } : range(moved, bounds);
      if (min >= 0 && max < (shape[i] as number)) return moved;
      return fail(
        "invalid-schedule",
        `${stage.name} reads ${buffer}[${subscripts.map(key).join(", ")}], of which ` +
          `an iteration of ${at} in ${writer} makes [${starts.map(key).join(", ")}] and ${shape.join("x")} elements ` +
          "from there; tile both stages alike",
      );
    });
  const over = (expr: Expr): Expr =>
    rewrite(expr, (part) => (part.kind === "load" && part.buffer === buffer ? { ...part, at: inBox(part.at) } : part));
  const { output } = stage;
  return {
    ...nest,
    stage: {
      ...stage,
      term: over(stage.term),
      finish: over(stage.finish),
      output: output.buffer === buffer ? { ...output, at: inBox(output.at) } : output,
    },
  };
}
