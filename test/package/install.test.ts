/** The package as somebody has it who has installed it: it brings all that it needs, and says what it does not bring. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { DIST, needs } from "../support/needs.js";
import { onnxModel } from "../support/onnxModel.js";
import { installPacked, isBuilt, manifest, repository } from "../support/packed.js";

/**
 * Bytes to download. A third of them is Babel, by which configurations in TypeScript are read, an eighth is the page of a
 * farm, and 56 kB are README's picture.
 */
const MOST_BYTES = 1_700_000;

const CONFIG = `export default {
  kernels: { head: { op: "conv2d", value: [1, 4, 5, 2], filters: [3, 3, 2, 3], rate: 1, padding: "SAME" } as const },
};`;

const MODEL = onnxModel({
  inputs: { x: [1, 4, 6, 8] },
  initializers: { w: { dims: [4, 4, 3, 3] } },
  nodes: [{ op: "Conv", name: "stem", inputs: ["x", "w"], outputs: ["y"], attributes: {} }],
});

/** Packages that callers hand over, and that nothing imports. */
const ARGUMENTS = ["@tensorflow/tfjs-core"];

describe("an installation", needs({ [DIST]: isBuilt }), () => {
  let folder: string;
  beforeAll(() => {
    folder = installPacked();
    writeFileSync(join(folder, "tilewright.config.ts"), CONFIG);
    writeFileSync(join(folder, "model.onnx"), MODEL);
    writeFileSync(join(folder, "some.jsonl"), "");
  }, 120_000);

  const node = (...command: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const tilewright = (...command: readonly string[]) => node("node_modules/.bin/tilewright", ...command);

  test("is one package", () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["tilewright"]);
    expect(existsSync(join(folder, "node_modules/tilewright/node_modules"))).toBe(false);
    expect(statSync(join(folder, `tilewright-${manifest.version}.tgz`)).size).toBeLessThan(MOST_BYTES);
  });

  test("imports no package, but those that are optional", () => {
    const dist = join(folder, "node_modules/tilewright/dist");
    const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"));
    const ours = files.filter((path) => !path.startsWith("packages"));
    const imported = ours.flatMap((path) => {
      const text = readFileSync(join(dist, path), "utf8");
      return [...text.matchAll(/^(?:import|export)\b.*? from "([^".][^"]*)";$|\bimport\("([^".][^"]*)"\)/gm)];
    });
    const names = new Set(imported.map(([, from, dynamic]) => from ?? dynamic ?? ""));
    const packages = [...names].filter((name) => !name.startsWith("node:")).sort();
    expect([...ARGUMENTS, ...packages].sort()).toEqual(Object.keys(manifest.peerDependencies).sort());
    expect(manifest.peerDependenciesMeta).toEqual(
      Object.fromEntries([...ARGUMENTS, ...packages].map((name) => [name, { optional: true }])),
    );
  });

  test("has the licence of every package that is bundled", () => {
    const notices = readFileSync(join(folder, "node_modules/tilewright/dist/packages/LICENSES.md"), "utf8");
    const parts = notices.split(/^## (?=\S+ \d+\.\d+\.\d+ \()/m).slice(1);
    const names = parts.map((part) => part.split(" ")[0]);
    expect(names).toEqual(expect.arrayContaining(["@noble/hashes", "citty", "handlebars", "jiti", "valibot"]));
    for (const part of parts) {
      expect(part).toMatch(/^\S+ \S+ \((MIT|ISC|BSD-[23]-Clause)\)\n/);
      expect(part).toMatch(/copyright/i);
    }
  });

  test("runs a kernel, compiles and reads records by its entries", () => {
    const program = `
      import { availableTargets, compile } from "tilewright";
      import { compileModule, JS } from "tilewright/compiler";
      import { defineConfig } from "tilewright/config";
      import { loadKernel } from "tilewright/runtime";
      import { useRecords } from "tilewright/tuning";
      const spec = { op: "conv2d", value: [1, 4, 5, 2], filters: [3, 3, 2, 3], rate: 1, padding: "SAME" };
      const kernels = [loadKernel(compileModule(spec, { target: JS }))];
      for (const target of await availableTargets()) kernels.push(compile(spec, { target }));
      for (const kernel of await Promise.all(kernels)) {
        const output = await kernel.run(new Float32Array(40).fill(1), kernel.prepare(new Float32Array(54).fill(1)));
        console.log(kernel.target, output[0], output[18]);
      }
      useRecords("");
      console.log(JSON.stringify(defineConfig({ targets: ["js"] })));`;
    writeFileSync(join(folder, "program.js"), program);
    expect(node("program.js")).toEqual({
      status: 0,
      stdout: 'js 8 18\nwasm 8 18\njs 8 18\nplain 8 18\n{"targets":["js"]}\n',
      stderr: "",
    });
  });

  test("has a plugin for each bundler", () => {
    const names = ["vite", "rollup", "rolldown", "webpack", "esbuild"];
    writeFileSync(
      join(folder, "plugins.js"),
      `${names.map((name) => `import ${name} from "tilewright/${name}";`).join("\n")}
       const plugins = [${names}].map((plugin) => [plugin({})].flat()[0]);
       console.log(plugins.map(({ apply, name }) => name ?? typeof apply).join());`,
    );
    const { stdout, stderr } = node("plugins.js");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^tilewright,tilewright,tilewright,function,\S*tilewright\S*\n$/);
  });

  test("has a command that prints its help, reads a configuration in TypeScript and tunes", () => {
    expect(tilewright("--help").stdout).toContain("USAGE tilewright init|build|");
    const { status, stderr } = tilewright("tune", "--level", "estimate");
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
  });

  const WRITES = /^tilewright: .* ts-morph, .*; run npm install --save-dev ts-morph@28\n$/;
  const DRAWS = /^tilewright: .* take vega and vega-lite, .*; run npm install --save-dev vega@6 vega-lite@6\n$/;
  const FARMS =
    /^tilewright: a farm takes @nats-io\/transport-node, .* and @nats-io\/nats-core, .*; run npm install .*\n$/;

  test.each([
    [["build"], WRITES],
    [["extract", "model.onnx", "--write"], WRITES],
    [["report", "--records", "some.jsonl"], DRAWS],
    [["farm", "compose"], FARMS],
  ] as const)("says in one sentence which package %j takes, and writes nothing", (command, sentence) => {
    const before = readdirSync(folder);
    const { status, stdout, stderr } = tilewright(...command);
    expect(stderr).toMatch(sentence);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(readdirSync(folder)).toEqual(before);
  });

  test("has a plugin that says in one sentence, when it starts, which packages it takes", () => {
    const program = `
      import rollup from "tilewright/rollup";
      const [plugin] = rollup({ dts: false });
      const bundler = { addWatchFile() {}, warn() {} };
      const told = ({ code, message }) => console.log(code, message);
      await plugin.buildStart.call(bundler).catch(told);`;
    writeFileSync(join(folder, "start.js"), program);
    expect(node("start.js").stdout).toMatch(
      /^missing-package the plugin takes ts-morph and oxc-parser, .*; run npm install --save-dev ts-morph@28 oxc-parser@0\.156\n$/,
    );
  });

  test("asks for the versions that it works with", () => {
    const text = readFileSync(join(repository, "src/build/optionalPackages.ts"), "utf8");
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      if (ARGUMENTS.includes(name)) continue;
      expect(text).toContain(`"${name}@${/^\^(0\.\d+|\d+)\./.exec(String(range))?.[1]}"`);
    }
  });

  test("builds where the optional package is installed", () => {
    symlinkSync(join(repository, "node_modules/ts-morph"), join(folder, "node_modules/ts-morph"), "dir");
    expect(tilewright("build").stdout).toContain("1 kernel");
    expect(existsSync(join(folder, "generated/head/index.js"))).toBe(true);
    expect(node("start.js").stdout).toMatch(
      /^missing-package the plugin takes oxc-parser, .*-dev oxc-parser@0\.156\n$/,
    );
  });
});
