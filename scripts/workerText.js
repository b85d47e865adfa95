// @ts-check
/**
 * Writes src/runtime/threads/workerText.js: the pool's worker and all that it imports, as one text, for places where its file is not
 * to be had.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = new URL("../src/runtime/threads/", import.meta.url);

export async function workerText() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("worker.js", folder))],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    write: false,
  });
  const text = JSON.stringify(outputFiles[0]?.text.trim());
  return `// Written by scripts/workerText.js from worker.js and what that imports.\n\nexport const WORKER_TEXT =\n  ${text};\n`;
}

export const workerTextFile = new URL("workerText.js", folder);

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(workerTextFile, await workerText());
