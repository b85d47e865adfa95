// @ts-check
/**
 * Writes what ARCHITECTURE.md says of layers, passes and files, each between two marker comments. Layers come out of
 * scripts/layers.js, passes out of their list, sentences on files out of header comments. `npm run docs` runs this, and
 * test/house/example.test.ts for the worked example; tests fail until it has been run.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { ARROWS, PACKAGES } from "./layers.js";

export const DOCUMENT = new URL("../ARCHITECTURE.md", import.meta.url);
const sources = new URL("../src/", import.meta.url);

const WIDTH = 120;
/** Where sentences begin beside their folder. */
const INDENT = 28;

/** Folders of which every file gets a line, since many things meet there. */
const BY_FILE = ["ir", "codegen", "codegen/search"];

/**
 * What is in each of the others.
 * @type {Readonly<Record<string, string>>}
 */
const FOLDERS = {
  build: "From a configuration to files of kernels: `tilewright build`.",
  cli: "The commands of `tilewright`.",
  "codegen/aot": "TypeScript of modules, and edits of configurations.",
  "codegen/backends": "What each language brings: its sketches and how its modules are laid out.",
  "codegen/emit": "From a lowered kernel to code: JavaScript, WebAssembly, WGSL.",
  "codegen/module": "From code to modules: buffers, entry points, templates.",
  "codegen/passes": "A file for each pass.",
  farm: "Tuning on many machines: what travels, who asks, who measures.",
  "farm/node": "Both ends of a farm in Node, and the files of its server.",
  "farm/page": "A page that works for a farm.",
  formula: "Index notation as text, as a tree, and as a program.",
  "ir/derive": "Gradients: from a program, the program of its derivative with respect to a tensor.",
  "ir/ops": "Named ops: specs, their checks, and the programs that they stand for.",
  "ir/rewrites": "Algorithms: rewrites of a program's main stage, with the error that each may make.",
  models: "Shapes of convolutions in files of models; what the formats share.",
  "models/onnx": "Reading .onnx.",
  "models/tfjs": "Reading model.json.",
  shorthands: "The other ops of the library: from attributes to a line or a few of index notation.",
  ops: "The convolution family: specs in the words of five owners, and one definition.",
  specs: "Specs of all kinds, for those who have every reader at hand; their gradients.",
  plugin: "One plugin for five bundlers.",
  "plugin/scan": "Definitions of kernels in sources.",
  report: "Reports on tuning: data of records, and a page of the data.",
  runtime: "What users call: `compile`, `loadKernel`, kernel objects, their arguments, the cache.",
  "runtime/built": "What files of kernels import.",
  "runtime/host": "Loading modules on the CPU: instances, memory, what the engine offers.",
  "runtime/threads": "The pool of workers, and instances whose calls are shared.",
  "runtime/webgpu": "Loading modules on a GPU: devices, pipelines, buffers, calls.",
  tfjs: "TensorFlow.js with our kernels: what is replaced, and when.",
  "tfjs/graph": "Graph models, rewritten while they load.",
  "tfjs/hosts": "Backends of TensorFlow.js: a file each, with all of their private fields.",
  "tfjs/kernels": "Our kernels behind TensorFlow.js: made for plans, kept with their weights, and called.",
  "tfjs/rules": "From calls of TensorFlow.js' kernels to specs: a file for each family of ops.",
  tune: "Measuring schedules: what to try, how to time it, what records say.",
  "tune/node": "Measuring in a process of its own.",
  "tune/page": "Measuring in a page's worker.",
};

/** @param {string} document ARCHITECTURE.md as it is; returns it as it should be */
export function withGenerated(document) {
  const layers = replaced(document, "layers", [...foldersTable(), "", ...codegenUnits()]);
  return replaced(replaced(layers, "passes", passList()), "files", fileIndex());
}

/**
 * @param {string} document
 * @param {string} what between which markers
 * @param {readonly string[]} lines
 */
export function replaced(document, what, lines) {
  const [begin, end] = [`<!-- ${what}: written by npm run docs -->`, `<!-- ${what} end -->`];
  const [before, rest = ""] = document.split(begin);
  const [, after] = rest.split(end);
  if (after === undefined) throw new Error(`ARCHITECTURE.md must have the lines ${begin} and ${end}, once each`);
  return `${before}${begin}\n\n${lines.join("\n")}\n\n${end}${after}`;
}

/** @param {string} unit */
const folderOf = (unit) => unit.split("/")[0] ?? unit;

/** @param {string} arrow */
function parseArrow(arrow) {
  const [kind, to] = arrow.split(" ");
  return to === undefined ? { kind: "value", to: arrow } : { kind, to };
}

const arrows = Object.entries(ARROWS).flatMap(([unit, list]) =>
  list.map(parseArrow).map(({ kind, to }) => ({ unit, from: folderOf(unit), kind, to: folderOf(to) })),
);

/** A row for each folder of src/, below all that it imports. */
function foldersTable() {
  const rows = foldersInOrder().map((folder) => {
    const ways = ["value", "dynamic", "type"].map((kind) => reachedFrom(folder, kind));
    return [`\`${folder}\``, ...[...ways, packagesOf(folder)].map((names) => names.join(", "))];
  });
  const head = ["folder", "imports", "on demand alone", "types alone", "packages"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}

function foldersInOrder() {
  /** @type {string[]} */
  const order = [];
  /** @param {string} folder */
  const place = (folder) => {
    if (order.includes(folder)) return;
    for (const arrow of arrows) if (arrow.from === folder && arrow.to !== folder) place(arrow.to);
    order.push(folder);
  };
  for (const { from } of arrows) place(from);
  return order;
}

/** Other folders, each with the units that reach it where not all of the folder may. @param {string} folder @param {string} kind */
function reachedFrom(folder, kind) {
  const others = [...new Set(arrows.filter(({ from, to }) => from === folder && to !== folder).map(({ to }) => to))];
  return others.flatMap((to) => {
    const units = unitsBetween(folder, to, kind);
    if (units.length === 0 || (kind !== "value" && mayAll(folder, unitsBetween(folder, to, "value")))) return [];
    return mayAll(folder, units) ? [to] : [`${to} (${units.map((unit) => unit.slice(folder.length + 1)).join(", ")})`];
  });
}

/** @param {string} folder @param {string} to @param {string} kind */
const unitsBetween = (folder, to, kind) => [
  ...new Set(arrows.flatMap((one) => (one.from === folder && one.to === to && one.kind === kind ? [one.unit] : []))),
];

/** Where files are units, as in `codegen`, some are as good as all. @param {string} folder @param {readonly string[]} units */
const mayAll = (folder, units) => units.includes(folder) || (units.length > 0 && !(folder in ARROWS));

/** @param {string} folder */
const packagesOf = (folder) => {
  const units = Object.entries(PACKAGES).filter(([unit]) => folderOf(unit) === folder);
  return [...new Set(units.flatMap(([, names]) => names.map(named)))].sort();
};

/** The package that an expression of the table means. @param {RegExp} name */
const named = ({ source }) =>
  source
    .replace(/^\^/, "")
    .replace(/(\(\\\/\|\$\)|\$|\\\/)$/, "")
    .replaceAll("\\/", "/")
    .replace(/:$/, ":*");

/** A line for each unit of the compiler, with the units that it imports beside `ir`. */
function codegenUnits() {
  const units = Object.entries(ARROWS).filter(([unit]) => folderOf(unit) === "codegen");
  const name = (/** @type {string} */ unit) => unit.slice("codegen/".length);
  const width = Math.max(...units.map(([unit]) => name(unit).length)) + 2;
  return units.map(([unit, arrows]) => {
    const others = arrows.map(parseArrow).filter(({ to }) => to !== unit && folderOf(to) === "codegen");
    const text = others.map(({ kind, to }) => (kind === "value" ? name(to) : `(${name(to)})`)).join(" ");
    return `    ${name(unit).padEnd(width)}${text}`.trimEnd();
  });
}

/** The passes in their order. */
function passList() {
  const list = readFileSync(new URL("codegen/lower.ts", sources), "utf8");
  const names = [...list.matchAll(/\{ name: "(\w+)"/g)].map(([, name = ""]) => name);
  return sentencesOf("codegen/passes", names, "    ");
}

function fileIndex() {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.(ts|js|hbs)$/.test(path))
    .sort();
  const folders = [...new Set(files.map((file) => dirname(file)))].sort();
  return folders.flatMap((folder) => {
    const inside = files.filter((file) => dirname(file) === folder).map((file) => basename(file));
    return BY_FILE.includes(folder) ? byFile(folder, inside) : [bySentence(folder)];
  });
}

/** @param {string} file */
const stem = (file) => file.replace(/\.ts$/, "");

/** @param {string} folder @param {readonly string[]} files */
const byFile = (folder, files) => [`    src/${folder}/`, ...sentencesOf(folder, files.map(stem), "      ")];

/** A line for each file. @param {string} folder @param {readonly string[]} names @param {string} indent */
function sentencesOf(folder, names, indent) {
  const width = Math.max(...names.map((name) => name.length)) + 2;
  return names.map((name) => {
    const begin = indent + name.padEnd(width);
    return begin + shortened(firstSentence(new URL(`${folder}/${name}.ts`, sources)), WIDTH - begin.length);
  });
}

/** @param {string} folder */
function bySentence(folder) {
  const sentence = FOLDERS[folder];
  if (sentence === undefined)
    throw new Error(`src/${folder} needs its sentence among FOLDERS in scripts/architecture.js`);
  return `${`    src/${folder}/`.padEnd(INDENT)}${sentence}`;
}

/** The sentence, or as many of its clauses as fit; words, where that is little. @param {string} text @param {number} width */
function shortened(text, width) {
  if (text.length <= width) return text;
  const most = text.slice(0, width - " ...".length);
  const ends = [/[;:](?= )/g, /,(?= )/g, / /g].map((mark) => [...most.matchAll(mark)].at(-1)?.index ?? 0);
  return `${most.slice(
    0,
    ends.find((end) => end > width / 2),
  )} ...`;
}

/** What a file's header says first. @param {URL} file */
function firstSentence(file) {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  const text = comment
    .replace(/^\s*\* ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return /^.*?[^. ]\.(?= |$)/.exec(text)?.[0] ?? text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, withGenerated(readFileSync(DOCUMENT, "utf8")));
}
