/**
 * The sketch for Winograd's stages on a GPU: three kernels, between which tiles and products lie in memory. In the transforms an
 * invocation has a tile and a channel of its own, in registers; neighbours have neighbouring channels. The products are
 * products like any other, one for each place in a tile.
 */
import { failInternally } from "../../ir/errors.js";
import { elementCount, type Program, type Stage } from "../../ir/program.js";
import type { Directive, Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import { extentOf } from "./axes.js";
import { streamCycles } from "./gpuCost.js";
import { productSketch } from "./gpuSketch.js";
import type { Sketched, SketchedProgram } from "./sketched.js";
import { fuseTiles } from "./winogradSketch.js";

/** Invocations of a workgroup in a transform. */
const TEAM = 64;

/** `products`: other directives for the stage of products. */
export function gpuWinograd({ prepare, run }: Program, target: Target, products?: Sketched): SketchedProgram {
  const stages = new Map([...prepare, ...run].map((stage) => [stage.name, stage]));
  const named = (name: string): Stage => stages.get(name) ?? failInternally(`Winograd without ${name}`);
  const product = products ?? productSketch(named("product"), target);
  const filters = [named("filterRows"), named("filterTile")] as const;
  const schedule: Schedule = {
    filterRows: [...pairs(filters[0], ["kx", "ky", "ey"]), at("filterTile", "oci")],
    filterTile: [...pairs(filters[1], ["ey", "kx", "ex"]), ...launched("icb", "ocb", "ici", "oci")],
    read: [...transform(named("read"), "ic", ["ix", "iy"]), at("inputRows", "ix")],
    inputRows: [...transform(named("inputRows"), "ic", ["ix", "iy", "ey"]), at("inputTile", "ici")],
    inputTile: [...transform(named("inputTile"), "ic", ["ey", "ix", "ex"]), ...launched("tb", "icb", "ti", "ici")],
    product: product.directives,
    outputRows: [...transform(named("outputRows"), "oc", ["ex", "ey", "jy"]), at("output", "oci")],
    output: [...transform(named("output"), "oc", ["jy", "ex", "jx"]), ...launched("tb", "ocb", "ti", "oci")],
  };
  const [tiles, places] = [extentOf(named("product"), "t"), extentOf(named("product"), "e")];
  const moved = (channels: number) => 2 * 4 * elementCount([tiles, places, channels]);
  const transforms = [extentOf(named("product"), "ic"), extentOf(named("product"), "oc")].map((channels) =>
    streamCycles(moved(channels), target),
  );
  return {
    knobs: product.knobs,
    schedule,
    cycles: product.cycles + transforms.reduce((sum, cycles) => sum + cycles, 0),
  };
}

const at = (stage: string, axis: string): Directive => ({ do: "computeAt", stage, at: axis });

const launched = (x: string, y: string, memberY: string, memberX: string): Directive[] => [
  { do: "bind", axis: x, to: "workgroup.x" },
  { do: "bind", axis: y, to: "workgroup.y" },
  { do: "bind", axis: memberY, to: "invocation.y" },
  { do: "bind", axis: memberX, to: "invocation.x" },
];

/** So many invocations along the channels, and the rest of the team along the other axis. */
const teamAlong = (channels: number): number => {
  const sizes = [1, 2, 4, 8, 16, 32, TEAM];
  return sizes.find((size) => size >= channels) ?? TEAM;
};

/** Tiles and channels outside, what is written out inside. */
function transform(stage: Stage, channel: "ic" | "oc", inside: readonly string[]): Directive[] {
  const team = teamAlong(extentOf(stage, channel));
  return [...fuseTiles(stage), ...outside("t", TEAM / team, "tb", "ti", channel, team, inside)];
}

/** The same for filters, of which each pair of channels is a tile. */
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
