// @ts-check
/**
 * Links of the pages that people write. In the repository they lead to files, on the site to the pages that are made of
 * these files, so that they lead somewhere in both.
 */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { REPOSITORY } from "./folders.js";

/** Entries of the reference, with the file that each begins with. */
export const REFERENCE = {
  tilewright: "src/runtime/index.ts",
  compiler: "src/codegen/index.ts",
  tuning: "src/tune/index.ts",
  tfjs: "src/tfjs/index.ts",
  config: "src/build/defineConfig.ts",
  runtime: "src/runtime/built/index.ts",
};

/** Addresses on the site by files and folders of the repository. @type {Readonly<Record<string, string>>} */
const PAGE_OF = {
  "site/data/formulas.js": "/formulas/examples",
  "test/formula/errors.test.ts": "/formulas/errors",
  "ARCHITECTURE.md#formulas": "/inside/meaning#formulas",
  "docs/explain.png": "/explain.png",
  "site/playground": "/playground/",
  "site/tfjs": "/tfjs/",
  ...Object.fromEntries(Object.entries(REFERENCE).map(([name, file]) => [file, `/reference/${name}`])),
};

/** The text of a written page as the site has it. @param {string} page from site/pages @param {string} text */
export const onSite = (page, text) =>
  text.replace(/\]\((\.\.?\/[^)\s]*)\)/g, (whole, link) => {
    const path = posix.join("site/pages", posix.dirname(page), link);
    if (path.startsWith("site/pages/")) return whole;
    const address = path.startsWith("site/measured/") ? measured(path) : PAGE_OF[path];
    if (address === undefined)
      throw new Error(`site/pages/${page} links to ${path}, of which site/links.js has no page`);
    // VitePress must not take a program for a page of its own.
    const target = /^\/(playground|tfjs)\/$/.test(address) ? '{target="_self"}' : "";
    return `](${address})${target}`;
  });

/** The part of the page Measured that a file has become. @param {string} path */
function measured(path) {
  const { title } = JSON.parse(readFileSync(join(REPOSITORY, path), "utf8"));
  return `/measured/#${title.toLowerCase().replace(/\W+/g, "-")}`;
}
