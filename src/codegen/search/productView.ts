/** Sees a stage as a matrix product, for GPUs: rows by columns, summed over taps and depth. */
import { type Access, type AxisAccess, pointsOf } from "../../ir/access.js";
import type { ProductWork } from "./gpuCost.js";
import type { View } from "./sketch.js";
import { canStore, isReadOnce } from "./view.js";

/** Numbers in a vector. */
export const LANES = 4;

export interface ProductView extends View {
  /** The axes that count separate products, the longest first. */
  readonly batch: readonly AxisAccess[];
  /** The axes that count rows, outermost first. Leading axes of one point are left out: they need not be fused. */
  readonly rows: readonly AxisAccess[];
  readonly columns: AxisAccess;
  readonly taps: readonly AxisAccess[];
  readonly depth: AxisAccess;
  /** The index of the factor that moves along the rows. */
  readonly streamed: number;
  /** The index of the factor that moves along the columns. */
  readonly columned: number;
  /** True if the factor of the columns is copied into the order in which it is read. */
  readonly packs: boolean;
  readonly work: ProductWork;
}

/** The view as it is, and with a copy of the columns' factor; with the copy alone if it is made before the call. */
export function matrixViews(access: Access): ProductView[] {
  const view = productView(access);
  const factor = view && access.factors[view.columned];
  if (!view || !factor || !isReadOnce(access, factor)) return view ? [view] : [];
  const packing = { ...view, packs: true };
  return factor.isKnown ? [packing] : [view, { ...packing, name: `${view.name} ${factor.buffer}` }];
}

/** Elements that each call copies. */
export function packedElements({ access, packs, columned, work }: ProductView): number {
  if (!packs || access.factors[columned]?.isKnown) return 0;
  return work.batch * work.columns * work.taps * work.depth;
}

function productView(access: Access): ProductView | undefined {
  const { space, reduce, factors } = access;
  const columns = space.findLast((axis) => axis.role === "reuse" && canStore(access, axis, LANES));
  const depth = reduce.findLast(({ role }) => role === "depth");
  if (!columns || !depth || factors.length !== 2) return undefined;
  const [streamed, columned] = [columns.by.indexOf(0), columns.by.findIndex((step) => step !== 0)];
  const stays = (axis: AxisAccess) => columns.by.some((step, i) => step !== 0 && axis.by[i] === 0);
  const others = space.filter((axis) => axis !== columns);
  const all = others.filter(stays);
  const batch = others.filter((axis) => !stays(axis)).sort((a, b) => b.extent - a.extent);
  const taps = reduce.filter((axis) => axis !== depth);
  if (all.length === 0 || columned < 0) return undefined;
  const first = all.findIndex(({ extent }) => extent !== 1);
  return {
    name: [all.at(-1)?.name, columns.name, depth.name].join(" "),
    access,
    batch,
    rows: all.slice(first < 0 ? -1 : first),
    columns,
    taps,
    depth,
    streamed,
    columned,
    packs: false,
    work: {
      batch: pointsOf(batch),
      rows: pointsOf(all),
      columns: columns.extent,
      taps: pointsOf(taps),
      depth: depth.extent,
    },
  };
}
