/** `tilewright build` as people call it, in processes of its own. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/build/defineConfig.js";
import { filesIn, folderWith, tiny, writeFiles } from "../build/support.js";
import { newFolder } from "../support/folder.js";
import { DIST, needs } from "../support/needs.js";
import { type OnnxNode, onnxModel } from "../support/onnxModel.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const main = join(repository, "dist/cli/main.js");

const config: Config = {
  kernels: { head: tiny({ bias: true }), izgara: tiny({ rate: 2, activation: { kind: "leakyRelu", alpha: 0.1 } }) },
};

function run(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const all = { ...process.env, ...env };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    env: all,
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const tilewright = (cwd: string, ...args: readonly string[]) => run(cwd, [main, ...args]);

describe("tilewright build", needs({ [DIST]: existsSync(main) }), () => {
  test("prints a table and a summary, and progress in lines beside it", () => {
    const cwd = folderWith(config);
    const { status, stdout, stderr } = tilewright(cwd, "build");
    expect(stdout.replace(/\d+\.\d+/g, "#")).toBe(
      `${["head  ", "izgara"]
        .flatMap((name) =>
          ["js          ", "wasm-relaxed", "wasm-simd128", "webgpu      "].map(
            (one) => `${name}  ${one}  # kB  # kB gzip\n`,
          ),
        )
        .join("")}2 kernels, 8 modules, # kB (# kB gzip); in generated: 25 written, 0 unchanged, 0 removed, in # s\n`,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "[1/2] head\n[2/2] izgara\n" });
    expect(tilewright(cwd, "build").stdout).toMatch(/in generated: 0 written, 25 unchanged, 0 removed/);
  });

  test("--json prints the report and nothing else", () => {
    const { status, stdout, stderr } = tilewright(folderWith(config), "build", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      out: "generated",
      kernels: [{ name: "head" }, { name: "izgara" }],
      unchanged: 0,
      removed: [],
    });
  });

  test("says what part of a model is not covered", () => {
    const conv = (name: string, attributes: NonNullable<OnnxNode["attributes"]>): OnnxNode => {
      return { op: "Conv", name, inputs: ["x", "w"], outputs: [name], attributes };
    };
    const model = onnxModel({
      inputs: { x: ["batch", 3, 8, 8] },
      initializers: { w: { dims: [5, 3, 3, 3] } },
      nodes: [conv("stem", {}), ...["a", "b", "c\u001b"].map((name) => conv(name, { pads: [-1, 0, 0, 0] }))],
    });
    const models = [{ path: "model.onnx", dims: { batch: 1 } }];
    const cwd = folderWith({ targets: ["js"], models }, { "model.onnx": model });
    const { status, stdout } = tilewright(cwd, "build");
    expect(status).toBe(0);
    const [warning, ...more] = stdout.split("\n").filter((line) => line.startsWith("warning:"));
    expect(more).toEqual([]);
    expect(warning).toMatchInlineSnapshot(
      `"warning: model.onnx: 1 of 4 convolutions; 3 not covered: a (pads [-1,0,0,0]; no kernel has negative ones), b (pads [-1,0,0,0]; no kernel has negative ones) and 1 more (tilewright extract model.onnx --dim batch=1 lists them)"`,
    );
    expect(JSON.parse(tilewright(cwd, "build", "--json").stdout)).toMatchObject({
      partial: [{ path: "model.onnx", dims: { batch: 1 }, covered: 1, uncovered: [{ node: "a" }, {}, {}] }],
    });
  });

  const REFUSED: readonly (readonly [readonly string[], RegExp])[] = [
    [["--check"], /^tilewright: generated is not up to date: .*; run tilewright build\n$/],
    [["--config", "gone.ts"], /^tilewright: there is no configuration gone\.ts; .*\n$/],
    [["--config="], /^tilewright: --config takes the path of a configuration\n$/],
    [
      ["--chek"],
      /^tilewright: there is no option --chek; there are --config, --check, --json; did you mean --check\?\n$/,
    ],
    [["other.config.ts"], /^tilewright: build takes no "other\.config\.ts"; name a configuration by --config\n$/],
  ];

  test.each(REFUSED)("%j is refused in one sentence", (args, sentence) => {
    const cwd = folderWith(config);
    const { status, stdout, stderr } = tilewright(cwd, "build", ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.replace(/^\[.*\n/gm, "")).toMatch(sentence);
    expect(existsSync(join(cwd, "generated"))).toBe(false);
  });

  test("writes the same bytes whatever the language and the hour", () => {
    const environments = [{}, { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Asia/Kathmandu" }];
    const [one, other] = environments.map((env) => {
      const cwd = folderWith(config);
      expect(run(cwd, [main, "build"], env).status).toBe(0);
      return filesIn(join(cwd, "generated"));
    });
    expect(Object.keys(one ?? {})).toHaveLength(25);
    expect(other).toEqual(one);
  });

  test("with nothing to do loads neither the compiler nor what writes files", () => {
    const cwd = folderWith(config);
    const load = () => {
      const coverage = newFolder();
      expect(run(cwd, [main, "build"], { NODE_V8_COVERAGE: coverage }).status).toBe(0);
      const [loaded = ""] = readdirSync(coverage).map((file) => readFileSync(join(coverage, file), "utf8"));
      return ["dist/build/build.js", "dist/build/files.js", "ts-morph"].map((name) => loaded.includes(name));
    };
    expect(load()).toEqual([true, true, true]);
    expect(load()).toEqual([true, false, false]);
  });

  test("makes kernels that run by the package's own entry, where nothing may be made from text", () => {
    const cwd = folderWith(config);
    mkdirSync(join(cwd, "node_modules"));
    symlinkSync(dirname(dirname(dirname(main))), join(cwd, "node_modules/tilewright"), "dir");
    writeFiles(cwd, {
      "package.json": '{ "type": "module" }',
      "app.js": `
        import { head } from "./generated/index.js";
        for (const target of ["auto", "js"]) {
          const kernel = await head.load({ target });
          const weights = kernel.prepare(new Float32Array(54).fill(1), new Float32Array(3));
          const { shape, data } = await kernel.run({ shape: [1, 4, 5, 2], data: new Float32Array(40).fill(1) }, weights);
          console.log(kernel.target, shape.join(), data[0], data[18]);
        }`,
    });
    expect(tilewright(cwd, "build").status).toBe(0);
    const { stdout, stderr } = run(cwd, ["--disallow-code-generation-from-strings", "app.js"]);
    expect({ stdout, stderr }).toEqual({ stdout: "wasm 1,4,5,3 8 18\njs 1,4,5,3 8 18\n", stderr: "" });
  });
});
