// @ts-check
/**
 * Writes generated/: the kernels of the benchmark's suite, as the compiler makes them today. They are the golden files of the
 * code generator: read them in review, and expect no change from a refactoring. `npm run generate` builds and runs it.
 *
 * JavaScript and WGSL are kept as they are. Of a WebAssembly kernel the last step before the binary is kept, which people can
 * read, and the binary's hash, which shows that the emitter still makes the same of it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const folder = new URL("../generated/", import.meta.url);

/** Lines of a kernel that are shown; of the few that are longer, the rest goes on like this. */
const SHOWN = 300;

/**
 * @typedef {Pick<import("../src/codegen/index.js"), "compileModule" | "explain" | "JS" | "wasmTarget" | "wgslTarget" | "DEFAULT_LIMITS">} Compiler
 * @typedef {import("tilewright").OpSpec} OpSpec
 */

/**
 * @param {Compiler} compiler
 * @returns {Map<string, string>} text by file name
 */
export function generate(compiler) {
  /** @type {Record<string, OpSpec>} */
  const suite = JSON.parse(readFileSync(new URL("../bench/suite.json", import.meta.url), "utf8"));
  return new Map(
    Object.entries(suite).flatMap(([name, spec]) => [
      [`${name}.js.txt`, compiler.compileModule(spec, { target: compiler.JS }).code],
      [`${name}.wasm.txt`, wasmText(spec, compiler)],
      [`${name}.wgsl.txt`, wgslText(spec, compiler)],
    ]),
  );
}

/**
 * @param {OpSpec} spec
 * @param {Compiler} compiler
 */
function wasmText(spec, { compileModule, explain, wasmTarget }) {
  const target = wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: false });
  const { schedule, memory, kernels } = explain(spec, { target });
  const { prepare, run } = compileModule(spec, { target });
  const hashes = { prepare: hash(prepare?.code ?? ""), run: hash(run.code) };
  const parts = memory.map(({ when, codeBytes, pages, buffers }) => {
    const places = buffers.map(
      ({ address, role, name, shape }) => `  at ${address} ${role} ${name}[${shape.join(", ")}]`,
    );
    return [`${when}: ${codeBytes} bytes of code, sha256 ${hashes[when]}; ${pages} pages of memory`, ...places].join(
      "\n",
    );
  });
  const lowered = kernels.filter(({ when }) => when === "run").map(({ steps }) => shorten(steps.at(-1)?.ir ?? ""));
  return `${schedule.row}\n\n${parts.join("\n")}\n\n${lowered.join("\n")}`;
}

/**
 * @param {OpSpec} spec
 * @param {Compiler} compiler
 */
function wgslText(spec, { compileModule, wgslTarget, DEFAULT_LIMITS }) {
  const { prepare, run } = compileModule(spec, { target: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }) });
  const texts = [...prepare, ...run].map(({ code, dispatches }) => {
    const counts = dispatches.map(({ count }) => count.join("x")).join(" + ");
    return `// ${counts} workgroups\n${shorten(code)}`;
  });
  return texts.join("\n");
}

/** @param {string | Uint8Array} data */
const hash = (data) => createHash("sha256").update(data).digest("hex").slice(0, 16);

/** @param {string} text */
function shorten(text) {
  const lines = text.split("\n");
  if (lines.length <= SHOWN) return text;
  return `${lines.slice(0, SHOWN).join("\n")}\n  ... ${lines.length - SHOWN} more lines, sha256 ${hash(text)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = generate(await import("tilewright/compiler"));
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (!files.has(file)) rmSync(new URL(file, folder));
  for (const [file, text] of files) writeFileSync(new URL(file, folder), text);
}
