// @ts-check
/**
 * Makes dist, the package, of build, which has a file for each source. What is loaded on demand is bundled, as a hundred
 * files take longer to load than a kernel takes to compile. It is bundled in such parts that nobody loads more than
 * before: a module that others name keeps its path, and what several of these need lies in dist/shared. All else stays
 * a file for each source, of which the bundlers of pages take what a page needs.
 */
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const [build, dist] = [join(root, "build"), join(root, "dist")];
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const ON_DEMAND = ["codegen", "formula", "ir/derive", "ops", "shorthands", "specs"];

/** @param {string} path in build */
const isBundled = (path) => path.endsWith(".js") && ON_DEMAND.some((folder) => path.startsWith(`${folder}/`));

/** What a module imports of this package. @param {string} path */
const importsOf = (path) =>
  ts
    .preProcessFile(readFileSync(join(build, path), "utf8"), true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => join(dirname(path), fileName));

const files = readdirSync(build, { recursive: true, encoding: "utf8" });
const others = files.filter((path) => path.endsWith(".js") && !isBundled(path));
const named = Object.values(exports).map((entry) => relative("dist", entry.default ?? entry));
const entries = new Set([...named, ...others.flatMap(importsOf)].filter(isBundled));

rmSync(dist, { recursive: true, force: true });
cpSync(build, dist, {
  recursive: true,
  filter: (path) => !isBundled(relative(build, path)) && !path.endsWith(".tsbuildinfo"),
});
const bundle = await rolldown({
  input: Object.fromEntries([...entries].map((path) => [path.replace(/\.js$/, ""), join(build, path)])),
  cwd: root,
  platform: "neutral",
  plugins: [
    {
      name: "others",
      // Packages among them, which are left to scripts/packages.js.
      resolveId: (id, importer) => {
        const path = importer && id.startsWith(".") ? join(dirname(importer), id) : id;
        return isBundled(relative(build, path)) ? path : { id: path, external: true };
      },
    },
  ],
});
await bundle.write({ dir: dist, format: "es", entryFileNames: "[name].js", chunkFileNames: "shared/[name].js" });
