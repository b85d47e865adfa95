/**
 * Precompiles every module template (src/codegen/module/*.hbs) into templates.js beside it, so that a page carries only
 * Handlebars' small runtime and needs no `eval` to lay out a module.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import Handlebars from "handlebars";

const folder = new URL("../src/codegen/module/", import.meta.url);

export function precompiledTemplates() {
  const templates = readdirSync(folder)
    .filter((file) => file.endsWith(".hbs"))
    .sort()
    .map((file) => {
      const source = readFileSync(new URL(file, folder), "utf8");
      const code = Handlebars.precompile(source, { noEscape: true, strict: true, knownHelpersOnly: true });
      return `export const ${file.replace(".hbs", "")}Module = ${String(code)};\n`;
    });
  return `// Written by scripts/templates.js from the .hbs files beside it.\n\n${templates.join("\n")}`;
}

export const output = new URL("templates.js", folder);

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(output, precompiledTemplates());
