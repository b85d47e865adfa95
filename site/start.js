// @ts-check
/** How `npm start` ends: with the site, where somebody is there to look at it and its packages are installed. */
import { existsSync } from "node:fs";
import { OUT } from "./folders.js";

const isInstalled = existsSync(new URL("./node_modules/vitepress", import.meta.url));

if (process.stdout.isTTY && isInstalled) {
  const { buildSite } = await import("./build.js");
  const { serve } = await import("./serve.js");
  console.log("\nBuilding the site, which takes a minute. Ctrl+C ends it; all else is done.");
  await buildSite();
  const { url } = await serve(OUT);
  console.log(`\nThe site is at ${url} until you press Ctrl+C.`);
} else {
  const install = isInstalled ? "" : "npm ci --prefix site && ";
  console.log(`\nThe documentation, with a playground: ${install}npm run site -- --open`);
}
