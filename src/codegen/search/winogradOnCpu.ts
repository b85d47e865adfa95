/** Winograd's algorithm on CPUs, in blocks of tiles that stay in the second-level cache. */
import { failInternally } from "../../ir/errors.js";
import { winogradRewrite, winogradSizes } from "../../ir/rewrites/winograd.js";
import { approachOf, besideOthers, type Points } from "./approach.js";
import type { ProgramPoint } from "./stagePoints.js";
import { bestBlock, STAYS, WinogradModel } from "./winogradCost.js";
import { type WinogradBlock, winogradDirectives } from "./winogradDirectives.js";

/** Tiles of a block in the search space at most; larger blocks leave every cache. */
const MAX_BLOCK = 1024;
/** The least ratio of two sizes of blocks that are tried: sizes between them are as fast. */
const STEP = 1.25;

export const winogradOnCpu = approachOf(winogradRewrite, besideOthers(points));

function* points(...[program, { access, target }, { tile }, breadth]: Parameters<Points<"winograd">>) {
  const model = new WinogradModel(winogradSizes(access, tile) ?? misfit(), target);
  const point = (block: WinogradBlock, cycles: number): ProgramPoint => {
    return { knobs: { ...block }, cycles, schedule: () => winogradDirectives(program(), block, target) };
  };
  if (breadth === "all") for (const block of blocks(model)) yield point(block, model.cycles(block));
  else {
    const { block, cycles } = bestBlock(model);
    yield point(block, cycles);
  }
}

const misfit = (): never => failInternally("Winograd's algorithm without its sizes");

/** The search space: all register tiles of products, sizes of blocks and orders of loops. */
function* blocks(model: WinogradModel): Generator<WinogradBlock> {
  for (const product of model.productTiles())
    for (const tiles of sizesOf(model, product)) for (const stays of STAYS) yield { ...product, tiles, stays };
}

/** Some sizes of blocks from the whole range, and the one that the model prefers. */
const sizesOf = (model: WinogradModel, { rows }: Pick<WinogradBlock, "rows">): Set<number> =>
  new Set([...spread(model.blocks(rows, MAX_BLOCK)), model.bestSize(rows)]);

/** The first and the last of ascending sizes, and some between. */
function spread(sizes: Iterable<number>): number[] {
  const all = [...sizes];
  const some: number[] = [];
  for (const size of all) if (size >= STEP * (some.at(-1) ?? 0) || size === all.at(-1)) some.push(size);
  return some;
}
