/**
 * All that the sketch for vectors can make of a convolution: register tiles that need a register more than there is by our count
 * as well, parts of the channel loop written out, rows in blocks that stay in cache, both ways to treat the edges.
 */

import { BYTES } from "../../../ir/dtype.js";
import { loadsOf } from "../../../ir/expr.js";
import { elementCount, type Program, type Stage } from "../../../ir/program.js";
import type { Target } from "../../target.js";
import { batchAxes, extentOf, type Row } from "../axes.js";
import { spilling } from "../vectorCost.js";
import { channelBlocks, directivesOf, iterationsOf, sharedBy, type VectorTile } from "../vectorDirectives.js";
import { RowOfTiles } from "../vectorSketch.js";
import type { Points } from "./point.js";

/** Engines differ in what they keep for themselves, and in what order they load. */
const SPARE_REGISTERS = 1;
const TERMS = [1, 2, 4, 8];
/** Multiply-adds of one iteration that are written out. */
const MAX_WRITTEN = 128;
const ROWS = [1, 2, 4, 8, 16, 32];
const L2_BYTES = 1_000_000;
const BYTES_PER_CYCLE = 16; // from beyond, ahead of the arithmetic for the most part

export function* vectorSpace(program: Program, stage: Stage, target: Target): Points {
  for (const row of ["ox", "oy"] as const) {
    const image = new RowOfTiles(stage, row, target);
    for (const tile of tilesOf(image)) {
      const plan = () => ({ program, schedule: { [stage.name]: directivesOf(tile, stage, target) } });
      const cycles = image.cycles(tile) * spilling(tile, image.target) + readingCycles(tile, stage, target);
      yield { knobs: { ...tile }, cycles, plan };
    }
  }
}

function* tilesOf(image: RowOfTiles): Generator<VectorTile> {
  const { stage, target, row } = image;
  for (const registers of image.registerTiles(target.registers + SPARE_REGISTERS)) {
    const shared = target.threads ? (["channels", "images"] as const) : [sharedBy(registers, stage, target)];
    for (const terms of termsOf(registers, stage, target)) {
      const mayPeel = image.canPeel({ ...registers, terms });
      for (const peeled of mayPeel ? [true, false] : [false])
        for (const rows of blocksOfRows(stage, row))
          for (const packed of mayLeave(registers, stage) ? [true, false] : [true])
            for (const sharing of shared) yield { ...registers, terms, peeled, rows, packed, shared: sharing };
    }
  }
}

/** Whether weights may be left in their order: their lanes are neighbours there, and no block reads past their end. */
const mayLeave = ({ lanes, vectors }: Pick<VectorTile, "lanes" | "vectors">, stage: Stage): boolean =>
  lanes === "input channels" && extentOf(stage, "oc") % vectors === 0 && isInnermost("ic", stage);

const isInnermost = (axis: string, { term }: Stage): boolean =>
  [...loadsOf(term)].some(({ buffer, at }) => buffer === "filters" && at.at(-1)?.terms[axis] === 1);

/** Divisors of the iterations over channels, and all of them where those are few. */
function termsOf(tile: Pick<VectorTile, "pixels" | "vectors" | "lanes">, stage: Stage, target: Target): number[] {
  const iterations = iterationsOf(tile.lanes, stage, target);
  const isShort = (terms: number) => terms * tile.pixels * tile.vectors <= MAX_WRITTEN;
  return [...new Set([...TERMS, iterations])].filter(
    (terms) => terms === 1 || (iterations % terms === 0 && isShort(terms)),
  );
}

/** All rows at once, or blocks of them where there are several. */
const blocksOfRows = (stage: Stage, row: Row): number[] => {
  const rows = extentOf(stage, row === "ox" ? "oy" : "ox");
  return [0, ...ROWS.filter((size) => size < rows)];
};

/** What passes by more often than once: the image for each block of channels, or weights for each block of rows. */
function readingCycles({ row, rows, vectors, lanes }: VectorTile, stage: Stage, target: Target): number {
  const count = (names: readonly string[]) => elementCount(names.map((name) => extentOf(stage, name)));
  const images = count(batchAxes(stage));
  const image = count(["oy", "ox", "ic"]) * BYTES.f32;
  const weights = count(["ky", "kx", "ic", "oc"]) * BYTES.f32;
  const across = extentOf(stage, row === "ox" ? "oy" : "ox");
  const imageTimes = rows === 0 && image > L2_BYTES ? channelBlocks({ vectors, lanes }, stage, target) : 1;
  const weightTimes = rows === 0 ? 1 : images * Math.ceil(across / rows);
  return (imageTimes * images * image + weightTimes * weights) / BYTES_PER_CYCLE;
}
