// @ts-check
/**
 * Runs the specs of TensorFlow.js' core on one of its backends and prints which failed, as JSON. A test bundles it, as the specs are
 * modules that only bundlers find.
 *
 *     node suite.cjs wasm|cpu|webgpu FILTER [exact|fast, with our kernels]
 */

import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
// @ts-expect-error: a file that only bundlers find
import { setTestEnvs, setupTestFilters } from "@tensorflow/tfjs-core/dist/jasmine_util";
// @ts-expect-error: it has no types
import jasmineRequire from "jasmine-core/lib/jasmine-core/jasmine.js";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

const [backend = "wasm", filter = "", accuracy] = process.argv.slice(2);
// Set by the bundler.
const root = /** @type {string} */ (process.env.TILEWRIGHT_ROOT);

const jasmine = jasmineRequire.core(jasmineRequire);
const jasmineEnv = jasmine.getEnv({ suppressLoadErrors: true });
Object.assign(globalThis, { jasmine }, jasmineRequire.interface(jasmine, jasmineEnv));
// A software renderer compiles for seconds where a machine has more to do.
jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;
const wanted = new RegExp(filter);
jasmineEnv.configure({ random: false, specFilter: (/** @type {any} */ spec) => wanted.test(spec.getFullName()) });

setWasmPaths(`${root}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);

/** WebGPU in Node, by Dawn. The backend looks for it when it is loaded. */
async function loadWebgpu() {
  const { create, globals } = await import(pathToFileURL(`${root}/node_modules/webgpu/index.js`).href);
  // Dawn is torn down when the object is collected.
  const gpu = create([]);
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "" }, configurable: true });
  require("@tensorflow/tfjs-backend-webgpu");
}

/** Each call is new to a spec, which waits for nothing: kernels are made in place. */
async function compileInPlace() {
  const { GpuKernels } = await import(pathToFileURL(`${root}/dist/tfjs/kernels/onGpu.js`).href);
  const { run } = GpuKernels.prototype;
  GpuKernels.prototype.run = function (/** @type {any} */ plan, /** @type {any} */ call) {
    const output = run.call(this, plan, call);
    if (output) return output;
    this.make(plan);
    return run.call(this, plan, call);
  };
}

async function main() {
  const isOnGpu = backend === "webgpu";
  if (isOnGpu) await loadWebgpu();
  if (isOnGpu && accuracy) await compileInPlace();
  const flags = isOnGpu ? { WEBGPU_CPU_FORWARD: false } : {};
  // Dawn has no canvas, by which the backend would read at once.
  setTestEnvs([{ name: `test-${backend}`, backendName: backend, isDataSync: !isOnGpu, flags }]);
  setupTestFilters([{ include: `test-${backend}` }], () => false);
  require("@tensorflow/tfjs-core/dist/tests");
  /** @type {import("../../../src/tfjs/install.js").InstalledTfjs | undefined} */
  let installed;
  if (accuracy) {
    await tf.setBackend(backend);
    const { install } = await import(pathToFileURL(`${root}/dist/tfjs/index.js`).href);
    installed = await install(tf, { accuracy });
  }
  let passed = 0;
  /** @type {string[]} */
  const failed = [];
  jasmineEnv.addReporter({
    /** @param {{ status: string, fullName: string }} result */
    specDone({ status, fullName }) {
      if (status === "passed") passed++;
      if (status === "failed") failed.push(fullName);
    },
    jasmineDone() {
      const ours = installed?.report().kernels.reduce((sum, kernel) => sum + kernel.ours, 0) ?? 0;
      process.stdout.write(JSON.stringify({ passed, failed: failed.sort(), ours }), () => process.exit(0));
    },
  });
  await jasmineEnv.execute();
}

main();
