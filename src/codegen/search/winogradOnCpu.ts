/** Winograd's algorithm on CPUs: in blocks that stay in the second-level cache. */
import { failInternally } from "../../ir/errors.js";
import { winogradRewrite, winogradSizes } from "../../ir/rewrites/winograd.js";
import { approachOf, type Points } from "./approach.js";
import type { ProgramPoint } from "./stagePoints.js";
import { bestBlock, STAYS, WinogradModel } from "./winogradCost.js";
import { type WinogradBlock, winogradDirectives } from "./winogradDirectives.js";

/** Blocks beyond leave every cache. */
const MAX_BLOCK = 1024;
/** Each block is larger than the one before by a quarter at least: those between are as fast. */
const STEP = 1.25;

export const winogradOnCpu = approachOf(winogradRewrite, points);

function* points(...[program, { access, target }, { tile }, extent]: Parameters<Points<"winograd">>) {
  const model = new WinogradModel(winogradSizes(access, tile) ?? misfit(), target);
  const point = (block: WinogradBlock, cycles: number): ProgramPoint => {
    return { knobs: { ...block }, cycles, schedule: () => winogradDirectives(program, block, target) };
  };
  if (extent === "all") for (const block of blocks(model)) yield point(block, model.cycles(block));
  else {
    const { block, cycles } = bestBlock(model);
    yield point(block, cycles);
  }
}

const misfit = (): never => failInternally("Winograd's algorithm without its sizes");

/** All blocks and register tiles, the order of the product, and how much of that is written out. */
function* blocks(model: WinogradModel): Generator<WinogradBlock> {
  for (const product of model.productTiles())
    for (const tiles of sizesOf(model, product)) for (const stays of STAYS) yield { ...product, tiles, stays };
}

/** Some sizes of blocks of all kinds, and the one that the model likes best. */
const sizesOf = (model: WinogradModel, { rows }: Pick<WinogradBlock, "rows">): Set<number> =>
  new Set([...spread(model.blocks(rows, MAX_BLOCK)), model.bestSize(rows)]);

/** Of ascending sizes the first, the last, and some between. */
function spread(sizes: Iterable<number>): number[] {
  const all = [...sizes];
  const some: number[] = [];
  for (const size of all) if (size >= STEP * (some.at(-1) ?? 0) || size === all.at(-1)) some.push(size);
  return some;
}
