/**
 * The search space: every schedule that the sketches can make for a spec on a target, legal by construction. A point is found
 * again by its name, among those that are enumerated here; so a name may come from a stranger, as nothing of it gets any further.
 */
import { canonicalKey } from "../../../ir/key.js";
import { type Algorithm, DIRECT, programOf, winogradSizesOf } from "../../../ir/ops/index.js";
import type { OpSpec } from "../../../ir/ops/spec.js";
import { elementCount } from "../../../ir/program.js";
import type { Target } from "../../target.js";
import { isConvolution } from "../axes.js";
import { type Candidate, fitsParts, partsOf, type Wanted, winogradTiles } from "../choice.js";
import { gpuSpace } from "./gpuSpace.js";
import type { PointName, Points } from "./point.js";
import { scalarSpace } from "./scalarSpace.js";
import { vectorSpace } from "./vectorSpace.js";
import { winogradSpace } from "./winogradSpace.js";

/** All points for what is wanted, by algorithm. None where there is nothing to compute. */
export function* spaceOf(spec: OpSpec, target: Target, wanted: Wanted): Generator<Candidate> {
  for (const algorithm of algorithmsOf(spec, target, wanted)) {
    for (const point of pointsOf(spec, algorithm, target)) yield { algorithm, ...point };
  }
}

/** The point of that name; undefined where there is none for what is wanted. */
export function findPoint(spec: OpSpec, target: Target, wanted: Wanted, name: PointName): Candidate | undefined {
  const [key, knobs] = [canonicalKey(name.algorithm), canonicalKey(name.knobs)];
  const algorithm = algorithmsOf(spec, target, wanted).find((one) => canonicalKey(one) === key);
  if (!algorithm) return undefined;
  for (const point of pointsOf(spec, algorithm, target)) {
    if (canonicalKey(point.knobs) === knobs) return { algorithm, ...point };
  }
  return undefined;
}

function algorithmsOf(spec: OpSpec, target: Target, { accuracy = "exact", algorithm = "auto" }: Wanted): Algorithm[] {
  if (typeof algorithm !== "string")
    return algorithm.kind === "winograd" || fitsParts(spec, algorithm, target) ? [algorithm] : [];
  const direct = [DIRECT, ...partsOf(spec, target).map((parts): Algorithm => ({ kind: "direct", parts }))];
  const winograd = winogradTiles(spec).map((tile): Algorithm => ({ kind: "winograd", tile }));
  if (algorithm === "direct" || (algorithm === "auto" && accuracy === "exact")) return direct;
  return algorithm === "winograd" ? winograd : [...direct, ...winograd];
}

function pointsOf(spec: OpSpec, algorithm: Algorithm, target: Target): Points {
  const sizes = algorithm.kind === "winograd" ? winogradSizesOf(spec, algorithm.tile) : undefined;
  if (algorithm.kind === "winograd" && !sizes) return [];
  const program = programOf(spec);
  const stage = program.run.find(isConvolution);
  if (!stage || elementCount([...stage.space, ...stage.reduce].map(({ extent }) => extent)) === 0) return [];
  if (target.workgroups) return gpuSpace(spec, algorithm, target);
  if (sizes) return winogradSpace(spec, algorithm, sizes, target);
  return target.lanes > 1 ? vectorSpace(program, stage, target) : scalarSpace(program, stage, target);
}
