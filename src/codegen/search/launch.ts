/** Launches for stages that are no products: every point of the output is an invocation's, neighbours are neighbours' points. */
import type { Stage } from "../../ir/program.js";
import type { Directive } from "../schedule.js";

/** Called like no loop that a schedule would name, as a packing stage has the loops of its layout for axes. */
const [POINT, VECTOR, LANE] = ["launchpoint", "launchvector", "launchlane"] as const;

/** Enough for a few warps or waves, and below every device's limit. */
const TEAM = 64;

/**
 * Directives that fuse the axes of the output, the last one in `lanes` if it is a multiple of them, and share them out. None
 * where there is nothing to compute.
 */
export function launchDirectives(stage: Stage, lanes = 1): readonly Directive[] {
  if (stage.space.length === 0 || stage.space.some(({ extent }) => extent === 0)) return [];
  const last = stage.space.at(-1) as Stage["space"][number];
  const isVector = lanes > 1 && last.extent % lanes === 0;
  const axes = [...stage.space.slice(0, -1).map(({ name }) => name), isVector ? VECTOR : last.name];
  return [
    ...(isVector ? [{ do: "split", axis: last.name, by: lanes, into: [VECTOR, LANE], tail: "guard" } as const] : []),
    ...fuseAll(axes, POINT),
    {
      do: "split",
      axis: axes.length > 1 ? POINT : (axes[0] as string),
      by: TEAM,
      into: ["launchteam", "launchmember"],
      tail: "guard",
    },
    ...(isVector && stage.reduce.length > 0
      ? [{ do: "reorder", axes: [...stage.reduce.map(({ name }) => name), LANE] } as const]
      : []),
    { do: "bind", axis: "launchteam", to: "workgroup.x" },
    { do: "bind", axis: "launchmember", to: "invocation.x" },
    ...(isVector ? [{ do: "vectorize", axis: LANE } as const] : []),
  ];
}

/** One loop of neighbouring ones, outermost first. */
export function fuseAll(axes: readonly string[], into: string): Directive[] {
  const [first = "", ...rest] = axes;
  const directives: Directive[] = [];
  let before = first;
  rest.forEach((axis, i) => {
    const name = i === rest.length - 1 ? into : `${into}${i}`;
    directives.push({ do: "fuse", axes: [before, axis], into: name });
    before = name;
  });
  return directives;
}
