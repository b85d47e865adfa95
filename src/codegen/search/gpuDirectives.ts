/** Makes the schedules of tiles of a product on a GPU. */
import type { Factor } from "../../ir/access.js";
import { type Directive, packedName } from "../schedule.js";
import type { DirectTile, SharedTile } from "./gpuCost.js";
import { fuseAll } from "./gpuPoints.js";
import { LoopNames } from "./loopNames.js";
import { LANES, type ProductView } from "./productView.js";

/** The longest depth that a direct tile writes out if it is no multiple of a vector. */
const SHORT = 8;

const unroll = (...axes: readonly string[]): Directive[] => axes.map((axis) => ({ do: "unroll", axis }));

/** The names of all loops of a tile, and the handling of the factor that moves along the columns. */
function partsOf(view: ProductView) {
  const { access, columns, depth, packs } = view;
  const names = new LoopNames(access.stage);
  const rows = view.rows.map(({ name }) => name);
  const part = (axis: string) => (suffix: string) => names.of(axis, suffix);
  const still = access.factors[view.columned] as Factor;
  return {
    names,
    rows,
    row: rows.length > 1 ? names.named("p") : (rows[0] as string),
    columns: columns.name,
    space: access.space.map(({ name }) => name),
    // A launch has one dimension for products. A workgroup computes those of the other axes one after another.
    batch: view.batch.map(({ name }) => name),
    inTurn: view.batch.slice(1).map(({ name }) => name),
    taps: view.taps.map(({ name }) => name),
    p: (suffix: string) => names.named(`p${suffix}`),
    c: part(columns.name),
    d: part(depth.name),
    lane: names.named("lane"),
    still: packs ? packedName(access.stage.name, still.buffer) : still.buffer,
    // A copy is padded. Without one the factor is read where it lies.
    tail: packs ? ("roundUp" as const) : ("guard" as const),
    pack: (layout: readonly string[]): Directive[] => (packs ? [{ do: "pack", buffer: still.buffer, layout }] : []),
  };
}

type Parts = ReturnType<typeof partsOf>;

/** A tile's own directives, between those that fuse its rows and those that launch it. */
const launched = (parts: Parts, own: readonly Directive[]): readonly Directive[] => [
  ...gathered(parts),
  ...fuseAll(parts.rows, parts.row, parts.names),
  ...own,
  { do: "bind", axis: parts.p("o"), to: "workgroup.x" },
  { do: "bind", axis: parts.c("o"), to: "workgroup.y" },
  ...parts.batch.slice(0, 1).map((axis): Directive => ({ do: "bind", axis, to: "workgroup.z" })),
  ...unroll(parts.c("u")),
  { do: "vectorize", axis: parts.lane },
];

/** Only neighbours can be fused, so rows with another axis between them are brought together. */
function gathered({ rows, columns, space }: Parts): Directive[] {
  const places = rows.map((row) => space.indexOf(row));
  const areNeighbours = places.every((place, i) => i === 0 || place === (places[i - 1] as number) + 1);
  const others = space.filter((axis) => axis !== columns && !rows.includes(axis));
  return areNeighbours ? [] : [{ do: "reorder", axes: [...others, ...rows, columns] }];
}

export function sharedDirectives(tile: SharedTile, view: ProductView): readonly Directive[] {
  const { rows, columns, teamRows, teamColumns, depth } = tile;
  const parts = partsOf(view);
  const { row, batch, inTurn, taps, p, c, d, lane, still, tail, pack } = parts;
  const inside = [d("v"), d("u"), c("u"), c("t"), lane];
  const streamed = (view.access.factors[view.streamed] as Factor).buffer;
  return launched(parts, [
    { do: "split", axis: row, by: rows * teamRows, into: [p("o"), p("i")], tail: "guard" },
    { do: "split", axis: p("i"), by: teamRows, into: [p("u"), p("t")], tail: "guard" },
    // Neighbouring invocations hold neighbouring vectors, in workgroup memory and in the output.
    { do: "split", axis: view.columns.name, by: columns * teamColumns, into: [c("o"), c("i")], tail },
    { do: "split", axis: c("i"), by: LANES * teamColumns, into: [c("u"), c("v")], tail },
    { do: "split", axis: c("v"), by: LANES, into: [c("t"), lane], tail },
    { do: "split", axis: view.depth.name, by: depth, into: [d("o"), d("i")], tail: "guard" },
    { do: "split", axis: d("i"), by: LANES, into: [d("v"), d("u")], tail: "guard" },
    {
      do: "reorder",
      axes: [
        ...[...batch.slice(0, 1), c("o"), p("o"), p("t"), c("t")],
        ...[...inTurn, ...taps, d("o"), d("v"), d("u"), p("u"), c("u"), lane],
      ],
    },
    { do: "bind", axis: p("t"), to: "invocation.y" },
    { do: "bind", axis: c("t"), to: "invocation.x" },
    ...unroll(d("v"), d("u"), p("u")),
    ...pack([...batch, c("o"), ...taps, d("o"), ...inside]),
    { do: "cache", buffer: streamed, at: d("o"), space: "workgroup", layout: [p("u"), p("t"), d("v"), d("u")] },
    { do: "cache", buffer: still, at: d("o"), space: "workgroup", layout: inside },
  ]);
}

export function directDirectives({ vectors, team }: DirectTile, view: ProductView): readonly Directive[] {
  const parts = partsOf(view);
  const { row, batch, inTurn, taps, p, c, d, lane, tail, pack } = parts;
  const { name, extent } = view.depth;
  const isWhole = extent % LANES === 0;
  const depth = isWhole ? [d("v"), d("u")] : [name];
  const written = isWhole ? [d("u")] : extent <= SHORT ? [name] : [];
  return launched(parts, [
    { do: "split", axis: row, by: team, into: [p("o"), p("t")], tail: "guard" },
    { do: "split", axis: view.columns.name, by: LANES * vectors, into: [c("o"), c("i")], tail },
    { do: "split", axis: c("i"), by: LANES, into: [c("u"), lane], tail },
    ...(isWhole ? [{ do: "split", axis: name, by: LANES, into: [d("v"), d("u")], tail: "guard" } as const] : []),
    {
      do: "reorder",
      axes: [...batch.slice(0, 1), c("o"), p("o"), p("t"), ...inTurn, ...taps, ...depth, c("u"), lane],
    },
    { do: "bind", axis: p("t"), to: "invocation.x" },
    ...unroll(...written),
    ...pack([...batch, c("o"), ...taps, ...depth, c("u"), lane]),
  ]);
}
