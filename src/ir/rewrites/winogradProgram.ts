/**
 * The stages of Winograd's algorithm, one axis and one transform at a time.
 *
 *     prepare  transformed = G filters G'                      once per set of weights
 *     run      input       = B' tile B                         for each tile and input channel
 *              products[e] = sum over ic of input[e] * transformed[e]
 *              output      = A' products A, then `finish`      for each tile and output channel
 *
 * At rate r a tile takes every r-th row and column, so it is a dense problem. There are r*r such problems, the phases,
 * side by side. The phases of a stride are axes of the output, and count as more output channels. Zeros and ones in the
 * constant matrices of the transforms fold away.
 */
import { pointsOf } from "../access.js";
import { type Affine, add, affine, scale, substitute, subtract, variable, within } from "../affine.js";
import { type Expr, load, local, multiply } from "../expr.js";
import { type Axis, type BufferDecl, type Program, type Stage, SUM } from "../program.js";
import { mapSubscripts } from "../visit.js";
import type { Filtering } from "./filtering.js";
import { replaceStage, type WinogradTile } from "./rewrite.js";
import { TiledAxis } from "./tiledAxis.js";

const MATRICES = ["inputY", "filterY", "scaleY", "outputY", "inputX", "filterX", "scaleX", "outputX"];
const BETWEEN = ["halfFilters", "tileFilters", "pixels", "halfTiles", "tiles", "products", "halfOutputs"];

export const OWN_BUFFERS: ReadonlySet<string> = new Set([...MATRICES, ...BETWEEN]);
export const OWN_STAGES: ReadonlySet<string> = new Set([
  ...["filterRows", "filterTile", "read", "inputRows", "inputTile", "product", "outputRows", "output"],
]);

/** Axes of the phases of a stride. */
export const PHASE_AXES: readonly string[] = ["o0", "o1"];

const v = variable;

/** Axes of those stages. A buffer of such a name would be hidden in code. */
export const OWN_AXES: ReadonlySet<string> = new Set([
  ...["n", "t", "e", "ic", "oc", "qy", "py", "qx", "px"],
  ...["ky", "kx", "ey", "ex", "iy", "ix", "jy", "jx"],
  ...PHASE_AXES,
]);

/** The program with `stage` computed in tiles of this size. */
export function winogradProgram(program: Program, stage: Stage, form: Filtering, tile: WinogradTile): Program {
  const y = new TiledAxis("y", form.y, tile[0]);
  const x = new TiledAxis("x", form.x, tile[1]);
  const tiling: Tiling = { form, stage, y, x, ...extentsOf(form, y, x) };
  const buffers = [...program.buffers, ...matricesOf(y), ...matricesOf(x), ...buffersBetween(tiling)];
  const run = [...inputStages(tiling), productStage(tiling), ...outputStages(tiling)];
  const prepare = [...program.prepare, ...filterStages(tiling)];
  return replaceStage({ ...program, buffers, prepare }, stage.name, run);
}

type Extent = "ic" | "oc" | "t" | "e" | "ky" | "kx" | "ey" | "ex" | "iy" | "ix" | "jy" | "jx";

interface Tiling {
  readonly form: Filtering;
  readonly stage: Stage;
  readonly y: TiledAxis;
  readonly x: TiledAxis;
  readonly extents: Readonly<Record<Extent, number>>;
  /** Axes of image, place and phase, which name a tile. `n` subscripts the image, `t` the tile among all tiles. */
  readonly tiles: readonly Axis[];
  readonly n: Affine;
  readonly t: Affine;
  /** Axes of phase and channel, which name an output channel; `c` counts them all. */
  readonly outputs: readonly Axis[];
  readonly c: Affine;
}

/** The place of a product in its tile. */
const placeOf = ({ extents }: Tiling): Affine => affine(0, { ey: extents.ex, ex: 1 });

const over = ({ extents }: Tiling, ...names: readonly Extent[]): Axis[] =>
  names.map((name) => ({ name, extent: extents[name] }));

function extentsOf({ batch: images, inputs, outputs, phases }: Filtering, y: TiledAxis, x: TiledAxis) {
  const batch = images?.extent ?? 1;
  const channels = [
    ...phases.map(({ extent }, i) => ({ name: PHASE_AXES[i] as string, extent })),
    { name: "oc", extent: outputs.extent },
  ];
  const [ny, nx] = [y.transforms.products, x.transforms.products];
  const n = batch === 1 ? affine(0) : v("n");
  return {
    extents: {
      ...{ ic: inputs.extent, oc: pointsOf(channels), t: batch * y.tiles * x.tiles, e: ny * nx },
      ...{ ky: y.transforms.taps, kx: x.transforms.taps, ey: ny, ex: nx, iy: ny, ix: nx },
      ...{ jy: y.outputs, jx: x.outputs },
    },
    tiles: [...(batch === 1 ? [] : [{ name: "n", extent: batch }]), ...y.axes, ...x.axes],
    n,
    t: add(scale(add(scale(n, y.tiles), y.tile), x.tiles), x.tile),
    outputs: channels,
    c: channels.reduce((count, { name, extent }) => add(scale(count, extent), v(name)), affine(0)),
  };
}

/** Translates the stage's own forms to Winograd's axes. `own` has the forms of its points and taps there. */
function translate({ form, n }: Tiling, own: Readonly<Record<string, Affine>>): (one: Affine) => Affine {
  const { batch, inputs, outputs, phases } = form;
  const by = new Map([
    ...(batch ? [[batch.name, n] as const] : []),
    [inputs.name, v("ic")],
    [outputs.name, v("oc")],
    ...phases.map(({ name }, i) => [name, v(PHASE_AXES[i] as string)] as const),
    ...Object.entries(own),
  ]);
  return (one) => substitute(one, by);
}

function filterStages(tiling: Tiling): Stage[] {
  const { form, y, x, outputs, c } = tiling;
  const taps = { [form.y.tap.name]: y.tapAt(v("ky")), [form.x.tap.name]: x.tapAt(v("kx")) };
  const weight = form.filters.at.map(translate(tiling, taps));
  const filterRows: Stage = {
    name: "filterRows",
    space: [...over(tiling, "ey", "kx", "ic"), ...outputs],
    ...applied("filterY", "ey", "ky", over(tiling, "ky"), load(form.filters.buffer, weight)),
    finish: multiply(local(SUM), load("scaleY", [v("ey")])),
    output: { buffer: "halfFilters", at: [v("ey"), v("kx"), v("ic"), c] },
  };
  const filterTile: Stage = {
    name: "filterTile",
    space: [...over(tiling, "ey", "ex", "ic"), ...outputs],
    ...applied("filterX", "ex", "kx", over(tiling, "kx"), load("halfFilters", filterRows.output.at)),
    finish: multiply(local(SUM), load("scaleX", [v("ex")])),
    output: { buffer: "tileFilters", at: [placeOf(tiling), v("ic"), c] },
  };
  return [filterRows, filterTile];
}

function inputStages(tiling: Tiling): Stage[] {
  const { form, y, x, t, tiles } = tiling;
  const [row, column] = [y.inputAt(v("iy")), x.inputAt(v("ix"))];
  const inImage = translate(tiling, {});
  const at = form.image.at.map((one, i) => {
    return i === form.y.dimension ? row : i === form.x.dimension ? column : inImage(one);
  });
  const read: Stage = {
    name: "read",
    space: [...tiles, ...over(tiling, "ic", "ix", "iy")],
    where: [y.exists, x.exists],
    reduce: [],
    domain: [...within(row, form.y.size), ...within(column, form.x.size)],
    term: load(form.image.buffer, at),
    finish: local(SUM),
    output: { buffer: "pixels", at: [t, v("iy"), v("ix"), v("ic")] },
  };
  const inputRows: Stage = {
    name: "inputRows",
    space: over(tiling, "t", "ic", "ix", "ey"),
    ...applied("inputY", "ey", "iy", over(tiling, "iy"), load("pixels", [v("t"), v("iy"), v("ix"), v("ic")])),
    output: { buffer: "halfTiles", at: [v("t"), v("ey"), v("ix"), v("ic")] },
  };
  const inputTile: Stage = {
    name: "inputTile",
    space: over(tiling, "t", "ic", "ey", "ex"),
    ...applied("inputX", "ex", "ix", over(tiling, "ix"), load("halfTiles", inputRows.output.at)),
    output: { buffer: "tiles", at: [v("t"), placeOf(tiling), v("ic")] },
  };
  return [read, inputRows, inputTile];
}

const productStage = (tiling: Tiling): Stage => ({
  name: "product",
  space: over(tiling, "e", "t", "oc"),
  reduce: over(tiling, "ic"),
  domain: [],
  term: multiply(load("tiles", [v("t"), v("e"), v("ic")]), load("tileFilters", [v("e"), v("ic"), v("oc")])),
  finish: local(SUM),
  output: { buffer: "products", at: [v("t"), v("e"), v("oc")] },
});

function outputStages(tiling: Tiling): Stage[] {
  const { form, stage, y, x, t, tiles, outputs, c } = tiling;
  const outputRows: Stage = {
    name: "outputRows",
    space: [...over(tiling, "t"), ...outputs, ...over(tiling, "ex", "jy")],
    ...applied("outputY", "jy", "ey", over(tiling, "ey"), load("products", [v("t"), placeOf(tiling), c])),
    output: { buffer: "halfOutputs", at: [v("t"), v("jy"), v("ex"), c] },
  };
  const [oy, ox] = [y.outputAt(v("jy")), x.outputAt(v("jx"))];
  const stored = translate(tiling, { [form.y.point.name]: oy, [form.x.point.name]: ox });
  const last = (axis: Axis) => affine(axis.extent - 1);
  const ends = [y.exists, x.exists, subtract(last(form.y.point), oy), subtract(last(form.x.point), ox)];
  const output: Stage = {
    name: "output",
    space: [...tiles, ...outputs, ...over(tiling, "jy", "jx")],
    where: [...ends, ...(stage.where ?? []).map(stored)],
    ...applied("outputX", "jx", "ex", over(tiling, "ex"), load("halfOutputs", [t, v("jy"), v("ex"), c])),
    finish: mapSubscripts(stage.finish, stored),
    output: { buffer: stage.output.buffer, at: stage.output.at.map(stored) },
  };
  return [outputRows, output];
}

/** One of the six products with a constant matrix: the sum over `axis` of matrix[row, axis] * what. */
const applied = (matrix: string, row: string, axis: string, reduce: readonly Axis[], what: Expr) => ({
  reduce,
  domain: [],
  term: multiply(load(matrix, [v(row), v(axis)]), what),
  finish: local(SUM),
});

function buffersBetween({ extents }: Tiling): BufferDecl[] {
  const between = (name: string, role: "prepared" | "scratch", ...shape: readonly Extent[]): BufferDecl => ({
    name,
    shape: shape.map((axis) => extents[axis]),
    dtype: "f32",
    role,
  });
  return [
    between("halfFilters", "scratch", "ey", "kx", "ic", "oc"),
    between("tileFilters", "prepared", "e", "ic", "oc"),
    between("pixels", "scratch", "t", "iy", "ix", "ic"),
    between("halfTiles", "scratch", "t", "ey", "ix", "ic"),
    between("tiles", "scratch", "t", "e", "ic"),
    between("products", "scratch", "t", "e", "oc"),
    between("halfOutputs", "scratch", "t", "jy", "ex", "oc"),
  ];
}

function matricesOf({ name, transforms }: TiledAxis): BufferDecl[] {
  const { input, filter, scale: factors, output } = transforms;
  const suffix = name.toUpperCase();
  const constant = (buffer: string, rows: readonly (readonly number[])[]): BufferDecl => ({
    name: `${buffer}${suffix}`,
    shape: [rows.length, (rows[0] as readonly number[]).length],
    dtype: "f32",
    role: "constant",
    values: rows.flat(),
    isSparse: true,
  });
  const scales: BufferDecl = {
    name: `scale${suffix}`,
    shape: [factors.length],
    dtype: "f32",
    role: "constant",
    values: factors,
  };
  return [constant("input", input), constant("filter", filter), scales, constant("output", output)];
}
