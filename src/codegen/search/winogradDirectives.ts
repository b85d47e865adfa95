/**
 * The schedules of Winograd's stages on CPUs, which join all stages in one kernel.
 *
 * A block of tiles goes through input transform, products and output transform while it is in cache. Numbers between
 * the two halves of a transform stay in registers.
 */
import { accessOf } from "../../ir/access.js";
import type { Program, Stage } from "../../ir/program.js";
import { PHASE_AXES } from "../../ir/rewrites/winogradProgram.js";
import type { Directive, Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import { canLoad } from "./view.js";

/** The knobs of the sketch. */
export interface WinogradBlock {
  /** Tiles that are computed together, a multiple of `rows`. */
  readonly tiles: number;
  /** The register tile of the products: so many tiles, by vectors of output channels. */
  readonly rows: number;
  readonly columns: number;
  /** The operand that stays in the first-level cache: the weights of a few output channels, or a few of the tiles. */
  readonly stays: "weights" | "tiles";
  /** Input channels that are written out in the product: a divisor of all there are. */
  readonly unrolled: number;
}

export function winogradDirectives(program: Program, block: WinogradBlock, target: Target): Schedule {
  const stages = new Map([...program.prepare, ...program.run].map((stage) => [stage.name, stage]));
  const blocks: Directive = { do: "split", axis: "t", by: block.tiles, into: ["tb", "ti"], tail: "guard" };
  const at = (stage: string, axis: string): Directive => ({ do: "computeAt", stage, at: axis });
  /** Vectors of channels in the loops `outside`. The axes of `inside` are unrolled. */
  const inVectors = (stage: Stage, outside: readonly string[], channel: "ic" | "oc", inside: readonly string[]) => {
    const channels = stage.space.find((axis) => axis.name === channel)?.extent ?? 0;
    const written = [...inside, `${channel}u`];
    const phases = PHASE_AXES.filter((name) => stage.space.some((axis) => axis.name === name));
    return [
      ...channelVectors(channel, channels, target),
      { do: "reorder", axes: [...outside, ...phases, `${channel}o`, ...written, "lane"] },
      ...unroll(written),
      { do: isReadInVectors(program, stage, channel, target) ? "vectorize" : "unroll", axis: "lane" },
    ] satisfies Directive[];
  };
  /** A transform of a block of tiles. */
  const transform = (name: string, channel: "ic" | "oc", inside: readonly string[]): Directive[] => {
    const stage = stages.get(name) as Stage;
    return [...fuseTiles(stage), blocks, ...inVectors(stage, ["tb", "ti"], channel, inside)];
  };
  const filters = (name: string, inside: readonly string[]): Directive[] =>
    inVectors(stages.get(name) as Stage, ["ic"], "oc", inside);
  return {
    filterRows: [...filters("filterRows", ["kx", "ky", "ey"]), at("filterTile", "oco")],
    filterTile: filters("filterTile", ["ey", "kx", "ex"]),
    read: [...transform("read", "ic", ["ix", "iy"]), at("inputRows", "ix")],
    inputRows: [...transform("inputRows", "ic", ["ix", "iy", "ey"]), at("inputTile", "ico")],
    inputTile: [...transform("inputTile", "ic", ["ey", "ix", "ex"]), at("output", "tb")],
    product: productDirectives(block, target),
    outputRows: [...transform("outputRows", "oc", ["ex", "ey", "jy"]), at("output", "oco")],
    output: [
      ...transform("output", "oc", ["jy", "ex", "jx"]),
      ...(target.threads ? [{ do: "parallel", axis: "tb" } as const] : []),
    ],
  };
}

/** False where a tensor that is read has its channels first: neighbours among them are far apart. */
function isReadInVectors(program: Program, stage: Stage, channel: string, { lanes }: Target): boolean {
  const access = accessOf(stage, program);
  const axis = access.space.find(({ name }) => name === channel);
  return axis === undefined || canLoad(access, axis, lanes);
}

const unroll = (axes: readonly string[]): Directive[] => axes.map((axis) => ({ do: "unroll", axis }));

/** Fuses images, rows and columns of tiles into one loop `t`. Some stages have an axis `t` from the outset. */
export function fuseTiles({ space }: Stage): Directive[] {
  const has = (name: string) => space.some((axis) => axis.name === name);
  if (has("t")) return [];
  const fuse = (first: string, second: string, into: string): Directive => ({
    do: "fuse",
    axes: [first, second],
    into,
  });
  const row = has("py") ? "uy" : "qy";
  const column = has("px") ? "ux" : "qx";
  return [
    ...(has("py") ? [fuse("qy", "py", row)] : []),
    ...(has("px") ? [fuse("qx", "px", column)] : []),
    ...(has("n") ? [fuse("n", row, "nu")] : []),
    fuse(has("n") ? "nu" : row, column, "t"),
  ];
}

/** Channels of a vector, or of a pair of vectors if the engine joins them and there are as many. */
export const channelsAtOnce = (channels: number, { lanes, pairs }: Target): number =>
  pairs && channels >= 2 * lanes ? 2 * lanes : lanes;

/**
 * A loop over vectors of channels, or over pairs of vectors. If the channels do not fill the last one, it moves back
 * until they do, and computes a few channels twice.
 */
function channelVectors(channel: "ic" | "oc", channels: number, target: Target): Directive[] {
  const { lanes } = target;
  const by = channelsAtOnce(channels, target);
  const [outer, inner, unrolled] = [`${channel}o`, `${channel}i`, `${channel}u`] as const;
  const tail = channels < by ? "guard" : "shiftInwards";
  return [
    { do: "split", axis: channel, by, into: [outer, inner], tail },
    { do: "split", axis: inner, by: lanes, into: [unrolled, "lane"], tail: "guard" },
  ];
}

function productDirectives({ tiles, rows, columns, stays, unrolled }: WinogradBlock, { lanes }: Target): Directive[] {
  const channels = unrolled === 1 ? ["ic"] : ["ico", "icu"];
  const middle = stays === "weights" ? ["oco", "to"] : ["to", "oco"];
  return [
    { do: "split", axis: "t", by: tiles, into: ["tb", "ti"], tail: "roundUp" },
    { do: "split", axis: "ti", by: rows, into: ["to", "tu"], tail: "roundUp" },
    { do: "split", axis: "oc", by: columns * lanes, into: ["oco", "oci"], tail: "roundUp" },
    { do: "split", axis: "oci", by: lanes, into: ["ocu", "lane"], tail: "roundUp" },
    ...(unrolled === 1
      ? []
      : [{ do: "split", axis: "ic", by: unrolled, into: ["ico", "icu"], tail: "guard" } as const]),
    { do: "reorder", axes: ["tb", "e", ...middle, ...channels, "tu", "ocu", "lane"] },
    ...unroll(["tu", "ocu", ...channels.slice(1)]),
    { do: "vectorize", axis: "lane" },
    { do: "pack", buffer: "tileFilters", layout: ["e", "oco", ...channels, "ocu", "lane"] },
    { do: "computeAt", stage: "output", at: "tb" },
  ];
}
