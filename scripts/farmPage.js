// @ts-check
/**
 * Bundles what the page of a farm loads into dist/farm/page: the page's own script, the worker that measures, and of npm's
 * packages what they need, with their licences. So the page is a folder that any server of files can serve.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "dist/farm/page");

rmSync(out, { recursive: true, force: true });
const bundle = await rolldown({
  // The page starts its worker by this name.
  input: { main: join(root, "build/farm/page/main.js"), worker: join(root, "build/tune/page/worker.js") },
  cwd: root,
  platform: "browser",
});
const { output } = await bundle.write({
  dir: out,
  format: "es",
  minify: true,
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});

const modules = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
// What rolldown makes up begins with a null byte.
const real = modules.filter((id) => !id.startsWith("\0"));
const packages = real.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []);
const notices = [...new Set(packages)].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${name} has no text of its licence, which must lie beside its code`);
  return `## ${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "LICENSES.md"), notices.join("\n"));
