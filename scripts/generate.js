// @ts-check
/**
 * Writes generated/: the kernels of the benchmark's suite, as the compiler makes them today. They are the golden files of the
 * code generator: read them in review, and expect no change from a refactoring. `npm run generate` after `npm run build`.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const folder = new URL("../generated/", import.meta.url);

/**
 * @typedef {import("../src/codegen/index.js")} Compiler
 * @param {Pick<Compiler, "compileModule" | "JS">} compiler
 * @returns {Map<string, string>} text by file name
 */
export function generate({ compileModule, JS }) {
  /** @type {Record<string, import("tilewright").OpSpec>} */
  const suite = JSON.parse(readFileSync(new URL("../bench/suite.json", import.meta.url), "utf8"));
  return new Map(
    Object.entries(suite).map(([name, spec]) => [`${name}.js.txt`, compileModule(spec, { target: JS }).code]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = generate(await import("tilewright/compiler"));
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (!files.has(file)) rmSync(new URL(file, folder));
  for (const [file, text] of files) writeFileSync(new URL(file, folder), text);
}
