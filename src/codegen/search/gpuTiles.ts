/**
 * Schedules of products on a GPU: outputs as a matrix of pixels by channels, summed over taps and input channels.
 *
 * Shared: a workgroup computes a tile of both. For each tap and a few input channels its invocations copy what all of them need
 * into workgroup memory, zeros where a tap misses the image, and multiply a register tile each: rows + columns numbers read
 * for rows * columns multiply-adds. Direct: an invocation computes one pixel and reads all that it needs itself; no barrier.
 */
import type { Directive } from "../schedule.js";
import { fuseAll } from "./launch.js";

/** The knobs. */
export type GpuTile =
  | {
      readonly kind: "shared";
      /** Pixels and channels of one invocation; channels are a multiple of 4. */
      readonly rows: number;
      readonly columns: number;
      /** Invocations of a workgroup along pixels and along channels. */
      readonly teamRows: number;
      readonly teamColumns: number;
      /** Input channels that are copied at once, a multiple of 4. */
      readonly depth: number;
    }
  | {
      readonly kind: "direct";
      /** Vectors of 4 output channels of one invocation. */
      readonly vectors: number;
      /** Invocations of a workgroup, each with a pixel of its own. */
      readonly team: number;
    };

/** A stage as a product. */
export interface Product {
  /** Axes that count pixels, outermost first, and one that makes products of their own. */
  readonly pixels: readonly string[];
  readonly batch: string | undefined;
  readonly taps: readonly string[];
  readonly value: string;
  readonly filters: string;
  /** The packed filters. */
  readonly packed: string;
  readonly inputs: number;
}

/** Numbers of a vector. */
const LANES = 4;
/** So many input channels of a direct tile may be written out. */
const SHORT = 8;

export function tileDirectives(tile: GpuTile, product: Product): readonly Directive[] {
  const pixel = product.pixels.length > 1 ? "p" : (product.pixels[0] as string);
  const batch = product.batch === undefined ? [] : [product.batch];
  const own =
    tile.kind === "shared"
      ? sharedDirectives(tile, product, pixel, batch)
      : directDirectives(tile, product, pixel, batch);
  return [
    ...fuseAll(product.pixels, "p"),
    ...own,
    { do: "bind", axis: "po", to: "workgroup.x" },
    { do: "bind", axis: "oco", to: "workgroup.y" },
    ...batch.map((axis): Directive => ({ do: "bind", axis, to: "workgroup.z" })),
    ...unroll("ocu"),
    { do: "vectorize", axis: "lane" },
  ];
}

const unroll = (...axes: readonly string[]): Directive[] => axes.map((axis) => ({ do: "unroll", axis }));

type Shared = Extract<GpuTile, { kind: "shared" }>;

function sharedDirectives(tile: Shared, product: Product, pixel: string, batch: readonly string[]): Directive[] {
  const { rows, columns, teamRows, teamColumns, depth } = tile;
  const { taps, value, filters, packed } = product;
  const inside = ["icv", "icu", "ocu", "oct", "lane"];
  return [
    { do: "split", axis: pixel, by: rows * teamRows, into: ["po", "pi"], tail: "guard" },
    { do: "split", axis: "pi", by: teamRows, into: ["pu", "pt"], tail: "guard" },
    // Neighbouring invocations hold neighbouring vectors, in workgroup memory and in the output.
    { do: "split", axis: "oc", by: columns * teamColumns, into: ["oco", "oci"], tail: "roundUp" },
    { do: "split", axis: "oci", by: LANES * teamColumns, into: ["ocu", "ocv"], tail: "roundUp" },
    { do: "split", axis: "ocv", by: LANES, into: ["oct", "lane"], tail: "roundUp" },
    { do: "split", axis: "ic", by: depth, into: ["ico", "ici"], tail: "guard" },
    { do: "split", axis: "ici", by: LANES, into: ["icv", "icu"], tail: "guard" },
    { do: "reorder", axes: [...batch, "oco", "po", "pt", "oct", ...taps, "ico", "icv", "icu", "pu", "ocu", "lane"] },
    { do: "bind", axis: "pt", to: "invocation.y" },
    { do: "bind", axis: "oct", to: "invocation.x" },
    ...unroll("icv", "icu", "pu"),
    { do: "pack", buffer: filters, layout: [...batch, "oco", ...taps, "ico", ...inside] },
    { do: "cache", buffer: value, at: "ico", space: "workgroup", layout: ["pu", "pt", "icv", "icu"] },
    { do: "cache", buffer: packed, at: "ico", space: "workgroup", layout: inside },
  ];
}

type Direct = Extract<GpuTile, { kind: "direct" }>;

function directDirectives(
  { vectors, team }: Direct,
  product: Product,
  pixel: string,
  batch: readonly string[],
): Directive[] {
  const { taps, filters, inputs } = product;
  const isWhole = inputs % LANES === 0;
  const channels = isWhole ? ["icv", "icu"] : ["ic"];
  const written = isWhole ? ["icu"] : inputs <= SHORT ? ["ic"] : [];
  return [
    { do: "split", axis: pixel, by: team, into: ["po", "pt"], tail: "guard" },
    { do: "split", axis: "oc", by: LANES * vectors, into: ["oco", "oci"], tail: "roundUp" },
    { do: "split", axis: "oci", by: LANES, into: ["ocu", "lane"], tail: "roundUp" },
    ...(isWhole ? [{ do: "split", axis: "ic", by: LANES, into: ["icv", "icu"], tail: "guard" } as const] : []),
    { do: "reorder", axes: [...batch, "oco", "po", "pt", ...taps, ...channels, "ocu", "lane"] },
    { do: "bind", axis: "pt", to: "invocation.x" },
    ...unroll(...written),
    { do: "pack", buffer: filters, layout: [...batch, "oco", ...taps, ...channels, "ocu", "lane"] },
  ];
}
