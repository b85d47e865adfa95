/**
 * Filtering: the form of a stage that Winograd's algorithm serves.
 *
 * The stage is a sum of two factors, and the second factor is known before the call. Two pairs of axes slide with
 * stride 1, or one pair does and filters have one tap along the other axis. One axis is summed over in both factors,
 * and some axes of the output stay in the first factor. Convolutions and transposed convolutions have this form, at any
 * rate, and so do the phases of a stride that are axes.
 */
import { type Access, type AxisAccess, type Factor, tapsOver } from "../access.js";
import { type Affine, coefficientOf, equals, variablesOf, within } from "../affine.js";
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
  /** Other axes of the output along which filters move and the image stays, such as phases of a stride. */
  readonly phases: readonly Axis[];
  readonly image: Factor;
  readonly filters: Factor;
}

/** Axes of phases: those of rows and those of columns. */
const MOST_PHASES = 2;

/** Phases of fewer channels fill no vector, whose last lanes would belong to the next phase. */
const LEAST_CHANNELS = 4;

/** Undefined if the stage has another form. */
export function filteringOf(access: Access): Filtering | undefined {
  const { stage, factors, space, reduce } = access;
  const [image, filters] = factors;
  if (!isProduct(access) || !image || !filters || image.isKnown || !filters.isKnown) return undefined;
  const points = pointsOfImage(access);
  const channels = space.filter((axis) => !points.includes(axis));
  const filtered = channels.filter(({ by }) => by[0] === 0 && by[1] !== 0);
  const outputs = filtered.find(({ out }) => out === 1) ?? filtered.at(-1);
  const phases = filtered.filter((axis) => axis !== outputs);
  const [batch, ...moreBatches] = channels.filter((axis) => !filtered.includes(axis));
  const [inputs] = reduce.filter(({ role, by }) => role === "depth" && by[0] !== 0);
  const [y, x] = points.map((point) => slideOf(access, point));
  if (points.length !== 2 || reduce.length !== 3 || !y || !x || y.dimension === x.dimension) return undefined;
  if (!inputs || !outputs || phases.length > MOST_PHASES || moreBatches.length > 0) return undefined;
  if (phases.length > 0 && outputs.extent < LEAST_CHANNELS) return undefined;
  // Filters are transformed once for all images and places.
  if ([...points, ...(batch ? [batch] : [])].some(({ by }) => by[1] !== 0)) return undefined;
  const inside = [y, x].flatMap(({ dimension, size }) => within(image.at[dimension] as Affine, size));
  if (!stage.domain.every((form) => inside.some((limit) => equals(limit, form)))) return undefined;
  return { y, x, batch, inputs, outputs, phases, image, filters };
}

function isProduct({ stage }: Access): boolean {
  const { combine = "sum", term } = stage;
  const isLoads = term.kind === "binary" && term.a.kind === "load" && term.b.kind === "load";
  return combine === "sum" && isLoads && term.op === "multiply";
}

/** The axes of rows and columns: those that taps slide over. If there is but one, the nearest other of the image. */
function pointsOfImage(access: Access): AxisAccess[] {
  const slides = ({ name }: Axis) => tapsOver(access, name).length > 0;
  const others = access.space.filter((axis) => !slides(axis) && axis.by[0] !== 0 && axis.by[1] === 0);
  const beside = access.space.filter(slides).length === 1 ? others.at(-1) : undefined;
  return access.space.filter((axis) => slides(axis) || axis === beside);
}

/** The slide over one axis of the output. It must have stride 1 and a subscript of the image to itself. */
function slideOf(access: Access, point: Axis): SlidingAxis | undefined {
  const [image] = access.factors;
  const taps = tapsOver(access, point.name);
  const only = access.reduce.find(({ extent, by }) => extent === 1 && by[0] === 0);
  const tap = taps.length === 0 ? only : access.reduce.find(({ name }) => name === taps[0]);
  if (!image || !tap || taps.length > 1) return undefined;
  const isMoved = (form: Affine) => [point, tap].some(({ name }) => coefficientOf(form, name) !== 0);
  const [dimension, ...others] = image.at.flatMap((form, i) => (isMoved(form) ? [i] : []));
  if (dimension === undefined || others.length > 0) return undefined;
  const form = image.at[dimension];
  const step = form ? coefficientOf(form, tap.name) : 0;
  const isOwn = form && coefficientOf(form, point.name) === 1 && variablesOf(form).length === 1 + taps.length;
  if (!isOwn) return undefined;
  return { point, tap, step, offset: form.constant, dimension, size: image.shape[dimension] as number };
}
