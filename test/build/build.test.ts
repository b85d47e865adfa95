/** Builds: what is written and what is left alone, the second time, under --check, and where nothing can be written. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type BuildOptions, build } from "../../src/build/build.js";
import type { Config } from "../../src/build/defineConfig.js";
import { newFolder } from "../support/folder.js";
import { needs } from "../support/needs.js";
import { filesIn, folderWith, refusalOf, tiny, writeFiles } from "./support.js";

const config: Config = { targets: ["js", "wasm"], kernels: { head: tiny(), other: tiny({ rate: 2 }) } };
const ofHead = ["index", "js", "wasm-relaxed", "wasm-simd128"].flatMap((name) => [
  `head/${name}.d.ts`,
  `head/${name}.js`,
]);
const ofAll = ["index.d.ts", "index.js", "package.json", "registry.d.ts", "registry.js"];
const expected = [...ofHead, ...ofAll, ...ofHead.map((path) => path.replace("head", "other"))].sort();

const generatedIn = (cwd: string) => filesIn(join(cwd, "generated"));

/** A configuration is read once per process and file, so each build of a changed one is given another file. */
function changed(cwd: string, config: Config): BuildOptions {
  const file = `config${Math.random()}.json`;
  writeFiles(cwd, { [file]: JSON.stringify(config) });
  return { cwd, file };
}

async function builtFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = folderWith(config, files);
  await build({ cwd });
  return cwd;
}

describe("a build", () => {
  test("writes the files of all kernels and says so", async () => {
    const cwd = folderWith(config);
    const seen: string[] = [];
    const report = await build({ cwd, onProgress: ({ done, total, name }) => seen.push(`${done}/${total} ${name}`) });
    expect(seen).toEqual(["1/2 head", "2/2 other"]);
    expect([...report.written].sort()).toEqual(expected);
    expect(report).toMatchObject({ out: "generated", unchanged: 0, removed: [] });
    expect(Object.keys(generatedIn(cwd))).toEqual(expected);
    expect(report.kernels.map(({ name, modules }) => [name, modules.map(({ variant }) => variant)])).toEqual([
      ["head", ["js", "wasm-relaxed", "wasm-simd128"]],
      ["other", ["js", "wasm-relaxed", "wasm-simd128"]],
    ]);
  });

  test("gives the same bytes wherever it is called from", async () => {
    const one = await builtFolder();
    const two = newFolder();
    writeFiles(two, { "deeper/tilewright.config.json": JSON.stringify({ ...config, out: "../elsewhere" }) });
    await build({ cwd: two, file: "deeper/tilewright.config.json" });
    expect(filesIn(join(two, "elsewhere"))).toEqual(generatedIn(one));
  });

  test("of no kernels is a barrel of nothing", async () => {
    const cwd = folderWith({});
    expect((await build({ cwd })).written).toHaveLength(5);
    expect(readFileSync(join(cwd, "generated/index.js"), "utf8")).toMatch(/\nexport \{\};\n$/);
  });
});

describe("a second build", () => {
  test("with nothing to do compiles nothing and touches no file", async () => {
    const cwd = await builtFolder();
    const old = new Date(2001, 1, 1);
    for (const path of expected) utimesSync(join(cwd, "generated", path), old, old);
    const report = await build({ cwd, onProgress: () => expect.unreachable("it compiles") });
    expect(report).toMatchObject({ written: [], removed: [], unchanged: expected.length });
    expect(report.kernels.map(({ modules }) => modules.length)).toEqual([3, 3]);
    for (const path of expected) expect(statSync(join(cwd, "generated", path)).mtime).toEqual(old);
  });

  test("without what it remembers compiles, and touches no file", async () => {
    const cwd = await builtFolder();
    rmSync(join(cwd, "node_modules"), { recursive: true });
    expect(await build({ cwd })).toMatchObject({ written: [], unchanged: expected.length });
  });

  test("remembers nothing where it cannot write that down, and builds all the same", async () => {
    const cwd = await builtFolder({ node_modules: "a file" });
    expect(await build({ cwd })).toMatchObject({ written: [], unchanged: expected.length });
  });

  test.each([
    ["somebody else wrote", () => "{}"],
    ["is empty", () => ""],
    ["was cut off", (kept: string) => kept.slice(0, -9)],
    ["was altered", (kept: string) => kept.replace("JavaScript", "Java Script").replace("js.js", "zz.js")],
    ["is of another time", (kept: string) => `${kept}\n`],
  ])("is not misled by what is kept and %s", async (_, edit) => {
    const cwd = await builtFolder();
    const before = generatedIn(cwd);
    const kept = filesIn(join(cwd, "node_modules"));
    expect(Object.keys(kept).length).toBe(3);
    for (const [path, text] of Object.entries(kept)) writeFiles(join(cwd, "node_modules"), { [path]: edit(text) });
    rmSync(join(cwd, "generated/head"), { recursive: true });
    expect([...(await build({ cwd })).written].sort()).toEqual([...ofHead].sort());
    expect(generatedIn(cwd)).toEqual(before);
    expect(filesIn(join(cwd, "node_modules"))).toEqual(kept);
  });

  test("keeps what is made in a file that is a folder, elsewhere or not at all", async () => {
    const cwd = await builtFolder();
    for (const path of Object.keys(filesIn(join(cwd, "node_modules")))) {
      rmSync(join(cwd, "node_modules", path));
      mkdirSync(join(cwd, "node_modules", path));
    }
    expect(await build({ cwd })).toMatchObject({ written: [], unchanged: expected.length });
  });

  test("removes what --check calls left over, and what it does not remove is none", async () => {
    const cwd = await builtFolder();
    const left = {
      "generated/old/index.js": "// Written by tilewright 0.0.1\n",
      "generated/old.js": "// Written by tilewright 0.0.1\n",
    };
    writeFiles(cwd, left);
    expect(await refusalOf(() => build({ cwd, check: true }))).toMatch(
      /^generated is not up to date: old\.js, old\/index\.js;/,
    );
    expect((await build({ cwd })).removed).toEqual(["old.js", "old/index.js"]);
    expect(existsSync(join(cwd, "generated/old"))).toBe(false);
    expect(await build({ cwd, check: true })).toMatchObject({ unchanged: expected.length });
  });

  test("writes what was edited or is gone, and nothing else", async () => {
    const cwd = await builtFolder();
    const before = generatedIn(cwd);
    writeFiles(cwd, { "generated/head/js.js": `${before["head/js.js"]}// more\n` });
    rmSync(join(cwd, "generated/other"), { recursive: true });
    const { written, unchanged } = await build({ cwd });
    expect([...written].sort()).toEqual(["head/js.js", ...expected.filter((path) => path.startsWith("other"))]);
    expect(unchanged).toBe(expected.length - written.length);
    expect(generatedIn(cwd)).toEqual(before);
  });

  test("removes what is no longer wanted, and keeps what is not its own", async () => {
    const theirs = {
      "generated/README.md": "theirs",
      "generated/other/notes.txt": "theirs",
      "generated/util.js": "// ours",
      "generated/other/engine.wasm": "theirs",
      "generated/a/b/index.js": "// Written by tilewright 0.1.0, for another configuration",
    };
    const cwd = await builtFolder(theirs);
    await build(changed(cwd, { ...config, wasm: "file" }));
    expect(Object.keys(generatedIn(cwd))).toContain("other/wasm-relaxed.run.wasm");
    const report = await build(changed(cwd, { targets: ["js"], kernels: { head: tiny(), third: tiny({ rate: 3 }) } }));
    expect(report.removed).toContain("head/wasm-relaxed.js");
    expect(report.removed).toContain("other/wasm-simd128.run.wasm");
    const kept = Object.keys(theirs).map((path) => path.slice("generated/".length));
    const own = ["head", "third"].flatMap((name) =>
      ["index", "js"].flatMap((file) => [`${name}/${file}.d.ts`, `${name}/${file}.js`]),
    );
    expect(Object.keys(generatedIn(cwd))).toEqual([...own, ...ofAll, ...kept].sort());
    await build(changed(cwd, {}));
    expect(existsSync(join(cwd, "generated/third"))).toBe(false);
  });

  test("of another output folder does not meet the first", async () => {
    const cwd = await builtFolder();
    await build(changed(cwd, { ...config, out: "generated/more", kernels: { head: tiny() } }));
    expect(await build({ cwd })).toMatchObject({ written: [], removed: [] });
    expect(await build({ cwd, check: true })).toMatchObject({ unchanged: expected.length });
    expect(existsSync(join(cwd, "generated/more/head/js.js"))).toBe(true);
  });
});

describe("builds at once", () => {
  test("write and remove the same, and none is refused", async () => {
    const cwd = await builtFolder();
    const fewer = { ...config, kernels: { head: tiny(), third: tiny({ rate: 3 }) } };
    const reports = await Promise.all(Array.from({ length: 4 }, () => build(changed(cwd, fewer))));
    expect(reports.map(({ kernels }) => kernels.length)).toEqual([2, 2, 2, 2]);
    expect(existsSync(join(cwd, "generated/other"))).toBe(false);
    expect(await build({ ...changed(cwd, fewer), check: true })).toMatchObject({ written: [], removed: [] });
  });

  test("in separate processes leave a whole folder, even if some are killed", async () => {
    const cwd = folderWith(config);
    const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
    if (!existsSync(main)) return;
    const times = [150, 300, 450, 600, 0, 0];
    const ends = times.map((killedAfter) => {
      const child = spawn(process.execPath, [main, "build"], { cwd, stdio: "ignore" });
      if (killedAfter > 0) setTimeout(() => child.kill("SIGKILL"), killedAfter);
      return new Promise((resolve) => child.on("exit", resolve));
    });
    const codes = await Promise.all(ends);
    expect(codes.slice(-2)).toEqual([0, 0]);
    expect(Object.keys(generatedIn(cwd)).filter((path) => !/\.\d+$/.test(path))).toEqual(expected);
    expect(await build({ cwd, check: true })).toMatchObject({ written: [], removed: [] });
  });
});

describe("a folder or file with a link for a name", () => {
  test("is followed to a folder, and a file that somebody else wrote stays", async () => {
    const cwd = folderWith(config);
    mkdirSync(join(cwd, "real"));
    symlinkSync("real", join(cwd, "generated"), "dir");
    await build({ cwd });
    expect(existsSync(join(cwd, "real/head/js.js"))).toBe(true);
    writeFiles(cwd, { "theirs.js": "theirs" });
    rmSync(join(cwd, "real/index.js"));
    symlinkSync("../theirs.js", join(cwd, "real/index.js"));
    expect(await refusalOf(() => build({ cwd }))).toMatch(/index\.js was not written by tilewright build; move it/);
    expect(readFileSync(join(cwd, "theirs.js"), "utf8")).toBe("theirs");
  });

  test("in circles is refused", async () => {
    const cwd = await builtFolder();
    rmSync(join(cwd, "generated/index.js"));
    symlinkSync("index.js", join(cwd, "generated/index.js"));
    expect(await refusalOf(() => build({ cwd }))).toMatch(/index\.js cannot be read \(ELOOP\); move it/);
  });
});

test.each(["ts", "mjs", "js", "json"])(
  "a byte order mark and returns in a configuration in .%s change nothing",
  async (end) => {
    const text = `\uFEFF${end === "json" ? "" : "export default "}${JSON.stringify(config, null, 2)}\n`.replaceAll(
      "\n",
      "\r\n",
    );
    const [plain, marked] = [await builtFolder(), newFolder()];
    writeFiles(marked, { [`tilewright.config.${end}`]: text });
    expect((await build({ cwd: marked })).out).toBe("generated");
    expect(generatedIn(marked)).toEqual(generatedIn(plain));
  },
);

describe("--check", () => {
  test("is content with a build that is up to date", async () => {
    const cwd = await builtFolder();
    expect(await build({ cwd, check: true })).toMatchObject({ written: [], removed: [], unchanged: expected.length });
  });

  test("names what is stale, missing and left over, and writes nothing", async () => {
    const cwd = await builtFolder();
    writeFiles(cwd, { "generated/head/js.js": "// Written by tilewright 0.0.1\n" });
    rmSync(join(cwd, "generated/index.js"));
    const before = generatedIn(cwd);
    const check = { ...changed(cwd, { ...config, kernels: { head: tiny() } }), check: true };
    expect(await refusalOf(() => build(check))).toMatch(
      /^generated is not up to date: index\.js, index\.d\.ts, registry\.js and 9 more; run tilewright build$/,
    );
    expect(generatedIn(cwd)).toEqual(before);
  });

  test("of nothing that was ever built makes no folder", async () => {
    const cwd = folderWith(config);
    expect(await refusalOf(() => build({ cwd, check: true }))).toMatch(/^generated is not up to date: /);
    expect(Object.keys(filesIn(cwd))).toEqual(["tilewright.config.json"]);
  });
});

describe("nothing is written", () => {
  test("and nothing is removed where the configuration exports nothing", async () => {
    const cwd = await builtFolder({ "empty.config.ts": "const config = { kernels: {} };" });
    expect(await refusalOf(() => build({ cwd, file: "empty.config.ts" }))).toMatch(
      /^empty\.config\.ts has no default export/,
    );
    expect(Object.keys(generatedIn(cwd))).toEqual(expected);
  });

  test("where a kernel cannot be compiled, which is named", async () => {
    const kernels = { head: tiny(), flat: tiny({ filters: [1, 1, 3, 2], algorithm: "winograd" }) };
    const cwd = folderWith({ kernels });
    expect(await refusalOf(() => build({ cwd }))).toMatch(/^kernel flat: "winograd" has no tiles/);
    expect(existsSync(join(cwd, "generated"))).toBe(false);
  });

  test("where the folder is a file", async () => {
    const cwd = folderWith(config, { generated: "theirs" });
    expect(await refusalOf(() => build({ cwd }))).toMatch(
      /generated.* cannot be written \((EEXIST|ENOTDIR)\); make "out"/,
    );
    expect(readFileSync(join(cwd, "generated"), "utf8")).toBe("theirs");
  });

  test("where a file has the name of a kernel's folder", async () => {
    const cwd = folderWith(config, { "generated/other": "theirs" });
    expect(await refusalOf(() => build({ cwd }))).toMatch(/other.* cannot be written \((EEXIST|ENOTDIR)\)/);
    expect(generatedIn(cwd)).toEqual({ other: "theirs" });
  });

  test("where a folder has the name of a file", async () => {
    const cwd = folderWith(config);
    mkdirSync(join(cwd, "generated/registry.js"), { recursive: true });
    expect(await refusalOf(() => build({ cwd }))).toMatch(/registry\.js cannot be read \(EISDIR\); move it/);
    expect(generatedIn(cwd)).toEqual({});
  });

  test("over a file that somebody else wrote", async () => {
    const cwd = folderWith(config, { "generated/index.js": "export const theirs = 1;\n" });
    expect(await refusalOf(() => build({ cwd }))).toMatch(/index\.js was not written by tilewright build; move it/);
    expect(Object.keys(generatedIn(cwd))).toEqual(["index.js"]);
  });

  test(
    "where there can be no folder",
    needs({ "folders as POSIX has them": process.platform !== "win32" }),
    async () => {
      const cwd = folderWith({ ...config, out: "/dev/null/generated" });
      expect(await refusalOf(() => build({ cwd }))).toMatch(/^\/dev\/null.* cannot be written \(ENOTDIR\)/);
    },
  );

  // Modes bind nobody who is root.
  test("where there are no folders to be made", needs({ Linux: process.platform === "linux" }), async () => {
    const cwd = folderWith({ ...config, out: "/proc/generated" });
    expect(await refusalOf(() => build({ cwd }))).toMatch(/^\/proc.* cannot be written \((ENOENT|EACCES)\)/);
  });

  test("where the folder may only be read", needs({ "a user who is not root": process.getuid?.() !== 0 }), async () => {
    const cwd = folderWith(config, { "generated/README.md": "theirs" });
    chmodSync(join(cwd, "generated"), 0o555);
    expect(await refusalOf(() => build({ cwd }))).toMatch(/ cannot be written \(EACCES\)/);
    chmodSync(join(cwd, "generated"), 0o755);
  });
});
