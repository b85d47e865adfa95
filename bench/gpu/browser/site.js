// @ts-check
/** A small site for the bench: its pages as a bundler makes them, the peers' libraries beside them, and models. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { asConv, asConvTranspose } from "../../peers/models/onnx.js";
import { folderOf } from "../../peers/packages.js";
import { problemOf } from "../../peers/problem.js";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

const TFJS = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgpu", "@tensorflow/tfjs-backend-cpu"];
const ONNX_RUNTIME = "onnxruntime-web";
const ONNX_RUNTIME_FILES = [
  "ort.webgpu.bundle.min.mjs",
  "ort-wasm-simd-threaded.asyncify.mjs",
  "ort-wasm-simd-threaded.asyncify.wasm",
];

/** Whether `npm ci --prefix bench/peers` has been run. */
export const hasPeers = () => [...TFJS, ONNX_RUNTIME].every((name) => existsSync(folderOf(name)));

/** @param {boolean} peers whether the peers' libraries are served as well */
export async function openSite(peers) {
  const folder = mkdtempSync(join(tmpdir(), "tilewright-bench-"));
  await bundle(folder, {
    page: here("page.js"),
    firstCall: here("firstCall.js"),
    ...(peers ? { tfjs: here("tfjs.js") } : {}),
  });
  writeFileSync(join(folder, "empty.html"), "<!doctype html><title>bench</title>");
  if (peers) {
    for (const file of ONNX_RUNTIME_FILES) {
      cpSync(new URL(`dist/${file}`, folderOf(ONNX_RUNTIME)), join(folder, "onnxruntime", file));
    }
  }
  // Isolated from other origins, so that timers are precise and memory can be shared.
  const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const server = await preview({
    configFile: false,
    root: folder,
    logLevel: "error",
    build: { outDir: folder },
    preview: { host: "127.0.0.1", port: 0, headers },
  });
  return {
    url: server.resolvedUrls?.local[0] ?? "",
    /** Puts the models of a problem where the page asks for them. @param {string} name @param {import("../../peers/problem.js").DenseSpec} spec */
    addModels(name, spec) {
      const problem = problemOf(spec);
      mkdirSync(join(folder, "models"), { recursive: true });
      writeFileSync(join(folder, "models", `${name}.conv.onnx`), asConv(problem).bytes);
      writeFileSync(join(folder, "models", `${name}.transpose.onnx`), asConvTranspose(problem).bytes);
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** @param {string} folder @param {Record<string, string>} input scripts by the name they are served under */
const bundle = (folder, input) =>
  build({
    configFile: false,
    root: here("."),
    logLevel: "error",
    resolve: {
      alias: [
        { find: /^tilewright$/, replacement: here("../../../dist/runtime/index.js") },
        ...TFJS.map((name) => ({ find: name, replacement: fileURLToPath(folderOf(name)) })),
      ],
    },
    worker: { format: "es" },
    build: {
      outDir: folder,
      target: "es2022",
      modulePreload: false,
      rollupOptions: { input, preserveEntrySignatures: "exports-only", output: { entryFileNames: "[name].js" } },
    },
  });
