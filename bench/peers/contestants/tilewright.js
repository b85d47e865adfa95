// @ts-check
/** This project, with the kernel's own memory for value and output: summing by definition, as it does by default. */
// By path, as a folder with a package of its own does not see the package around it by name.

import { VERSION } from "../../../build/ir/version.js";
import { compile } from "../../../dist/runtime/index.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export const load = (setting) => loadWith({}, setting);

/** @param {import("tilewright").CompileOptions} options @param {import("./index.js").Setting} setting */
export async function loadWith(options, setting) {
  /** @param {import("../problem.js").Problem} problem */
  const kernel = (problem) => open(problem, { ...options, ...setting });
  return { version: VERSION, formulations: { kernel } };
}

/** @param {import("../problem.js").Problem} problem @param {import("tilewright").CompileOptions & import("./index.js").Setting} options */
async function open({ spec, value, filters }, options) {
  const kernel = await compile(/** @type {import("tilewright").OpSpec} */ (spec), { target: "wasm", ...options });
  const weights = kernel.prepare(filters);
  kernel.value.set(value);
  return {
    run:
      options.threads > 1
        ? () => kernel.run(kernel.value, weights, kernel.output)
        : () => kernel.runSync(kernel.value, weights, kernel.output),
    variant: kernel.algorithm,
    output: () => kernel.output,
    close: () => kernel.dispose(),
  };
}
