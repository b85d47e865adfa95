/**
 * Winograd's minimal filtering, as a rewrite: fewer products, and additions before and after.
 *
 * A tile of m x n outputs takes (m+kh-1)*(n+kw-1) products for each pair of channels, not m*n*kh*kw. The stages are in
 * `winogradProgram.ts`.
 */
import { type Access, accessOf, mainStage, pointsOf } from "../access.js";
import { failInternally } from "../errors.js";
import type { Program } from "../program.js";
import type { Transforms } from "./cookToom.js";
import { filteringOf } from "./filtering.js";
import { type AlgorithmOf, accumulated, type Rewrite, type WinogradTile } from "./rewrite.js";
import { TiledAxis } from "./tiledAxis.js";
import { OWN_AXES, OWN_BUFFERS, OWN_STAGES, winogradProgram } from "./winogradProgram.js";

/**
 * The factors by which intermediate numbers may exceed the data, in all and by one axis. F(6x6, 3x3), F(4x4, 5x5) and
 * F(1x4, 1x9) stay below them.
 */
const MAX_GROWTH = 2000;
const MAX_AXIS_GROWTH = 500;
/** Products per tile and axis for which `cookToom` has points. */
const MAX_PRODUCTS = 16;
const MAX_OUTPUTS = 6;

/** The sizes of a stage that is cut into tiles of one size. */
export interface WinogradSizes {
  /** The number of tiles, over all images and phases of a rate. */
  readonly tiles: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Phases of a stride, each of which has all channels of the output. */
  readonly phases: number;
  readonly y: Transforms;
  readonly x: Transforms;
}

/** Undefined if the form does not fit, nothing is computed, or numbers would grow beyond `MAX_GROWTH`. */
export function winogradSizes(access: Access, [rows, columns]: WinogradTile): WinogradSizes | undefined {
  const filtering = filteringOf(access);
  if (!filtering) return undefined;
  const { inputs, outputs, phases, batch } = filtering;
  const taps = [filtering.y.tap.extent, filtering.x.tap.extent] as const;
  const isEmpty = pointsOf(access.space) === 0 || pointsOf(access.reduce) === 0;
  if (isEmpty || rows + taps[0] - 1 > MAX_PRODUCTS || columns + taps[1] - 1 > MAX_PRODUCTS) return undefined;
  const [y, x] = [new TiledAxis("y", filtering.y, rows), new TiledAxis("x", filtering.x, columns)];
  const growths = [y.transforms.growth, x.transforms.growth] as const;
  if (growths[0] * growths[1] > MAX_GROWTH || Math.max(...growths) > MAX_AXIS_GROWTH) return undefined;
  const tiles = (batch?.extent ?? 1) * y.tiles * x.tiles;
  const channels = { inputs: inputs.extent, outputs: outputs.extent, phases: pointsOf(phases) };
  return { tiles, ...channels, y: y.transforms, x: x.transforms };
}

/** Every tile that may pay. Along an axis of one tap there are no multiplications to save. */
function tilesOf(access: Access): AlgorithmOf<"winograd">[] {
  const sizes = winogradSizes(access, [1, 1]);
  if (!sizes || sizes.y.taps * sizes.x.taps === 1) return [];
  const along = ({ taps }: Transforms) => (taps === 1 ? [1] : Array.from({ length: MAX_OUTPUTS - 1 }, (_, i) => i + 2));
  return along(sizes.y).flatMap((m) =>
    along(sizes.x).map((n): AlgorithmOf<"winograd"> => ({ kind: "winograd", tile: [m, n] })),
  );
}

/** True if the program uses a name that the algorithm needs. The program then keeps the direct algorithm. */
const collides = ({ stage }: Access, { buffers, run }: Program): boolean =>
  buffers.some(({ name }) => OWN_BUFFERS.has(name) || OWN_AXES.has(name)) ||
  run.some(({ name }) => name !== stage.name && OWN_STAGES.has(name));

export const winogradRewrite: Rewrite<"winograd"> = {
  kind: "winograd",
  options: (access, program) => tilesOf(access).filter((option) => winogradRewrite.fits(access, program, option)),
  fits: (access, program, { tile }) => winogradSizes(access, tile) !== undefined && !collides(access, program),
  apply(program, { tile }) {
    const access = accessOf(mainStage(program), program);
    return winogradProgram(program, access.stage, filteringOf(access) ?? misfit(), tile);
  },
  bound(access, { tile }) {
    const { inputs, y, x } = winogradSizes(access, tile) ?? misfit();
    // A filter transform rounds once for each tap and once for its scale. An input or output transform rounds one
    // product and one sum for each number in a tile's row.
    const transforms = [y, x].reduce((sum, { taps, products }) => sum + taps + 1 + 4 * products, 0);
    return accumulated(inputs + 1 + transforms) * y.growth * x.growth;
  },
  describe(access, { tile }) {
    const { y, x } = winogradSizes(access, tile) ?? misfit();
    return `winograd F(${tile.join("x")}, ${y.taps}x${x.taps})`;
  },
};

const misfit = (): never => failInternally("Winograd's algorithm for a stage that has not its form");
