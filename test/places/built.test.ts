/** Generated files in places with rules of their own: CommonJS packages, places without `import()`, workerd, Bun and Deno. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import { interpret } from "tilewright";
import { describe, expect, test } from "vitest";
import { build } from "../../src/build/build.js";
import type { Config } from "../../src/build/defineConfig.js";
import { filesIn, folderWith, tiny, writeFiles } from "../build/support.js";
import { DIST, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { type Engine, NODE, OTHERS } from "./engines.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const built = existsSync(join(repository, "dist/runtime/built/static.js"));

/** The kernel has the first choice of a name for its own code. */
const kernels = { js: tiny({ filters: [3, 3, 3, 2], rate: 2 }) };
const config: Config = { targets: ["js", "wasm"], kernels };

/** An app that has installed the package, with the kernels of the configuration. */
async function app(config: Config, files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = folderWith(config, files);
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(repository, join(cwd, "node_modules/tilewright"), "dir");
  await build({ cwd });
  return cwd;
}

function runIn(engine: Engine, cwd: string, program: string): string {
  const args = [...engine.arguments, program];
  const { status, stdout, stderr } = spawnSync(engine.binary ?? "", args, { cwd, encoding: "utf8", timeout: 60_000 });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

const [value, filters] = [smallIntegers(1 * 4 * 5 * 2, 1), smallIntegers(3 * 3 * 3 * 2, 2)];
const expected = [...interpret(tiny({ rate: 2 }) as never, value, filters)];
const run = (kernel: string, target: string) => `
  const kernel = await ${kernel}.load({ target: "${target}" });
  const weights = kernel.prepare(new Float32Array(${JSON.stringify([...filters])}));
  const output = await kernel.run(new Float32Array(${JSON.stringify([...value])}), weights);
  const result = JSON.stringify({ target: kernel.target, output: [...output] });`;

describe("in a package that says", needs({ [DIST]: built }), () => {
  const callers = {
    "app.mjs": `import { js } from "./generated/index.js"; ${run("js", "wasm")} console.log(result);`,
    "app.cjs": `(async () => { const { js } = await import("./generated/index.js"); ${run("js", "wasm")} console.log(result); })();`,
    "registry.mjs": 'import { kernels } from "./generated/registry.js"; console.log(kernels.length);',
  };

  test.each(["commonjs", "nothing", "module"])("%s, kernels run", async (type) => {
    const manifest = type === "nothing" ? "{}" : JSON.stringify({ type });
    const cwd = await app(config, { ...callers, "package.json": manifest });
    for (const caller of ["app.mjs", "app.cjs"])
      expect(JSON.parse(runIn(NODE, cwd, caller))).toEqual({ target: "wasm", output: expected });
    expect(runIn(NODE, cwd, "registry.mjs").trim()).toBe("1");
    expect(existsSync(join(cwd, "generated/package.json"))).toBe(type !== "module");
    expect(await build({ cwd, check: true })).toMatchObject({ written: [], removed: [] });
  });

  test("module from now on, the file that said so goes", async () => {
    const cwd = await app(config, { "package.json": "{}" });
    writeFiles(cwd, { "package.json": '{ "type": "module" }' });
    expect(await build({ cwd })).toMatchObject({ written: [], removed: ["package.json"] });
  });

  test("what it likes in the very folder, that is left alone", async () => {
    const cwd = await app({ ...config, out: "." }, { "package.json": '{ "name": "app" }' });
    expect(readFileSync(join(cwd, "package.json"), "utf8")).toBe('{ "name": "app" }');
  });
});

describe.each(OTHERS)("$title", (engine) => {
  const options = { ...needs({ [DIST]: built, [engine.title]: engine.binary }), timeout: 90_000 };
  test.each(["wasm", "js", "plain"])("runs kernels that were made ahead of time: %s", options, async (target) => {
    const caller = `import { js } from "./generated/index.js"; ${run("js", target)} console.log(result);`;
    const cwd = await app(config, { "app.js": caller, "package.json": '{ "type": "module" }' });
    expect(JSON.parse(runIn(engine, cwd, "app.js"))).toEqual({ target, output: expected });
  });
});

describe("static imports", needs({ [DIST]: built }), () => {
  /** Runs modules as a service worker does: by imports, while `import()` is refused. */
  const HOST = `
    import { readFileSync } from "node:fs";
    import { dirname, resolve } from "node:path";
    import vm from "node:vm";
    const context = vm.createContext({ console, WebAssembly, URL, atob, TextEncoder, Float32Array, Uint8Array, performance });
    const modules = new Map();
    const load = (path) => {
      if (!modules.has(path)) modules.set(path, new vm.SourceTextModule(readFileSync(path, "utf8"), {
        context, identifier: path, importModuleDynamically: () => { throw new TypeError("import() is disallowed"); } }));
      return modules.get(path);
    };
    const entry = load(resolve(process.argv[2]));
    await entry.link((name, from) => load(resolve(dirname(from.identifier), name)));
    await entry.evaluate();
  `;
  const worker = (target: string) => `
    import { js } from "./generated/index.js"; ${run("js", target)} console.log(result);`;
  const placed = `
    import { js } from "./generated/index.js";
    const memory = new WebAssembly.Memory({ initial: 2 });
    let free = 8;
    const allocate = (bytes) => (free += bytes) - bytes;
    const kernel = await js.load({ memory: { memory, allocate, free() {} } });
    console.log(kernel.memory === memory, kernel.value.length);`;

  async function bundled(imports: "static" | "dynamic", script: string) {
    const files = { "worker.js": script, "host.mjs": HOST, "package.json": '{ "type": "module" }' };
    const cwd = await app({ ...config, imports }, files);
    await esbuild({
      ...{ absWorkingDir: cwd, entryPoints: ["worker.js"], outdir: "out", bundle: true, splitting: true },
      ...{ format: "esm", logLevel: "silent", target: "es2022" },
    });
    return spawnSync(process.execPath, ["--experimental-vm-modules", "--no-warnings", "host.mjs", "out/worker.js"], {
      ...{ cwd, encoding: "utf8", timeout: 60_000 },
    });
  }

  test.each(["wasm", "js", "plain"])("serve where import() is refused: %s", async (target) => {
    const { stdout, stderr } = await bundled("static", worker(target));
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ target, output: expected });
  });

  test("serve kernels in memory that is given", async () => {
    expect(await bundled("static", placed)).toMatchObject({ stderr: "", stdout: "true 40\n" });
  });

  test("are what it takes: others are refused there", async () => {
    expect((await bundled("dynamic", worker("wasm"))).stderr).toContain("import() is disallowed");
  });
});

/** The runtime of Cloudflare's workers, if npm has a binary of it for this machine. */
function workerd(): string | undefined {
  try {
    const { default: path } = createRequire(import.meta.url)("workerd") as { readonly default: string };
    return spawnSync(path, ["--version"]).status === 0 ? path : undefined;
  } catch {
    return undefined;
  }
}

const binary = workerd();

describe("workerd", needs({ [DIST]: built, workerd: binary }), () => {
  async function inWorkerd(wasm: "inline" | "module", imports: "static" | "dynamic", date = "2026-01-01") {
    const test = `
      import { js } from "./generated/index.js";
      export default { async test() { ${run("js", "auto")} console.log("RESULT " + result); } };`;
    const cwd = await app({ ...config, wasm, imports }, { "worker.js": test, "package.json": '{ "type": "module" }' });
    const { outputFiles } = await esbuild({
      ...{
        absWorkingDir: cwd,
        entryPoints: ["worker.js"],
        bundle: true,
        format: "esm",
        write: false,
        external: ["*.wasm"],
      },
      ...{ logLevel: "silent", platform: "neutral" },
    });
    const code = outputFiles[0]?.text ?? "";
    // Bundlers of workers hoist such imports beside the bundle; esbuild leaves them relative to the folder of the module.
    const binaries = Object.keys(filesIn(join(cwd, "generated"))).filter((path) => path.endsWith(".wasm"));
    const modules = binaries.map((path) => `( name = "${path.replace("js/", "")}", wasm = embed "generated/${path}" )`);
    const all = ['( name = "worker", esModule = embed "bundle.js" )', ...modules].join(", ");
    writeFiles(cwd, {
      "bundle.js": code,
      "config.capnp": `using Workerd = import "/workerd/workerd.capnp";
        const config :Workerd.Config = ( services = [ ( name = "main", worker = ( modules = [ ${all} ], compatibilityDate = "${date}" ) ) ] );`,
    });
    const { stdout, stderr } = spawnSync(binary as string, ["test", "config.capnp"], {
      ...{ cwd, encoding: "utf8", timeout: 60_000 },
    });
    rmSync(cwd, { recursive: true });
    const [, result] = /RESULT (.*)/.exec(stdout + stderr) ?? [];
    return result === undefined ? stdout + stderr : JSON.parse(result);
  }

  test.each(["static", "dynamic"] as const)("runs modules of WebAssembly, by %s imports", async (imports) => {
    expect(await inWorkerd("module", imports)).toEqual({ target: "wasm", output: expected });
  });

  test("has no FinalizationRegistry by its older dates, and runs modules of WebAssembly all the same", async () => {
    expect(await inWorkerd("module", "static", "2024-01-01")).toEqual({ target: "wasm", output: expected });
  });

  test("runs JavaScript where WebAssembly comes as bytes, which it does not compile", async () => {
    expect(await inWorkerd("inline", "dynamic")).toEqual({ target: "js", output: expected });
  });
});
