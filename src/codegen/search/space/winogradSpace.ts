/** All blocks and register tiles of one of Winograd's algorithms on CPUs, the order of its product and what of that is written out. */
import { type Algorithm, programOf, type WinogradSizes } from "../../../ir/ops/index.js";
import type { OpSpec } from "../../../ir/ops/spec.js";
import type { Target } from "../../target.js";
import { STAYS, WinogradModel } from "../winogradCost.js";
import { type WinogradBlock, winogradDirectives } from "../winogradSketch.js";
import type { Points } from "./point.js";

/** Blocks beyond leave every cache. */
const MAX_BLOCK = 1024;
/** Each block is larger than the one before by a quarter at least: what lies between is as fast. */
const STEP = 1.25;

export function* winogradSpace(spec: OpSpec, algorithm: Algorithm, sizes: WinogradSizes, target: Target): Points {
  const model = new WinogradModel(spec, sizes, target);
  for (const product of model.productTiles())
    for (const tiles of sizesOf(model, product))
      for (const stays of STAYS) {
        const block: WinogradBlock = { ...product, tiles, stays };
        yield { knobs: { ...block }, cycles: model.cycles(block), plan: () => planOf(spec, algorithm, block, target) };
      }
}

function planOf(spec: OpSpec, algorithm: Algorithm, block: WinogradBlock, target: Target) {
  const program = programOf(spec, algorithm);
  return { program, schedule: winogradDirectives(program, block, target) };
}

/** Some sizes of blocks of all kinds, and the one that the model likes best. */
const sizesOf = (model: WinogradModel, { pixels }: Pick<WinogradBlock, "pixels">): Set<number> =>
  new Set([...spread(model.blocks(pixels, MAX_BLOCK)), model.bestSize(pixels)]);

/** Of ascending sizes the first, the last, and some between. */
function spread(sizes: Iterable<number>): number[] {
  const all = [...sizes];
  const some: number[] = [];
  for (const size of all) if (size >= STEP * (some.at(-1) ?? 0) || size === all.at(-1)) some.push(size);
  return some;
}
