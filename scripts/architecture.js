// @ts-check
/**
 * Writes what ARCHITECTURE.md says of layers and files, each between two marker comments: the layers out of scripts/layers.js,
 * the files out of the folders and the first sentences of their header comments. `npm run docs`; a test fails until it is run.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { ARROWS, PACKAGES } from "./layers.js";

export const DOCUMENT = new URL("../ARCHITECTURE.md", import.meta.url);
const sources = new URL("../src/", import.meta.url);

const WIDTH = 120;
/** Where names begin beside their folder. */
const INDENT = 32;

/** Folders of which every file gets a line, since many things meet there; of others the names must do. */
const BY_SENTENCE = ["ir", "codegen", "codegen/search"];

/** @param {string} document ARCHITECTURE.md as it is; returns it as it should be */
export const withGenerated = (document) =>
  replaced(replaced(document, "layers", [...foldersTable(), "", ...codegenUnits()]), "files", fileIndex());

/**
 * @param {string} document
 * @param {string} what between which markers
 * @param {readonly string[]} lines
 */
function replaced(document, what, lines) {
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

function fileIndex() {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.(ts|js|hbs)$/.test(path))
    .sort();
  const folders = [...new Set(files.map((file) => dirname(file)))].sort();
  return folders.flatMap((folder) => {
    const inside = files.filter((file) => dirname(file) === folder).map((file) => basename(file));
    return BY_SENTENCE.includes(folder) ? bySentence(folder, inside) : byName(folder, inside);
  });
}

/** @param {string} file */
const stem = (file) => file.replace(/\.ts$/, "");

/** @param {string} folder @param {readonly string[]} files */
function bySentence(folder, files) {
  const width = Math.max(...files.map((file) => stem(file).length)) + 2;
  return [
    `    src/${folder}/`,
    ...files.map((file) => `      ${stem(file).padEnd(width)}${firstSentence(new URL(`${folder}/${file}`, sources))}`),
  ];
}

/** @param {string} folder @param {readonly string[]} files */
function byName(folder, files) {
  const lines = [`    src/${folder}/`.padEnd(INDENT)];
  for (const name of files.map(stem)) {
    const last = lines.at(-1) ?? "";
    if (last.length + 1 + name.length <= WIDTH) lines[lines.length - 1] = `${last} ${name}`;
    else lines.push(`${" ".repeat(INDENT)} ${name}`);
  }
  return lines;
}

/** What a file's header says first. @param {URL} file */
function firstSentence(file) {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  const text = comment
    .replace(/^\s*\* ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, withGenerated(readFileSync(DOCUMENT, "utf8")));
}
