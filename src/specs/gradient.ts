/** Gradients of specs, as specs: derived, and written down as formulas. */

import { formulaOf } from "../formula/describe.js";
import { readFormula } from "../formula/spec.js";
import { gradient } from "../ir/derive/gradient.js";
import { fail, show } from "../ir/errors.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { programOf } from "../ir/ops/index.js";
import type { GivenSpec } from "../ir/ops/spec.js";
import { anyLengthWithin } from "../ir/ops/specWithProgram.js";
import { checkAnySpec } from "./anySpec.js";

/** A formula whose one output is called `output`, of the shape of the tensor to which the gradient belongs. */
export interface GradientSpec extends FormulaSpec {
  readonly outputs: readonly ["output"];
}

/**
 * The gradient of `<upstream, output>` with respect to a tensor of the spec: a spec like any other. Its inputs are
 * `upstream`, of the shape of the output, and those tensors of the spec that it reads, all given on every call. Its
 * output is `output`, of the shape of the tensor. Such a spec has gradients, too.
 * @param tensor a name: `"value"`, `"filters"` or `"bias"` of an op of the library, any input or weight of a formula
 * @throws TilewrightError what `compile` throws for the spec; `invalid-argument` for an unknown name; `not-derivable`
 */
export function gradientOf(spec: GivenSpec, tensor: string): GradientSpec {
  const read = checkAnySpec(spec);
  if (anyLengthWithin(read))
    fail(
      "not-derivable",
      "a spec whose calls choose a size has no gradient; take that of a spec for each of the sizes",
    );
  const program = programOf(read);
  if (typeof tensor !== "string") fail("invalid-argument", `gradient takes the name of a tensor; got ${show(tensor)}`);
  const { formula, tensors, constants, outputs } = formulaOf(gradient(program, tensor));
  const given = { formula, tensors, outputs, ...(Object.keys(constants).length > 0 ? { constants } : {}) };
  return readFormula(given) as GradientSpec;
}
