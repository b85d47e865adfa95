// @ts-check
/** Writes the page of TensorFlow.js to a folder. `npm run build` and `npm ci --prefix site` come first. */
import { cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const require = createRequire(import.meta.url);

const PACKAGE = here("../node_modules/@upscalerjs/esrgan-slim");
const MODEL = join(PACKAGE, "models/x4");
const WASM = require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm");

/** Files that are copied as they are. @type {readonly (readonly [from: string, to: string])[]} */
const FILES = [
  [here("index.html"), "index.html"],
  [here("style/page.css"), "style/page.css"],
  [here("style/ways.css"), "style/ways.css"],
  [here("../../examples/starlet/hubble_512.png"), "hubble.png"],
  [join(MODEL, "model.json"), "model/model.json"],
  [join(MODEL, "group1-shard1of1.bin"), "model/group1-shard1of1.bin"],
  [join(PACKAGE, "LICENSE"), "model/licence.txt"],
  [WASM, "tfjs-backend-wasm-simd.wasm"],
];

/** @param {string} folder */
export async function build(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [from, to] of FILES) cpSync(from, join(folder, to));
  await bundle({
    entryPoints: [here("page.ts"), here("worker.ts")],
    outdir: folder,
    chunkNames: "chunks/[name]-[hash]",
    alias: { "tilewright/tfjs": here("../../dist/tfjs/index.js") },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
}
