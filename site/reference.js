// @ts-check
/** The reference: what docstrings say of each entry of the package, as markdown by TypeDoc. */
import { join } from "node:path";
import { Application } from "typedoc";
import { PAGES, REPOSITORY } from "./folders.js";

/** Pages by their names, with the file that each entry begins with. */
const ENTRIES = {
  tilewright: "src/runtime/index.ts",
  compiler: "src/codegen/index.ts",
  tuning: "src/tune/index.ts",
  tfjs: "src/tfjs/index.ts",
  config: "src/build/defineConfig.ts",
  runtime: "src/runtime/built/index.ts",
};

/** Writes a page for each entry into the pages' folder. */
export async function writeReference() {
  const app = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: Object.values(ENTRIES).map((file) => join(REPOSITORY, file)),
    tsconfig: join(REPOSITORY, "tsconfig.build.json"),
    readme: "none",
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    cleanOutputDir: false,
    disableSources: true,
    skipErrorChecking: true,
    logLevel: "Error",
    validation: false,
    ...MARKDOWN,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error("TypeDoc found nothing to document");
  const names = Object.keys(ENTRIES);
  // Modules come in the order of the entries, each called by its path.
  for (const module of project.children ?? []) {
    const place = Object.values(ENTRIES).findIndex(
      (file) => `src/${module.name}.ts` === file || file.includes(module.name),
    );
    module.name = names[place] ?? module.name;
  }
  await app.generateOutputs(project);
}

const MARKDOWN = {
  outputs: [{ name: "markdown", path: join(PAGES, "reference") }],
  outputFileStrategy: "modules",
  hideBreadcrumbs: true,
  hidePageHeader: true,
  entryFileName: "index",
  parametersFormat: "table",
  propertyMembersFormat: "table",
  interfacePropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  useCodeBlocks: true,
};
