/**
 * Runs a program in a realm as Jest makes it of a jsdom window: with a document and Node's process, with typed arrays of its own,
 * and without TextEncoder. `outside` in it is Float32Array of the realm around it. `realm.mjs PROGRAM [NAME]`: the realm lacks the
 * global of that name, too.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";

const [program, without] = process.argv.slice(2);
const context = vm.createContext({ console, process, URL, document: {}, outside: Float32Array });
if (without !== undefined) vm.runInContext(`delete globalThis.${without}`, context);

const modules = new Map();

function load(path) {
  const known = modules.get(path);
  if (known) return known;
  const module = new vm.SourceTextModule(readFileSync(path, "utf8"), {
    context,
    identifier: path,
    initializeImportMeta: (meta) => {
      meta.url = pathToFileURL(path).href;
    },
    importModuleDynamically: (name) => evaluated(resolve(dirname(path), name)),
  });
  modules.set(path, module);
  return module;
}

async function evaluated(path) {
  const module = load(path);
  if (module.status === "unlinked") await module.link((name, from) => load(resolve(dirname(from.identifier), name)));
  await module.evaluate();
  return module;
}

await evaluated(fileURLToPath(new URL(program, import.meta.url)));
