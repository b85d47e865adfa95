// @ts-check
/**
 * `node bench/gpu/device/pack.js FOLDER [--peers]`, after `npm run build`: all that bench/gpu/device.js needs on a machine
 * without network and without Node, for this kind of processor and system.
 */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const NEEDED = [
  "package.json",
  "dist",
  "bench/suite.json",
  "bench/gpu",
  "bench/peers/definition.js",
  "bench/peers/ordinary.js",
  "bench/peers/problem.js",
  "bench/peers/packages.js",
  "bench/peers/models",
  "node_modules/webgpu/package.json",
  "node_modules/webgpu/index.js",
  `node_modules/webgpu/dist/${process.platform}-${process.platform === "darwin" ? "universal" : process.arch}`,
];

/** Folders below bench/peers/node_modules, and what is needed of each. */
const PEERS = Object.entries({
  "@tensorflow/tfjs-core": ["package.json", "dist/tf-core.node.js"],
  "@tensorflow/tfjs-backend-webgpu": ["package.json", "dist/tf-backend-webgpu.node.js"],
  seedrandom: [""],
  "onnxruntime-web": [
    "package.json",
    "dist/ort.webgpu.bundle.min.mjs",
    "dist/ort-wasm-simd-threaded.asyncify.mjs",
    "dist/ort-wasm-simd-threaded.asyncify.wasm",
  ],
  protobufjs: ["package.json", "index.js", "src", "google"],
  "@protobufjs": [""],
  long: [""],
}).flatMap(([name, parts]) => parts.map((part) => join("bench/peers/node_modules", name, part)));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { peers: { type: "boolean", default: false } },
});
const [folder] = positionals;
if (folder === undefined || existsSync(folder)) {
  console.error(folder === undefined ? "pack.js FOLDER [--peers]" : `${folder} is there already`);
  process.exit(1);
}
const root = fileURLToPath(new URL("../../../", import.meta.url));
for (const path of [...NEEDED, ...(values.peers ? PEERS : [])]) {
  cpSync(join(root, path), join(folder, path), { recursive: true, filter: (name) => !name.endsWith(".map") });
}
cpSync(process.execPath, join(folder, "node"));
console.log(`${join(folder, "node")} ${join(folder, "bench/gpu/device.js")} runs it there.`);
