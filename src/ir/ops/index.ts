/** From spec and algorithm to program. Adding an op means one file here and one line below. */
import { failInternally, unreachable } from "../errors.js";
import type { Program } from "../program.js";
import { atrousConv2dTranspose } from "./atrousConv2dTranspose.js";
import { conv2d } from "./conv2d.js";
import { type DenseConvolution, denseConvolution } from "./denseConvolution.js";
import type { OpName, OpSpec } from "./spec.js";
import { splitSum } from "./splitSum.js";
import { type WinogradSizes, type WinogradTile, winograd, winogradSizes } from "./winograd.js";

const OPS: Readonly<Record<OpName, DenseConvolution>> = { atrousConv2dTranspose, conv2d };

/**
 * How the sums are computed: by definition, on a GPU perhaps in several parts that are added up at last, or by minimal filtering in
 * tiles of so many output rows and columns.
 */
export type Algorithm =
  | { readonly kind: "direct"; readonly parts?: number }
  | { readonly kind: "winograd"; readonly tile: WinogradTile };

export type { WinogradSizes, WinogradTile };

export const DIRECT: Algorithm = { kind: "direct" };

/** `spec` must have passed `checkSpec`, and have as many input channels as parts, and sizes where the algorithm is Winograd's. */
export function programOf(spec: OpSpec, algorithm: Algorithm = DIRECT): Program {
  const op = OPS[spec.op];
  switch (algorithm.kind) {
    case "direct": {
      const program = denseConvolution(spec, op);
      return algorithm.parts === undefined || algorithm.parts === 1 ? program : splitSum(program, algorithm.parts);
    }
    case "winograd":
      return winograd(spec, { ...op, tile: algorithm.tile });
    default:
      return unreachable(algorithm);
  }
}

/** What the spec comes to in tiles of this size; undefined where it has none. */
export const winogradSizesOf = (spec: OpSpec, tile: WinogradTile): WinogradSizes | undefined =>
  winogradSizes(spec, { ...OPS[spec.op], tile });

/** For people: `direct`, or `winograd F(4x4, 3x3)`. */
export function printAlgorithm(spec: OpSpec, algorithm: Algorithm): string {
  if (algorithm.kind === "direct") return (algorithm.parts ?? 1) > 1 ? `direct in ${algorithm.parts} parts` : "direct";
  const { y, x } = winogradSizesOf(spec, algorithm.tile) ?? failInternally("an algorithm that does not fit its spec");
  return `winograd F(${algorithm.tile.join("x")}, ${y.taps}x${x.taps})`;
}
