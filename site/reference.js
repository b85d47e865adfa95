// @ts-check
/** The reference: what docstrings say of each entry of the package, as markdown by TypeDoc. */
import { join } from "node:path";
import { Application } from "typedoc";
import { PAGES, REPOSITORY } from "./folders.js";
import { REFERENCE } from "./links.js";

/** Writes a page for each entry into the pages' folder. */
export async function writeReference() {
  const app = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: Object.values(REFERENCE).map((file) => join(REPOSITORY, file)),
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
  const names = Object.keys(REFERENCE);
  // Modules come in the order of the entries, each called by its path.
  for (const module of project.children ?? []) {
    const place = Object.values(REFERENCE).findIndex(
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
