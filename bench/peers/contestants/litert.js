// @ts-check
/**
 * LiteRT.js: TFLite with XNNPACK as WebAssembly. The package is made for browsers; a few of their globals are enough for it.
 * The value is uploaded once, and results stay in its memory.
 */
import { cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { asConv2d, asDetour, asTransposeConv } from "../models/tflite.js";
import { folderOf, versionOf } from "../packages.js";
import { atrous } from "../problem.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export async function load({ threads }) {
  const scripts = scriptsAsCommonJs();
  const require = createRequire(import.meta.url);
  Object.assign(globalThis, {
    self: globalThis,
    importScripts: (/** @type {string} */ path) => Object.assign(globalThis, { ModuleFactory: require(path) }),
  });
  // Node 20 has none.
  if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: { hardwareConcurrency: threads } });
  // Named by a variable, as type checks must pass where the peers are not installed.
  const name = "@litertjs/core";
  const litert = await import(name);
  await litert.loadLiteRt(scripts, { threads: threads > 1 });
  return {
    version: versionOf(name),
    formulations: {
      conv: (problem) => open(litert, threads, problem, asConv2d(problem)),
      transpose: (problem) => open(litert, threads, problem, asTransposeConv(problem)),
      detour: (problem) => open(litert, threads, problem, asDetour(atrous(problem))),
    },
  };
}

/** Its scripts are CommonJS in a package that says it has none: Node takes them from a folder that says otherwise. */
function scriptsAsCommonJs() {
  const folder = folderOf(".cache/litert-commonjs");
  if (!existsSync(folder)) {
    const unfinished = folderOf(`.cache/litert-commonjs-${process.pid}`);
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(new URL("package.json", unfinished), '{ "type": "commonjs" }');
    cpSync(new URL("wasm/", folderOf("@litertjs/core")), unfinished, { recursive: true });
    renameSync(unfinished, folder);
  }
  return fileURLToPath(folder);
}

/**
 * @param {any} litert @param {number} threads @param {import("../problem.js").Problem} problem
 * @param {Uint8Array} bytes of the model
 */
async function open(litert, threads, problem, bytes) {
  const model = await litert.loadAndCompile(bytes, { accelerator: "wasm", cpuOptions: { numThreads: threads } });
  const value = new litert.Tensor(problem.value, problem.valueShape);
  const run = async () => {
    const [output] = await model.run([value]);
    return output;
  };
  return {
    run: async () => (await run()).delete(),
    output: async () => {
      const output = await run();
      const data = Float32Array.from(output.toTypedArray());
      output.delete();
      return data;
    },
    close: () => {
      value.delete();
      model.delete();
    },
  };
}
