// @ts-check
/**
 * Bundles the npm packages that dist imports into dist/packages, each as an ES module, with their licences beside them: whoever
 * installs this package installs no other, and pages need no import map. Large packages that few need are optional peers, and
 * stay imports.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const [src, dist] = [join(root, "src"), join(root, "dist")];
const out = join(dist, "packages");
const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The name of a module that only re-exports. */
const ENTRY = "\0entry";

/** @param {string} folder @param {RegExp} name */
const filesIn = (folder, name) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => name.test(path))
    .map((path) => join(folder, path));

/** @param {string} specifier */
const isBundled = (specifier) => {
  const [, name = ""] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? [];
  return !/^(\.|node:)/.test(specifier) && !(name in peerDependencies);
};

/** The places of the names of packages in a file's imports. @param {string} text */
const importsOf = (text) =>
  ts.preProcessFile(text, true, true).importedFiles.filter(({ fileName }) => isBundled(fileName));

/** The name of a package's bundle. @param {string} specifier */
const nameOf = (specifier) => specifier.replace(/^@|\.js$/g, "").replaceAll("/", "-");

/**
 * Texts that name a file or a package in a way that bundlers do not see, and what takes their place.
 * @type {readonly (readonly [module: RegExp, text: string, instead: string])[]}
 */
const HIDDEN = [
  [/jiti\.mjs$/, '"../dist/babel.cjs"', '"./babel.cjs"'],
  [/unplugin\/dist\/index\.mjs$/, '__require("webpack-virtual-modules")', 'require("webpack-virtual-modules")'],
];

/** Files that unplugin loads by a path that it makes itself, relative to its bundle. */
const LOADERS = {
  "webpack/loaders/load": "unplugin/webpack/loaders/load",
  "webpack/loaders/transform": "unplugin/webpack/loaders/transform",
};

/** Exports what Node finds in a package, be it a CommonJS module or not. @param {string} specifier */
async function reexport(specifier) {
  const names = Object.keys(await import(specifier)).filter((name) => /^\w+$/.test(name) && name !== "__esModule");
  return `export { ${names.join(", ")} } from ${JSON.stringify(specifier)};\n`;
}

/** @param {string} code @param {string} id */
function reveal(code, id) {
  const [, text = "", instead = ""] = HIDDEN.find(([module]) => module.test(id.replaceAll(sep, "/"))) ?? [];
  if (!code.includes(text)) throw new Error(`${id} has no ${text} any more; look how it loads that now`);
  return code.replace(text, instead);
}

/** Writes the bundle of a package, and returns the files that are in it. @param {string} specifier */
async function bundle(specifier) {
  const exports = await reexport(specifier);
  const build = await rolldown({
    input: { [nameOf(specifier)]: ENTRY, ...(specifier === "unplugin" ? LOADERS : {}) },
    cwd: root,
    platform: "node",
    resolve: {
      alias: {
        // The same as ES modules, of which only those remain that are used.
        "handlebars/dist/cjs/handlebars.runtime.js": "handlebars/lib/handlebars.runtime.js",
        // Options in src/build/config.ts switch off what c12 needs these for.
        chokidar: false,
        giget: false,
        magicast: false,
      },
    },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === ENTRY ? id : undefined),
        load: (id) => (id === ENTRY ? exports : undefined),
        transform: reveal,
      },
    ],
  });
  const { output } = await build.write({
    dir: out,
    format: "es",
    entryFileNames: ({ name }) => (name in LOADERS ? "[name].mjs" : "[name].js"),
    chunkFileNames: `${nameOf(specifier)}-[name].js`,
  });
  return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : [])).filter(isAbsolute);
}

/** The folder of the package that a module belongs to. @param {string} file @returns {string} */
function packageOf(file) {
  const folder = dirname(file);
  return existsSync(join(folder, "package.json")) && "version" in manifestOf(folder) ? folder : packageOf(folder);
}

/** @param {string} folder */
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** A package's name, version and licence, and the licence's text. @param {string} folder */
function noticeOf(folder) {
  const { name, version, license } = manifestOf(folder);
  // Packages without a file for it say it in their README.
  const [file] = [/^(licen[cs]e|copying)([-.]\w+)*$/i, /^readme\.md$/i].flatMap((pattern) => filesIn(folder, pattern));
  if (file === undefined) throw new Error(`${name} has no text of its licence, which must lie beside its code`);
  return `## ${name} ${version} (${license})\n\n${readFileSync(file, "utf8").trim()}\n`;
}

/** Lets the files of dist import the bundles. @param {string} file */
function redirect(file) {
  const text = readFileSync(file, "utf8");
  // From the end, so that places before it stay where they are.
  const redirected = importsOf(text).reduceRight((text, { fileName, pos }) => {
    const path = relative(dirname(file), join(out, `${nameOf(fileName)}.js`))
      .split(sep)
      .join("/");
    return `${text.slice(0, pos)}"${path.startsWith(".") ? path : `./${path}`}"${text.slice(pos + fileName.length + 2)}`;
  }, text);
  if (redirected !== text) writeFileSync(file, redirected);
}

rmSync(out, { recursive: true, force: true });
const ours = filesIn(dist, /\.js$/);
// The page of a farm is a bundle of its own.
const files = filesIn(src, /(?<!\.d)\.(ts|js)$/).filter((path) => !path.startsWith(join(src, "farm/page")));
const sources = files.map((path) => readFileSync(path, "utf8"));
const specifiers = new Set(sources.flatMap((text) => importsOf(text).map(({ fileName }) => fileName)));
const modules = (await Promise.all([...specifiers].map(bundle))).flat();
copyFileSync(join(root, "node_modules/jiti/dist/babel.cjs"), join(out, "babel.cjs"));
const folders = new Set(modules.map(packageOf));
const notices = [...new Set([...folders].map(noticeOf))].sort();
writeFileSync(join(out, "LICENSES.md"), `# Licences of the packages in this folder\n\n${notices.join("\n")}`);
for (const file of ours) redirect(file);
