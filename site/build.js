// @ts-check
/**
 * Builds the site into site/dist, without network: `npm run site`. `npm run site -- --open` serves it and prints its
 * address. The pages that people write lie in site/pages, all others are made of the project as it is; VitePress makes
 * the site of both.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as buildPages } from "vitepress";
import { OUT, PAGES, REPOSITORY, SITE, WRITTEN } from "./folders.js";
import { generatedPages } from "./generate/pages.js";
import { onSite } from "./links.js";
import { writeReference } from "./reference.js";
import { serve } from "./serve.js";

/** Programs with a page of their own, each built by a module that exports `build(outFolder)`. */
const PROGRAMS = ["playground", "tfjs"];

/** Builds all of it. */
export async function buildSite() {
  rmSync(PAGES, { recursive: true, force: true });
  await writeReference();
  writePages();
  await buildPages(SITE);
  for (const name of PROGRAMS) await buildProgram(name);
}

/** Writes the other pages. Of the reference, those that people have written take the place of TypeDoc's. */
function writePages() {
  cpSync(WRITTEN, PAGES, { recursive: true });
  for (const page of readdirSync(WRITTEN, { recursive: true, encoding: "utf8" })) {
    if (!page.endsWith(".md")) continue;
    const path = page.replaceAll("\\", "/");
    writeFileSync(join(PAGES, page), onSite(path, readFileSync(join(WRITTEN, page), "utf8")));
  }
  cpSync(join(REPOSITORY, "docs/explain.png"), join(PAGES, "public/explain.png"));
  for (const { path, text } of generatedPages()) {
    const file = join(PAGES, path);
    if (existsSync(file))
      throw new Error(`site/pages/${path} is written by hand, and the build makes a page of that name`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** @param {string} name */
async function buildProgram(name) {
  const file = new URL(`./${name}/build.js`, import.meta.url);
  if (!existsSync(file)) return;
  const { build } = await import(file.href);
  await build(join(OUT, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildSite();
  if (process.argv.includes("--open")) {
    const { url } = await serve(OUT);
    console.log(`The site is at ${url} until you press Ctrl+C.`);
  }
}
