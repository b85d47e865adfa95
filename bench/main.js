// @ts-check
/** `npm run bench -- NAME`: runs one bench, or lists them. Pin the process to a quiet core for figures worth quoting. */

/** @type {Record<string, () => Promise<{ run: () => Promise<void> }>>} */
const BENCHES = {
  js: () => import("./js.js"),
  wasm: () => import("./wasm.js"),
  algorithms: () => import("./algorithms.js"),
  accuracy: () => import("./accuracy.js"),
  peers: () => import("./peers/main.js"),
  webgpu: () => import("./gpu/browser/main.js"),
};

const [name = ""] = process.argv.slice(2);
const load = BENCHES[name];
if (!load) {
  console.error(`npm run bench -- NAME, where NAME is one of: ${Object.keys(BENCHES).join(", ")}`);
  process.exit(1);
}
console.log(`Node ${process.version}, ${process.arch}`);
await (await load()).run();
