// @ts-check
/** `npm run bench -- NAME`: runs one bench; without a name, the suite. Pin the process to a quiet core for figures worth quoting. */

/** @type {Record<string, () => Promise<{ run: () => Promise<void> }>>} */
const BENCHES = {
  suite: () => import("./suite.js"),
  js: () => import("./js.js"),
  wasm: () => import("./wasm.js"),
  algorithms: () => import("./algorithms.js"),
  tuned: () => import("./tuned.js"),
  model: () => import("./model.js"),
  ops: () => import("./ops.js"),
  accuracy: () => import("./accuracy.js"),
  peers: () => import("./peers/main.js"),
  layers: () => import("./layers/main.js"),
  webgpu: () => import("./gpu/browser/main.js"),
  tfjs: () => import("./tfjs/main.js"),
};

// Options alone are the suite's. Benches read theirs from behind the name.
if (process.argv[2]?.startsWith("-") !== false) process.argv.splice(2, 0, "suite");
const name = /** @type {string} */ (process.argv[2]);
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!load) {
  console.error(
    `npm run bench -- NAME, where NAME is one of: ${Object.keys(BENCHES).join(", ")}; without a name, the suite`,
  );
  process.exit(1);
}
console.log(`Node ${process.version}, ${process.arch}`);
await (await load()).run();
