/**
 * Filtering: the form of a stage that Winograd's algorithm serves.
 *
 * The stage is a sum of two factors, and the second factor is known before the call. Two pairs of axes slide with
 * stride 1. One axis is summed over in both factors, and one axis of the output stays in the first factor. Convolutions
 * and transposed convolutions have this form, at any rate.
 */
import { type Access, type Factor, tapsOver } from "../access.js";
import { type Affine, coefficientOf, equals, within } from "../affine.js";
import type { Axis } from "../program.js";
import type { SlidingAxis } from "./tiledAxis.js";

/** A stage as Winograd's algorithm sees it. */
export interface Filtering {
  readonly y: SlidingAxis;
  readonly x: SlidingAxis;
  /** Images: the axis of the output beside rows, columns and channels, if there is one. */
  readonly batch: Axis | undefined;
  readonly inputs: Axis;
  readonly outputs: Axis;
  readonly image: Factor;
  readonly filters: Factor;
}

/** Undefined if the stage has another form. */
export function filteringOf(access: Access): Filtering | undefined {
  const { stage, factors, space, reduce } = access;
  const [image, filters] = factors;
  if (!isProduct(access) || !image || !filters || image.isKnown || !filters.isKnown) return undefined;
  const points = space.filter(({ name }) => tapsOver(access, name).length > 0);
  const channels = space.filter((axis) => !points.includes(axis));
  const [outputs, ...moreOutputs] = channels.filter(({ by }) => by[0] === 0 && by[1] !== 0);
  const [batch, ...moreBatches] = channels.filter((axis) => axis !== outputs);
  const [inputs] = reduce.filter(({ role }) => role === "depth");
  const [y, x] = points.map((point) => slideOf(access, point));
  if (points.length !== 2 || reduce.length !== 3 || !y || !x || y.dimension === x.dimension) return undefined;
  if (!inputs || !outputs || moreOutputs.length + moreBatches.length > 0) return undefined;
  // Filters are transformed once for all images and places.
  if ([...points, ...(batch ? [batch] : [])].some(({ by }) => by[1] !== 0)) return undefined;
  const inside = [y, x].flatMap(({ dimension, size }) => within(image.at[dimension] as Affine, size));
  if (!stage.domain.every((form) => inside.some((limit) => equals(limit, form)))) return undefined;
  return { y, x, batch, inputs, outputs, image, filters };
}

function isProduct({ stage }: Access): boolean {
  const { combine = "sum", term, where = [] } = stage;
  const isLoads = term.kind === "binary" && term.a.kind === "load" && term.b.kind === "load";
  return combine === "sum" && isLoads && term.op === "multiply" && where.length === 0;
}

/** The slide over one axis of the output. It must have stride 1 and a subscript of the image to itself. */
function slideOf(access: Access, point: Axis): SlidingAxis | undefined {
  const [image] = access.factors;
  const taps = tapsOver(access, point.name);
  const tap = access.reduce.find(({ name }) => name === taps[0]);
  if (!image || !tap || taps.length !== 1) return undefined;
  const isMoved = (form: Affine) => [point, tap].some(({ name }) => coefficientOf(form, name) !== 0);
  const [dimension, ...others] = image.at.flatMap((form, i) => (isMoved(form) ? [i] : []));
  if (dimension === undefined || others.length > 0) return undefined;
  const form = image.at[dimension];
  const step = form ? coefficientOf(form, tap.name) : 0;
  const isOwn = form && step !== 0 && coefficientOf(form, point.name) === 1 && Object.keys(form.terms).length === 2;
  if (!isOwn) return undefined;
  return { point, tap, step, offset: form.constant, dimension, size: image.shape[dimension] as number };
}
