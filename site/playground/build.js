// @ts-check
/** Builds the playground: a folder of files that any server can serve, and that asks for nothing outside it. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const source = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** The page waits for none of its workers, so it shares nothing with them. */
const PAGE = { main: source("./main.tsx") };

/** Tuning starts the last one, by this name, beside the file that it is in itself. */
const WORKERS = {
  compiler: source("./worker/compiler.ts"),
  measurer: source("./worker/measurer.ts"),
  worker: source("../../src/tune/page/worker.ts"),
};

/** The needs of a page's first kernel, a formula in WebAssembly; all that these import at once is needed, too. */
const NEEDED_FIRST = [
  "./worker/compiler.ts",
  "./worker/formulaNames.ts",
  "../../src/formula/spec.ts",
  "../../src/codegen/backends/wasm.ts",
].map(source);

/**
 * Puts what the first kernel needs into one file: by who needs what, it would come in forty.
 * @returns {{ plugin: import("rolldown").Plugin, codeSplitting: import("rolldown").OutputOptions["codeSplitting"] }}
 */
function firstTogether() {
  /** @type {Set<string>} */
  const first = new Set();
  return {
    plugin: {
      name: "first-together",
      buildEnd() {
        const add = (/** @type {string} */ id) => {
          if (first.has(id)) return;
          first.add(id);
          this.getModuleInfo(id)?.importedIds.forEach(add);
        };
        NEEDED_FIRST.forEach(add);
      },
    },
    // A worker begins to answer as soon as its own file is imported, so no other worker may import that.
    codeSplitting: { groups: [{ name: "first", test: (id) => first.has(id) && !Object.values(WORKERS).includes(id) }] },
  };
}

/**
 * Packages for Node that wabt names, and asks for in Node alone.
 * @type {import("rolldown").Plugin}
 */
const withoutNode = {
  name: "without-node",
  resolveId: (id) => (/^(fs|path|crypto)$/.test(id) ? `\0without-node/${id}` : undefined),
  load: (id) => (id.startsWith("\0without-node/") ? "export {};" : undefined),
};

/**
 * @param {Record<string, string>} input
 * @param {import("rolldown").Plugin[]} plugins
 */
const bundled = (input, plugins = []) =>
  rolldown({
    input,
    platform: "browser",
    tsconfig: source("./tsconfig.json"),
    plugins: [withoutNode, ...plugins],
    // What is imported on demand by one and at once by another is no mistake here.
    onLog: (level, log, next) => (log.code === "INEFFECTIVE_DYNAMIC_IMPORT" ? undefined : next(level, log)),
  });

/**
 * Writes the page into a folder, which may hold other files.
 * @param {string} folder
 */
export async function build(folder) {
  mkdirSync(join(folder, "tensorflow"), { recursive: true });
  const output = { dir: folder, format: /** @type {const} */ ("es"), minify: true, chunkFileNames: "[name]-[hash].js" };
  await (await bundled(PAGE)).write(output);
  const { plugin, codeSplitting } = firstTogether();
  await (await bundled(WORKERS, [plugin])).write({ ...output, ...(codeSplitting ? { codeSplitting } : {}) });
  const styles = STYLES.map((name) => readFileSync(source(`./style/${name}.css`), "utf8"));
  writeFileSync(join(folder, "playground.css"), [await sharedStyle(), ...styles].join(""));
  copyFileSync(source("./index.html"), join(folder, "index.html"));
  copyTensorflow(join(folder, "tensorflow"));
}

/** In their order: of two rules that say something else, the later one counts. */
const STYLES = ["page", "controls", "panes", "widths"];

/** The colours and drawings that the page shares with reports. */
async function sharedStyle() {
  const { output } = await (await bundled({ style: source("./sharedStyle.ts") })).generate({ format: "es" });
  const { SHARED_STYLE } = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
  return `${SHARED_STYLE}\n`;
}

/** TensorFlow.js fetches its binaries by their names. */
function copyTensorflow(/** @type {string} */ folder) {
  const from = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
  for (const name of readdirSync(from).filter((file) => file.endsWith(".wasm")))
    copyFileSync(join(from, name), join(folder, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(process.argv[2] ?? source("./dist"));
