/**
 * Winograd's algorithm on GPUs: three kernels, between which tiles and products are in memory.
 *
 * In a transform an invocation has a tile and a channel of its own, in registers, and its neighbours have neighbouring
 * channels. The second kernel is scheduled like any other batch of matrix products, one for each place in a tile.
 */
import { accessOf } from "../../ir/access.js";
import { failInternally } from "../../ir/errors.js";
import { elementCount, type Program, type Stage } from "../../ir/program.js";
import { winogradRewrite } from "../../ir/rewrites/winograd.js";
import { PHASE_AXES } from "../../ir/rewrites/winogradProgram.js";
import type { Directive, Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import { approachOf, besideOthers, type Points } from "./approach.js";
import { streamCycles } from "./gpuCost.js";
import { allPoints, bestPoint, type ProgramPoint } from "./stagePoints.js";
import { fuseTiles } from "./winogradDirectives.js";

/** Invocations of a workgroup of a transform. */
const TEAM = 64;

export const winogradOnGpu = approachOf(winogradRewrite, besideOthers(points));

function* points(
  ...[rewritten, { sketches, target }, , breadth]: Parameters<Points<"winograd">>
): Generator<ProgramPoint> {
  const program = rewritten();
  // A schedule for a team has no place for them.
  if (stageNamed(program, "output").space.some(({ name }) => PHASE_AXES.includes(name))) return;
  const access = accessOf(stageNamed(program, "product"), program);
  const products = breadth === "all" ? allPoints(sketches, access, target) : [bestPoint(sketches, access, target)];
  const transforms = transformCycles(program, target);
  for (const { knobs, cycles, directives } of products)
    yield { knobs, cycles: cycles + transforms, schedule: () => scheduleOf(program, directives()) };
}

const stageNamed = ({ prepare, run }: Program, name: string): Stage =>
  [...prepare, ...run].find((stage) => stage.name === name) ?? failInternally(`Winograd without ${name}`);

const extentOf = ({ space, reduce }: Stage, name: string): number =>
  [...space, ...reduce].find((axis) => axis.name === name)?.extent ?? failInternally(`a stage without ${name}`);

/** Cycles for reading and writing the numbers between the kernels. */
function transformCycles(program: Program, target: Target): number {
  const product = stageNamed(program, "product");
  const moved = (channels: "ic" | "oc") =>
    2 * 4 * elementCount((["t", "e", channels] as const).map((axis) => extentOf(product, axis)));
  return streamCycles(moved("ic"), target) + streamCycles(moved("oc"), target);
}

function scheduleOf(program: Program, product: readonly Directive[]): Schedule {
  const named = (name: string) => stageNamed(program, name);
  return {
    filterRows: [...pairs(named("filterRows"), ["kx", "ky", "ey"]), at("filterTile", "oci")],
    filterTile: [...pairs(named("filterTile"), ["ey", "kx", "ex"]), ...launched("icb", "ocb", "ici", "oci")],
    read: [...transform(named("read"), "ic", ["ix", "iy"]), at("inputRows", "ix")],
    inputRows: [...transform(named("inputRows"), "ic", ["ix", "iy", "ey"]), at("inputTile", "ici")],
    inputTile: [...transform(named("inputTile"), "ic", ["ey", "ix", "ex"]), ...launched("tb", "icb", "ti", "ici")],
    product,
    outputRows: [...transform(named("outputRows"), "oc", ["ex", "ey", "jy"]), at("output", "oci")],
    output: [...transform(named("output"), "oc", ["jy", "ex", "jx"]), ...launched("tb", "ocb", "ti", "oci")],
  };
}

const at = (stage: string, axis: string): Directive => ({ do: "computeAt", stage, at: axis });

const launched = (x: string, y: string, memberY: string, memberX: string): Directive[] => [
  { do: "bind", axis: x, to: "workgroup.x" },
  { do: "bind", axis: y, to: "workgroup.y" },
  { do: "bind", axis: memberY, to: "invocation.y" },
  { do: "bind", axis: memberX, to: "invocation.x" },
];

/** The invocations of a team along the channels; the rest of the team is along the other axis. */
const teamAlong = (channels: number): number => {
  const sizes = [1, 2, 4, 8, 16, 32, TEAM];
  return sizes.find((size) => size >= channels) ?? TEAM;
};

/** A transform of tiles: invocations are along tiles and channels, and the axes of `inside` are unrolled. */
function transform(stage: Stage, channel: "ic" | "oc", inside: readonly string[]): Directive[] {
  const team = teamAlong(extentOf(stage, channel));
  return [...fuseTiles(stage), ...outside("t", TEAM / team, "tb", "ti", channel, team, inside)];
}

/** A transform of filters: invocations are along pairs of channels, and the axes of `inside` are unrolled. */
function pairs(stage: Stage, inside: readonly string[]): Directive[] {
  const team = teamAlong(extentOf(stage, "oc"));
  return outside("ic", TEAM / team, "icb", "ici", "oc", team, inside);
}

function outside(
  rows: string,
  rowTeam: number,
  rowBlock: string,
  row: string,
  channel: string,
  team: number,
  inside: readonly string[],
): Directive[] {
  return [
    { do: "split", axis: rows, by: rowTeam, into: [rowBlock, row], tail: "guard" },
    { do: "split", axis: channel, by: team, into: [`${channel}b`, `${channel}i`], tail: "guard" },
    { do: "reorder", axes: [rowBlock, `${channel}b`, row, `${channel}i`, ...inside] },
    ...inside.map((axis): Directive => ({ do: "unroll", axis })),
  ];
}
