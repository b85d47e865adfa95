/**
 * Carries offsets along in innermost loops: `x[at3 + 4*ic]` becomes `x[step0]`.
 *
 * The variable step0 starts at at3 and grows by 4. Offsets that differ by a constant share one step, so an iteration
 * costs one addition per array and none per element. The pass comes after hoisting, which leaves at most one base
 * beside the loop's own variable.
 */

import { type Affine, add, affine, coefficientOf, key, variable, variablesOf } from "../../ir/affine.js";
import type { FreeNames } from "../../ir/freeNames.js";
import type { For, LoopKernel, Step } from "../../ir/stmt.js";
import { freeNamesIn, isInnermost, mapOffsets, namesIn, rewriteBody, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function stepOffsets(kernel: LoopKernel, { addressing }: Target): LoopKernel {
  // If offsets count elements, the language's own indexing does this better.
  if (addressing !== "bytes") return kernel;
  const names = freeNamesIn(kernel);
  return withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => [isInnermost(stmt) ? stepLoop(stmt, names) : stmt]),
  );
}

function stepLoop(loop: For, names: FreeNames): For {
  const inside = namesIn(loop.body);
  const steps = new Map<string, Step>();
  const carry = (form: Affine): Affine => {
    const by = coefficientOf(form, loop.name);
    if (by === 0 || variablesOf(form).some((name) => inside.has(name))) return form;
    const start = affine(0, { ...form.terms, [loop.name]: 0 });
    const id = `${key(start)} by ${by}`;
    const step = steps.get(id) ?? { name: names.numbered("step"), start, by };
    steps.set(id, step);
    return add(variable(step.name), form.constant);
  };
  const body = rewriteBody(loop.body, (stmt) => [mapOffsets(stmt, carry)]);
  return { ...loop, steps: [...steps.values()], body };
}
