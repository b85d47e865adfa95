/** The knobs of a schedule: the values that points of the search space have, and the point that a turn leads to. */
import type { Candidate, PointName } from "tilewright/compiler";
import type { Knob, Knobs } from "../messages.js";

type Value = Knob["value"];

/** The algorithm is a knob as well: others have knobs of their own. */
const ALGORITHM = "algorithm";

const settingOf = ({ algorithm, knobs }: PointName, name: string): Value | undefined =>
  name === ALGORITHM ? algorithmText(algorithm) : knobs[name];

/** The algorithm in words, which tell algorithms apart. */
const algorithmText = (algorithm: PointName["algorithm"]): string =>
  algorithm.kind === "winograd"
    ? `winograd ${algorithm.tile.join("x")}`
    : `direct${algorithm.parts === undefined ? "" : ` in ${algorithm.parts} parts`}`;

export function knobsOf(points: readonly Candidate[], now: PointName): Knobs {
  const knobs = [ALGORITHM, ...Object.keys(now.knobs)].map((name): Knob => {
    const value = settingOf(now, name) as Value;
    const values = new Set([value, ...points.map((point) => settingOf(point, name))]);
    values.delete(undefined as never);
    return { name, value, values: [...(values as Set<Value>)].sort(inOrder) };
  });
  return { knobs, points: points.length };
}

const inOrder = (a: Value, b: Value): number =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));

/** The point with that value whose other knobs differ in the fewest places, and among those the fastest. */
export function turned(
  points: readonly Candidate[],
  now: PointName,
  name: string,
  value: Value,
): PointName & { readonly isExact: boolean } {
  const others = [ALGORITHM, ...Object.keys(now.knobs)].filter((other) => other !== name);
  const changes = (point: PointName) =>
    others.filter((other) => settingOf(point, other) !== settingOf(now, other)).length;
  const ranked = points
    .filter((point) => settingOf(point, name) === value)
    .map((point) => ({ point, changed: changes(point) }))
    .sort((a, b) => a.changed - b.changed || a.point.cycles - b.point.cycles);
  const [nearest = { point: now, changed: 0 }] = ranked;
  const { algorithm, knobs } = nearest.point;
  return { algorithm, knobs, isExact: nearest.changed === 0 };
}
