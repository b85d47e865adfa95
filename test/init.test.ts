/** `tilewright init`: a configuration that builds as it is, and never in place of one that is there. */

import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OpSpec } from "tilewright";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../src/build/config.js";
import { tilewright } from "./support/commands.js";
import { newFolder } from "./support/folder.js";
import { DIST, needs } from "./support/needs.js";
import { isBuilt, repository } from "./support/packed.js";

const FILE = "tilewright.config.ts";
const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = newFolder();
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
});

test(
  "writes a configuration that builds as it is, and names the next command",
  needs({ [DIST]: isBuilt }),
  async () => {
    const { code, out, err } = await tilewright(["init"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readdirSync(".")).toEqual([FILE]);
    mkdirSync("node_modules");
    symlinkSync(repository, join("node_modules", "tilewright"), "dir");
    const { config } = await loadConfig({ cwd: folder });
    expect(config.kernels.map(({ name, spec }) => [name, (spec as OpSpec).op])).toEqual([
      ["head", "atrousConv2dTranspose"],
    ]);
    const [, next = ""] = /npx tilewright (\w+)/.exec(out) ?? [];
    expect(next).toBe("build");
    expect((await tilewright([next])).code).toBe(0);
    expect(existsSync("generated/index.js")).toBe(true);
  },
);

test("offers a formula that loads as it is, once it is no comment", needs({ [DIST]: isBuilt }), async () => {
  await tilewright(["init"]);
  const text = readFileSync(FILE, "utf8");
  const formula = /\/\/ A kernel of your own.*\n((?: +\/\/.*\n)+?) +\/\/ \},\n/.exec(text)?.[0] ?? "";
  writeFileSync(FILE, text.replace(formula, formula.replace(/\/\/ (?!A kernel)/g, "")));
  mkdirSync("node_modules");
  symlinkSync(repository, join("node_modules", "tilewright"), "dir");
  const { config } = await loadConfig({ cwd: folder });
  expect(config.kernels.map(({ name }) => name)).toEqual(["head", "distances"]);
});

test("says what the plugin takes, in the words of the guide", async () => {
  const { out } = await tilewright(["init"]);
  const [command = ""] = /npm install --save-dev ts-morph@\S+ oxc-parser@[\d.]+/.exec(out.replace(/\s+/g, " ")) ?? [];
  const guide = readFileSync(join(repository, "site/pages/guide/ahead-of-time.md"), "utf8");
  const [, bundlers = ""] = guide.split("## Bundlers\n\n");
  expect(bundlers.split("\n\n")[0]).toContain(`\`${command}\``);
});

test("prints one JSON object for machines", async () => {
  expect(JSON.parse((await tilewright(["init", "--json"])).out)).toEqual({ written: FILE });
});

test.each([FILE, "tilewright.config.json", "tilewright.config.mts"])("leaves %s as it is", async (name) => {
  writeFileSync(name, "mine");
  const { code, out, err } = await tilewright(["init"]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(new RegExp(`^tilewright: there is a ${name} here already, which stays as it is; [^\\n]+\\n$`));
  expect(readdirSync(".")).toEqual([name]);
  expect(readFileSync(name, "utf8")).toBe("mine");
});

test("takes no argument, and no option that it does not have", async () => {
  expect((await tilewright(["init", "here"])).err).toMatch(/init takes no "here"; it writes tilewright\.config\.ts/);
  expect((await tilewright(["init", "--force"])).err).toMatch(/there is no option --force; there are --json/);
  expect(readdirSync(".")).toEqual([]);
});
