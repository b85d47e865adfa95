// @ts-check
/**
 * Who may import whom, as data: test/layers.test.ts holds the sources to it, and scripts/architecture.js draws it in ARCHITECTURE.md.
 */

/**
 * Units are folders where a folder has one place in the picture, and files in `codegen`, where each has its own. An arrow may be
 * for types alone ("type ir") or for imports on demand alone ("dynamic ir").
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ARROWS = {
  ir: ["ir"],
  formula: ["ir", "formula"],
  ops: ["ir", "ops"],
  shorthands: ["ir", "formula", "ops", "shorthands"],
  // Every kind of spec, for those who have all readers at hand.
  specs: ["ir", "formula", "ops", "shorthands", "specs"],
  "codegen/target": ["ir"],
  "codegen/schedule": ["ir"],
  "codegen/checkSchedule": ["ir", "codegen/schedule"],
  "codegen/nest": ["ir", "codegen/schedule"],
  "codegen/ends": ["ir", "codegen/nest"],
  "codegen/nestStage": ["ir", "codegen/schedule", "codegen/nest", "codegen/ends"],
  "codegen/group": ["ir", "codegen/nest"],
  "codegen/pending": ["ir", "codegen/nest"],
  "codegen/pack": ["ir", "codegen/target", "codegen/schedule", "codegen/nest"],
  "codegen/box": ["ir", "codegen/nest"],
  "codegen/gather": ["ir", "codegen/nest"],
  "codegen/fill": ["ir", "codegen/nest", "codegen/gather", "codegen/pending"],
  "codegen/reach": ["ir", "codegen/nest"],
  "codegen/caches": [
    "ir",
    "codegen/target",
    "codegen/nest",
    "codegen/box",
    "codegen/gather",
    "codegen/fill",
    "codegen/reach",
  ],
  "codegen/buildKernel": ["ir", "codegen/target", "codegen/nest", "codegen/group", "codegen/caches", "codegen/pending"],
  "codegen/passes": ["ir", "codegen/target"],
  "codegen/lower": ["ir", "codegen/target", "codegen/passes"],
  "codegen/emit": ["ir", "codegen/emit", "type codegen/lower"],
  "codegen/module": ["ir", "codegen/module", "codegen/emit", "type codegen/lower"],
  "codegen/registers": ["ir"],
  "codegen/search": ["ir", "codegen/target", "codegen/schedule", "codegen/search"],
  "codegen/lowerProgram": [
    "ir",
    "codegen/target",
    "codegen/schedule",
    "codegen/nestStage",
    "codegen/group",
    "codegen/pack",
    "codegen/buildKernel",
    "codegen/lower",
    "type codegen/nest",
  ],
  "codegen/backend": ["ir", "codegen/target", "codegen/schedule", "codegen/lowerProgram", "codegen/search"],
  "codegen/backends": [
    "ir",
    "codegen/target",
    "codegen/backend",
    "codegen/emit",
    "codegen/module",
    "codegen/search",
    "type codegen/lower",
    "type codegen/lowerProgram",
  ],
  "codegen/checkInside": ["ir"],
  "codegen/checkProgram": ["ir", "codegen/checkInside"],
  "codegen/checkTarget": ["ir", "codegen/target"],
  "codegen/compile": [
    "ir",
    "specs",
    "codegen/target",
    "type codegen/schedule",
    "codegen/checkProgram",
    "codegen/checkSchedule",
    "codegen/checkTarget",
    "codegen/lowerProgram",
    "codegen/backend",
    "codegen/backends",
    "codegen/search",
  ],
  "codegen/loopWork": ["ir"],
  "codegen/footprint": ["ir"],
  "codegen/machineSpeed": ["codegen/target", "codegen/checkTarget"],
  "codegen/explanation": [
    "ir",
    "codegen/footprint",
    "codegen/loopWork",
    "type codegen/machineSpeed",
    "type codegen/lowerProgram",
    "codegen/target",
    "codegen/schedule",
    "codegen/registers",
    "type codegen/search",
  ],
  "codegen/explain": [
    "ir",
    "specs",
    "codegen/checkSchedule",
    "codegen/checkTarget",
    "codegen/target",
    "codegen/schedule",
    "codegen/compile",
    "codegen/machineSpeed",
    "codegen/explanation",
  ],
  "codegen/index": [
    "ir",
    "specs",
    "type codegen/backend",
    "codegen/checkSchedule",
    "codegen/checkTarget",
    "codegen/target",
    "type codegen/schedule",
    "codegen/lower",
    "type codegen/search",
    "type codegen/lowerProgram",
    "codegen/compile",
    "codegen/machineSpeed",
    "codegen/explain",
    "type codegen/explanation",
  ],
  runtime: ["ir", "runtime"],
  // The public entry. Who takes no gradient of it gets no parser.
  "runtime/index": ["ir", "runtime", "specs"],
  // The text of a worker, where its file is not to be had.
  "runtime/threads/port": ["runtime", "dynamic runtime"],
  "runtime/threads/sharing": ["ir", "runtime"],
  // What only pages with kernels on a GPU load.
  "runtime/compile": ["ir", "runtime", "dynamic runtime"],
  // Kernels out of files load the host of one language, and threads where there are any. The interpreter reads specs.
  "runtime/built/onDemand": ["ir", "runtime", "dynamic runtime", "dynamic formula", "dynamic ops"],
  "runtime/host/wasm": ["ir", "runtime", "dynamic runtime"],
  // Modules are of one language, and pages load the host of that one.
  "runtime/loadKernel": ["ir", "runtime", "dynamic runtime"],
  // What callers may ask of the compiler, by its own types.
  "runtime/wanted": ["ir", "runtime", "type codegen/schedule", "type codegen/search", "type codegen/target"],
  // THE ONE DOOR to the compiler, and to what reads specs.
  "runtime/jit": [
    "ir",
    "runtime",
    "dynamic formula",
    "dynamic ops",
    "dynamic shorthands",
    "type codegen/backend",
    "type codegen/schedule",
    "type codegen/search",
    "type codegen/target",
    "dynamic codegen/backend",
    "dynamic codegen/backends",
    "dynamic codegen/search",
    "dynamic codegen/checkSchedule",
  ],
  // What tells a file that was written from others. It loads nothing that writes.
  "codegen/aot/banner": ["ir", "codegen/module"],
  "codegen/aot": ["ir", "codegen/aot", "codegen/aot/banner", "codegen/module", "type codegen/target"],
  models: ["ir", "ops", "models"],
  // Users' configurations import it: types, and nothing that runs.
  "build/defineConfig": ["type ir", "type runtime"],
  // A public entry of its own. TensorFlow.js comes as an argument. A page loads what it installs.
  tfjs: ["ir", "ops", "specs", "runtime", "tfjs", "dynamic tfjs"],
  // Neither knows where it measures: in a process of Node's, or in a page's worker.
  tune: ["ir", "specs", "runtime", "tune", "dynamic tune", "codegen/compile", "type codegen/search", "codegen/target"],
  "tune/node": [
    "ir",
    "tune",
    "tune/node",
    "codegen/compile",
    "codegen/search",
    "codegen/target",
    "type codegen/schedule",
  ],
  "tune/page": ["ir", "specs", "runtime", "tune", "tune/page", "codegen/compile", "codegen/search", "codegen/target"],
  // The public entry, for pages.
  "tune/index": ["ir", "runtime", "tune", "tune/page"],
  // Tuning on many machines. It needs packages that not everybody has, so it is loaded on demand.
  farm: ["ir", "specs", "tune", "farm", "codegen/compile", "type codegen/search", "codegen/target"],
  "farm/node": ["ir", "tune", "tune/node", "farm", "farm/node", "type codegen/target"],
  // A page that works for a farm. It is a bundle of its own, see scripts/farmPage.js.
  "farm/page": ["ir", "runtime", "tune", "tune/page", "farm", "farm/page"],
  // Numbers and counts as text.
  "report/format": ["ir", "type tune"],
  report: [
    "ir",
    "specs",
    "report/format",
    "report",
    "tune",
    "codegen/compile",
    "type codegen/search",
    "codegen/target",
    "codegen/machineSpeed",
    "codegen/explain",
    "type codegen/explanation",
  ],
  // Specs are read by what is loaded for their kind, as by `compile`: a build that has nothing to do starts faster.
  build: [
    "ir",
    "runtime",
    "build",
    "dynamic build",
    "codegen/aot/banner",
    "type models",
    "dynamic models",
    "type tune",
    "type tune/node",
    "dynamic tune/node",
  ],
  // The only one of them that makes code: loaded where there is something to make.
  "build/files": ["ir", "runtime", "build", "codegen/aot", "codegen/index"],
  // Loaded where a source names the function that it looks for.
  "plugin/scan": ["plugin/scan"],
  plugin: [
    "ir",
    "runtime",
    "build",
    "report/format",
    "plugin",
    "dynamic build",
    "dynamic codegen/aot",
    "dynamic plugin/scan",
    "type plugin/scan",
  ],
  cli: [
    "ir",
    "specs",
    "codegen",
    "runtime",
    "models",
    "build",
    "tune",
    "report/format",
    "report",
    "type farm",
    "dynamic farm/node",
    "cli",
    "dynamic cli",
    "dynamic codegen/aot",
    "dynamic report",
  ],
};

/**
 * Packages that a unit may import.
 * @type {Readonly<Record<string, readonly RegExp[]>>}
 */
export const PACKAGES = {
  "codegen/module": [/^handlebars(\/|$)/],
  "codegen/aot": [/^ts-morph$/],
  models: [/^valibot$/, /^node:/],
  tune: [/^valibot$/, /^@noble\/hashes\//],
  "tune/node": [/^node:/],
  farm: [/^valibot$/, /^@nats-io\//],
  "farm/node": [/^@nats-io\//, /^node:/],
  "farm/page": [/^valibot$/, /^@nats-io\//, /^idb-keyval$/],
  report: [/^vega$/, /^vega-lite$/, /^valibot$/, /^node:crypto$/],
  build: [/^c12$/, /^valibot$/, /^write-file-atomic$/, /^node:/],
  "build/files": [/^node:/],
  plugin: [/^unplugin$/, /^magic-string$/, /^@babel\/code-frame$/, /^write-file-atomic$/, /^node:/],
  "plugin/scan": [/^oxc-parser$/, /^oxc-walker$/],
  cli: [/^citty$/, /^cli-progress$/, /^log-update$/, /^uqr$/, /^wrap-ansi$/, /^node:/, /^write-file-atomic$/],
};

/**
 * Packages of which nothing but types may be named.
 * @type {Readonly<Record<string, readonly RegExp[]>>}
 */
export const TYPES_OF = {
  report: [/^vega-lite$/],
  tune: [/^node:os$/],
  "plugin/scan": [/^oxc-parser$/],
  plugin: [/^unplugin$/],
  farm: [/^@nats-io\//],
  "farm/node": [/^@nats-io\//],
  "farm/page": [/^@nats-io\//],
  // What Node has and browsers have not is asked for at run time.
  "runtime/threads/sharing": [/^node:worker_threads$/],
};

/**
 * The unit of a file.
 * @param {string} file relative to src/
 */
export function unitOf(file) {
  const path = file.replace(/\.(d\.ts|ts|js)$/, "");
  if (path in ARROWS) return path;
  const [top = "", second] = path.split("/");
  const folder = `${top}/${second}`;
  return top === "codegen" || folder in ARROWS ? folder : top;
}
