/**
 * Convolutions of stride 1 by Winograd's minimal filtering: a tile of m x n outputs takes (m+kh-1)*(n+kw-1) products for
 * each pair of channels instead of m*n*kh*kw, and additions before and after.
 *
 *     prepare  transformed = G filters G'                      once per set of weights
 *     run      input       = B' tile B                         for each tile and input channel
 *              products[e] = sum over ic of input[e] * transformed[e]
 *              output      = A' products A, bias, activation   for each tile and output channel
 *
 * At rate r a tile takes every r-th row and column, so it is a dense problem; r*r of them, its phases, lie side by side.
 * Both transforms go one axis at a time, over constant matrices whose zeros and ones fold away.
 */
import { type Affine, add, affine, scale, subtract, variable, within } from "../affine.js";
import { type Expr, load, local, multiply } from "../expr.js";
import { type Axis, type BufferDecl, elementCount, type Program, type Stage, SUM } from "../program.js";
import type { Window } from "./convolution.js";
import { cookToom, type Transforms } from "./cookToom.js";
import { buffersOf, type DenseConvolution } from "./denseConvolution.js";
import { epilogue } from "./epilogue.js";
import { geometryOf, type OpSpec } from "./spec.js";

/** Outputs of a tile: rows and columns. */
export type WinogradTile = readonly [rows: number, columns: number];

/** How much larger than the data the numbers on the way may be, in all and by one axis: F(6x6, 3x3), F(4x4, 5x5) and F(1x4, 1x9). */
const MAX_GROWTH = 2000;
const MAX_AXIS_GROWTH = 500;
/** Per tile and axis: what `cookToom` has points for. */
const MAX_PRODUCTS = 16;

/** One spatial axis: how it is tiled, and what is done to a tile along it. */
class TiledAxis {
  readonly transforms: Transforms;
  /** Distance between neighbouring inputs, and outputs, of a tile. */
  readonly rate: number;
  /** Tiles along the axis, over all phases. */
  readonly tiles: number;
  /** Where the first input of the first tile lies. */
  readonly #first: number;

  /** `name`: y or x. */
  constructor(
    readonly name: "y" | "x",
    readonly window: Window,
    readonly outputs: number,
  ) {
    const { points, taps, reads } = window;
    this.transforms = cookToom(outputs, taps);
    this.rate = taps > 1 ? Math.abs(reads.tap) : 1;
    this.#first = reads.offset + Math.min(0, reads.tap * (taps - 1));
    // Tiles of one place follow each other by phase; those of the last place exist as long as their first output does.
    const places = Math.floor(points / (this.rate * outputs));
    this.tiles = places * this.rate + Math.min(this.rate, points - places * this.rate * outputs);
  }

  /** Place and phase of a tile. */
  get axes(): Axis[] {
    const places = { name: `q${this.name}`, extent: Math.ceil(this.tiles / this.rate) };
    return this.rate === 1 ? [places] : [places, { name: `p${this.name}`, extent: this.rate }];
  }

  get tile(): Affine {
    return affine(0, { [`q${this.name}`]: this.rate, ...(this.rate === 1 ? {} : { [`p${this.name}`]: 1 }) });
  }

  get exists(): Affine {
    return subtract(affine(this.tiles - 1), this.tile);
  }

  /** Output number `o` of the tile. */
  outputAt(o: Affine): Affine {
    const origin = affine(0, { ...this.tile.terms, [`q${this.name}`]: this.rate * this.outputs });
    return add(origin, scale(o, this.rate));
  }

  /** Input number `i` of the tile. */
  inputAt(i: Affine): Affine {
    return add(this.outputAt(i), this.#first);
  }

  /** The filter's row that meets input o + tap for output o. */
  rowAt(tap: Affine): Affine {
    const { reads, row, taps } = this.window;
    const inOrder = reads.tap < 0 ? subtract(affine(taps - 1), tap) : tap;
    return add(scale(inOrder, row.scale), row.offset);
  }
}

export interface Winograd extends DenseConvolution {
  readonly tile: WinogradTile;
}

/** The two axes of a spec, tiled. */
function tiledAxes(spec: OpSpec, { window, tile }: Pick<Winograd, "window" | "tile">) {
  const { y, x } = windowsOf(spec, window);
  return { y: new TiledAxis("y", y, tile[0]), x: new TiledAxis("x", x, tile[1]) };
}

function windowsOf(spec: OpSpec, window: DenseConvolution["window"]) {
  const { y, x } = geometryOf(spec);
  const shape = { stride: 1, dilation: spec.rate };
  return { y: window({ ...y, ...shape }), x: window({ ...x, ...shape }) };
}

/** What a spec comes to in tiles of this size. */
export interface WinogradSizes {
  /** Over all images and phases. */
  readonly tiles: number;
  readonly y: Transforms;
  readonly x: Transforms;
}

/** Undefined where there is nothing to compute, and where numbers would grow beyond `MAX_GROWTH`. */
export function winogradSizes(spec: OpSpec, options: Pick<Winograd, "window" | "tile">): WinogradSizes | undefined {
  const { window } = options;
  const isEmpty = elementCount(spec.value) === 0 || elementCount(geometryOf(spec).outputShape) === 0;
  const { y, x } = windowsOf(spec, window);
  const [rows, columns] = options.tile;
  const fits = [rows + y.taps, columns + x.taps].every((sum) => sum - 1 <= MAX_PRODUCTS);
  if (isEmpty || !fits || y.taps === 0 || x.taps === 0) return undefined;
  const axes = tiledAxes(spec, options);
  const growths = [axes.y.transforms.growth, axes.x.transforms.growth] as const;
  if (growths[0] * growths[1] > MAX_GROWTH || Math.max(...growths) > MAX_AXIS_GROWTH) return undefined;
  return { tiles: spec.value[0] * axes.y.tiles * axes.x.tiles, y: axes.y.transforms, x: axes.x.transforms };
}

/** `winogradSizes` must have some. */
export function winograd(spec: OpSpec, { window, filterAt, tile }: Winograd): Program {
  const { batch, inputChannels, outputChannels, outputShape } = geometryOf(spec);
  const { y, x } = tiledAxes(spec, { window, tile });
  const [ny, nx] = [y.transforms.products, x.transforms.products];
  const extents = {
    ...{ ic: inputChannels, oc: outputChannels, t: batch * y.tiles * x.tiles, e: ny * nx },
    ...{ ky: y.transforms.taps, kx: x.transforms.taps, ey: ny, ex: nx, iy: ny, ix: nx, jy: tile[0], jx: tile[1] },
  };
  const over = (...names: (keyof typeof extents)[]): Axis[] => names.map((name) => ({ name, extent: extents[name] }));
  const tiles: Axis[] = [...(batch === 1 ? [] : [{ name: "n", extent: batch }]), ...y.axes, ...x.axes];
  const n = batch === 1 ? affine(0) : variable("n");
  const t = add(scale(add(scale(n, y.tiles), y.tile), x.tiles), x.tile);
  const e = affine(0, { ey: nx, ex: 1 });
  const v = variable;
  const weight = filterAt(y.rowAt(v("ky")), x.rowAt(v("kx")), { input: v("ic"), output: v("oc"), group: affine(0) });
  const [row, column] = [y.inputAt(v("iy")), x.inputAt(v("ix"))];

  const filterRows: Stage = {
    name: "filterRows",
    space: over("ey", "kx", "ic", "oc"),
    ...applied("filterY", "ey", "ky", over("ky"), load("filters", weight)),
    finish: multiply(local(SUM), load("scaleY", [v("ey")])),
    output: { buffer: "halfFilters", at: [v("ey"), v("kx"), v("ic"), v("oc")] },
  };
  const filterTile: Stage = {
    name: "filterTile",
    space: over("ey", "ex", "ic", "oc"),
    ...applied("filterX", "ex", "kx", over("kx"), load("halfFilters", filterRows.output.at)),
    finish: multiply(local(SUM), load("scaleX", [v("ex")])),
    output: { buffer: "tileFilters", at: [e, v("ic"), v("oc")] },
  };
  const read: Stage = {
    name: "read",
    space: [...tiles, ...over("ic", "ix", "iy")],
    where: [y.exists, x.exists],
    reduce: [],
    domain: [...within(row, spec.value[1]), ...within(column, spec.value[2])],
    term: load("value", [n, row, column, v("ic")]),
    finish: local(SUM),
    output: { buffer: "pixels", at: [t, v("iy"), v("ix"), v("ic")] },
  };
  const inputRows: Stage = {
    name: "inputRows",
    space: over("t", "ic", "ix", "ey"),
    ...applied("inputY", "ey", "iy", over("iy"), load("pixels", [v("t"), v("iy"), v("ix"), v("ic")])),
    output: { buffer: "halfTiles", at: [v("t"), v("ey"), v("ix"), v("ic")] },
  };
  const inputTile: Stage = {
    name: "inputTile",
    space: over("t", "ic", "ey", "ex"),
    ...applied("inputX", "ex", "ix", over("ix"), load("halfTiles", inputRows.output.at)),
    output: { buffer: "tiles", at: [v("t"), e, v("ic")] },
  };
  const product: Stage = {
    name: "product",
    space: over("e", "t", "oc"),
    reduce: over("ic"),
    domain: [],
    term: multiply(load("tiles", [v("t"), v("e"), v("ic")]), load("tileFilters", [v("e"), v("ic"), v("oc")])),
    finish: local(SUM),
    output: { buffer: "products", at: [v("t"), v("e"), v("oc")] },
  };
  const outputRows: Stage = {
    name: "outputRows",
    space: over("t", "oc", "ex", "jy"),
    ...applied("outputY", "jy", "ey", over("ey"), load("products", [v("t"), e, v("oc")])),
    output: { buffer: "halfOutputs", at: [v("t"), v("jy"), v("ex"), v("oc")] },
  };
  const [oy, ox] = [y.outputAt(v("jy")), x.outputAt(v("jx"))];
  const output: Stage = {
    name: "output",
    space: [...tiles, ...over("oc", "jy", "jx")],
    where: [y.exists, x.exists, subtract(affine(outputShape[1] - 1), oy), subtract(affine(outputShape[2] - 1), ox)],
    ...applied("outputX", "jx", "ex", over("ex"), load("halfOutputs", [t, v("jy"), v("ex"), v("oc")])),
    finish: epilogue(spec.bias ?? false, spec.activation)(v("oc")),
    output: { buffer: "output", at: [n, oy, ox, v("oc")] },
  };

  const between = (name: string, role: "prepared" | "scratch", ...shape: (keyof typeof extents)[]): BufferDecl => ({
    name,
    shape: shape.map((axis) => extents[axis]),
    dtype: "f32",
    role,
  });
  return {
    name: spec.op,
    buffers: [
      ...buffersOf(spec),
      ...matricesOf(y),
      ...matricesOf(x),
      between("halfFilters", "scratch", "ey", "kx", "ic", "oc"),
      between("tileFilters", "prepared", "e", "ic", "oc"),
      between("pixels", "scratch", "t", "iy", "ix", "ic"),
      between("halfTiles", "scratch", "t", "ey", "ix", "ic"),
      between("tiles", "scratch", "t", "e", "ic"),
      between("products", "scratch", "t", "e", "oc"),
      between("halfOutputs", "scratch", "t", "jy", "ex", "oc"),
    ],
    prepare: [filterRows, filterTile],
    run: [read, inputRows, inputTile, product, outputRows, output],
  };
}

/** One of the six products with a constant matrix: sum over `axis` of matrix[row, axis] * what. */
const applied = (matrix: string, row: string, axis: string, reduce: readonly Axis[], what: Expr) => ({
  reduce,
  domain: [],
  term: multiply(load(matrix, [variable(row), variable(axis)]), what),
  finish: local(SUM),
});

function matricesOf({ name, transforms }: TiledAxis): BufferDecl[] {
  const { input, filter, scale: factors, output } = transforms;
  const suffix = name.toUpperCase();
  const constant = (buffer: string, rows: readonly (readonly number[])[]): BufferDecl => ({
    name: `${buffer}${suffix}`,
    shape: [rows.length, (rows[0] as readonly number[]).length],
    dtype: "f32",
    role: "constant",
    values: rows.flat(),
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
