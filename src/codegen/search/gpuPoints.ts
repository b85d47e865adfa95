/** The sketch for stages that are no products, on GPUs: neighbouring points by neighbouring invocations. */
import { type Access, termsOf } from "../../ir/access.js";
import { BYTES } from "../../ir/dtype.js";
import type { Stage } from "../../ir/program.js";
import type { Directive } from "../schedule.js";
import type { Target } from "../target.js";
import { streamCycles } from "./gpuCost.js";
import { LoopNames } from "./loopNames.js";
import { sketchOf, type View } from "./sketch.js";
import { canLoad, canStore } from "./view.js";

/** Invocations of a workgroup: enough for a few warps or waves, and below every device's limit. */
const TEAM = 64;

interface PointLanes {
  /** Neighbouring points that one invocation computes. */
  readonly lanes: number;
}

export const GPU_POINTS = sketchOf<View, PointLanes>({
  name: "points",
  read: (access, { workgroups }) => (workgroups ? [{ name: "points", access }] : []),
  *picks({ access }, { lanes }) {
    yield { lanes: fillsVectors(access, lanes) ? lanes : 1 };
  },
  *all({ access }, { lanes }) {
    if (fillsVectors(access, lanes)) yield { lanes };
    yield { lanes: 1 };
  },
  cycles: (_, { access }, target: Target) => streamCycles(2 * BYTES.f32 * termsOf(access.stage), target),
  directives: ({ lanes }, { access }) => launchDirectives(access.stage, lanes),
});

function fillsVectors(access: Access, lanes: number): boolean {
  const last = access.space.at(-1);
  const isEmpty = termsOf(access.stage) === 0;
  return (
    !isEmpty &&
    last !== undefined &&
    last.extent % lanes === 0 &&
    canLoad(access, last, lanes) &&
    canStore(access, last, lanes)
  );
}

/**
 * Directives that fuse the axes of the output and distribute them over invocations. Each invocation has `lanes` points
 * along the last axis, whose extent must be a multiple. Without points there are no directives. No other sketch gives
 * the same names to loops, as a packing stage can have another sketch's loops for axes.
 */
export function launchDirectives(stage: Stage, lanes = 1): readonly Directive[] {
  const last = stage.space.at(-1);
  if (last === undefined || stage.space.some(({ extent }) => extent === 0)) return [];
  const names = new LoopNames(stage);
  const [point, vector, lane] = ["point", "vector", "lane"].map((name) => names.named(`launch${name}`)) as [
    string,
    string,
    string,
  ];
  const [team, member] = [names.named("launchteam"), names.named("launchmember")] as const;
  const axes = [...stage.space.slice(0, -1).map(({ name }) => name), lanes > 1 ? vector : last.name];
  return [
    ...(lanes > 1 ? [{ do: "split", axis: last.name, by: lanes, into: [vector, lane], tail: "guard" } as const] : []),
    ...fuseAll(axes, point, names),
    { do: "split", axis: axes.length > 1 ? point : (axes[0] as string), by: TEAM, into: [team, member], tail: "guard" },
    ...(lanes > 1 && stage.reduce.length > 0
      ? [{ do: "reorder", axes: [...stage.reduce.map(({ name }) => name), lane] } as const]
      : []),
    { do: "bind", axis: team, to: "workgroup.x" },
    { do: "bind", axis: member, to: "invocation.x" },
    ...(lanes > 1 ? [{ do: "vectorize", axis: lane } as const] : []),
  ];
}

/** Directives that fuse neighbouring loops, outermost first, into one. */
export function fuseAll(axes: readonly string[], into: string, names: LoopNames): Directive[] {
  const [first = "", ...rest] = axes;
  const directives: Directive[] = [];
  let before = first;
  rest.forEach((axis, i) => {
    const name = i === rest.length - 1 ? into : names.named(`${into}${i}`);
    directives.push({ do: "fuse", axes: [before, axis], into: name });
    before = name;
  });
  return directives;
}
