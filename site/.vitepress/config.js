// @ts-check
/**
 * How VitePress makes the site: navigation, types on hover, and no script inside a page, so that strict policies
 * allow all of it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformerTwoslash } from "@shikijs/vitepress-twoslash";
import ts from "typescript";
import { defineConfig } from "vitepress";
import { OUT, PAGES, REPOSITORY } from "../folders.js";
import { NAVIGATION, SIDEBAR } from "../navigation.js";

/** Types of the package as it is built, which is what its users see. */
const ENTRIES = {
  tilewright: ["dist/runtime/index.d.ts"],
  "tilewright/compiler": ["dist/codegen/index.d.ts"],
  "tilewright/tuning": ["dist/tune/index.d.ts"],
  "tilewright/tfjs": ["dist/tfjs/index.d.ts"],
  "tilewright/config": ["dist/build/defineConfig.d.ts"],
  "tilewright/vite": ["dist/plugin/vite.d.ts"],
};

export default defineConfig({
  title: "tilewright",
  description: "A code-generating kernel compiler for Node and browsers",
  lang: "en-GB",
  srcDir: PAGES,
  outDir: OUT,
  cacheDir: "./node_modules/.cache/vitepress",
  cleanUrls: true,
  lastUpdated: false,
  metaChunk: true,
  // The index of the search is loaded by who searches.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  head: [["link", { rel: "icon", type: "image/svg+xml", href: "/mark.svg" }]],
  // Programs of their own, which VitePress does not make.
  ignoreDeadLinks: [/^\/(playground|tfjs)\//],
  markdown: {
    config(markdown) {
      // Indented code is a frame like any other: it scrolls by itself, and a keyboard reaches it.
      markdown.renderer.rules.code_block = (tokens, place, ...rest) => {
        const token = tokens[place];
        if (token) token.info = "text";
        return markdown.renderer.rules.fence?.(tokens, place, ...rest) ?? "";
      };
    },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    codeTransformers: [
      transformerTwoslash({
        explicitTrigger: false,
        filter: (_, code) => code.includes('from "tilewright'),
        twoslashOptions: {
          // The tests hold the types of all code on pages. Here they are for reading.
          handbookOptions: { noErrors: true },
          compilerOptions: {
            target: ts.ScriptTarget.ES2022,
            module: ts.ModuleKind.ESNext,
            moduleResolution: ts.ModuleResolutionKind.Bundler,
            types: [],
            baseUrl: REPOSITORY,
            paths: ENTRIES,
          },
        },
      }),
    ],
  },
  themeConfig: {
    logo: "/mark.svg",
    nav: NAVIGATION,
    sidebar: SIDEBAR,
    outline: { level: [2, 3] },
    search: { provider: "local" },
    docFooter: { prev: "Before", next: "Next" },
  },
  transformHtml: (code) => withoutInlineScripts(code),
});

/**
 * A page whose scripts are files. Under `script-src 'self'` no browser runs those that stand in the page.
 * @param {string} page
 */
function withoutInlineScripts(page) {
  return page.replace(/<script( id="[\w-]+")?>([\s\S]*?)<\/script>/g, (_, id = "", code) => {
    const name = `assets/inline.${createHash("sha256").update(code).digest("hex").slice(0, 12)}.js`;
    mkdirSync(join(OUT, "assets"), { recursive: true });
    writeFileSync(join(OUT, name), code);
    return `<script${id} src="/${name}"></script>`;
  });
}
