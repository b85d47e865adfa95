// @ts-check
/** This project, with the kernel's own memory for value and output. */
// By path, as a folder with a package of its own does not see the package around it by name.

import { VERSION } from "../../../dist/ir/version.js";
import { compile } from "../../../dist/runtime/index.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export async function load(setting) {
  return { version: VERSION, formulations: { kernel: (problem) => open(problem, setting) } };
}

/** @param {import("../problem.js").Problem} problem @param {import("./index.js").Setting} setting */
async function open({ spec, value, filters }, { threads, revectorize }) {
  const kernel = await compile(spec, { target: "wasm", threads, revectorize });
  const weights = kernel.prepare(filters);
  kernel.value.set(value);
  return {
    run:
      threads > 1
        ? () => kernel.run(kernel.value, weights, kernel.output)
        : () => kernel.runSync(kernel.value, weights, kernel.output),
    output: () => kernel.output,
    close: () => kernel.dispose(),
  };
}
