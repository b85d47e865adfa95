/** Configurations: how they are found, what is filled in, and what is refused in which words. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkConfig, loadConfig } from "../../src/build/config.js";
import { newFolder } from "../support/folder.js";
import { refusalOf, tiny, writeFiles } from "./support.js";

const FILE = "tilewright.config.ts";
const refusal = (config: unknown) => refusalOf(() => checkConfig(config, FILE));
const TARGETS = '"js", "wasm", "wasm-threads", "webgpu", "webgpu-f16"';

describe("checkConfig", () => {
  test("fills in every default", async () => {
    expect(await checkConfig({ kernels: { head: tiny({ bias: false }) }, models: ["a.onnx"] }, FILE)).toEqual({
      out: "generated",
      targets: ["js", "wasm", "webgpu"],
      wasm: "inline",
      imports: "dynamic",
      kernels: [
        {
          name: "head",
          spec: tiny(),
          wanted: { accuracy: "exact", algorithm: "auto" },
          targets: ["js", "wasm", "webgpu"],
        },
      ],
      models: [{ path: "a.onnx", dims: {}, shapes: {} }],
      recorded: [],
    });
  });

  test("keeps names that objects have from birth", async () => {
    const kernels = JSON.parse(
      `{ "constructor": ${JSON.stringify(tiny())}, "toString": ${JSON.stringify(tiny({ rate: 2 }))} }`,
    );
    expect((await checkConfig({ kernels }, FILE)).kernels.map(({ name }) => name)).toEqual(["constructor", "toString"]);
  });

  const CASES: readonly (readonly [unknown, string])[] = [
    [null, "it takes an object such as { kernels: { name: spec } }; got null"],
    [[], "it takes an object, not a list"],
    [
      { kernel: {} },
      "there is no option kernel; there are out, targets, wasm, imports, kernels, models, recorded, tuning; " +
        "did you mean kernels?",
    ],
    [{ out: 3 }, "out takes the path of a folder; got 3"],
    [{ out: "" }, 'out takes the path of a folder; got ""'],
    [{ targets: "js" }, `targets takes a list of ${TARGETS}; got "js"`],
    [{ targets: ["js", "cuda"] }, `targets[1] must be one of ${TARGETS}; got "cuda"`],
    [{ targets: [] }, `targets takes at least one of ${TARGETS}; got []`],
    [{ wasm: "base64" }, 'wasm must be "inline", "file" or "module"; got "base64"'],
    [{ kernels: [3] }, "kernels takes an object with a spec for each name; got [3]"],
    [{ kernels: { a: 3 } }, "kernels.a takes a spec; got 3"],
    [
      { kernels: { a: tiny({ targets: ["gpu" as "js"] }) } },
      `kernels.a.targets[0] must be one of ${TARGETS}; got "gpu"`,
    ],
    [{ kernels: { a: tiny({ targets: [] }) } }, `kernels.a.targets takes at least one of ${TARGETS}; got []`],
    [
      { kernels: { head: tiny({ value: [1, "33", 33, 64] as never }) } },
      'kernels.head: value [N, H, W, Ci] takes integers >= 0; got [1,"33",33,64]',
    ],
    [
      { kernels: { head: { ...tiny(), stride: 2 } } },
      'kernels.head: an atrousConv2dTranspose has stride 1 and no "stride"; write op: "conv2dTranspose" with ' +
        "dilations: [1, 1] in place of rate: 1, and strides in place of stride",
    ],
    [
      { kernels: { a: tiny({ accuracy: "good" as "fast" }) } },
      'kernels.a: accuracy must be "exact" or "fast"; got "good"',
    ],
    [
      { kernels: { a: tiny({ accuracy: "exact", algorithm: "winograd" }) } },
      `kernels.a: Winograd's algorithm is not exact; say accuracy: "fast", or leave accuracy out`,
    ],
    [{ models: "m.onnx" }, 'models takes a list of models; got "m.onnx"'],
    [{ models: ["m.onnx", 3] }, "models[1] takes the path of a model, or { path, dims, shapes }; got 3"],
    [
      { models: [{ path: "m", dim: {} }] },
      "there is no option models[0].dim; there are path, dims, shapes; did you mean dims?",
    ],
    [{ models: [{ path: "m", dims: { batch: "1" } }] }, 'models[0].dims.batch takes an integer >= 1; got "1"'],
    [{ recorded: [1] }, "recorded[0] takes the path of a recording; got 1"],
  ];

  test.each(CASES)("refuses %j", async (config, sentence) => {
    expect(await refusal(config)).toBe(`${FILE}: ${sentence}`);
  });

  const NAMES = ["a-b", "1a", "", "class", "await", "undefined", "a\n", "*/", "`", "é"];

  test.each(NAMES)("refuses the name %j, which nothing can export", async (name) => {
    expect(await refusal({ kernels: { [name]: tiny() } })).toMatch(/ is no name to export; use letters/);
  });

  test.each(["index", "registry", "kernels", "register", "builtKernel", "BuiltKernel", "__proto__"])(
    "refuses the name %s, which generated files have",
    async (name) => {
      expect(await refusal({ kernels: { [name]: tiny() } })).toMatch(/: generated files need that name themselves/);
    },
  );
});

describe("checkConfig", () => {
  test.each(["con", "CON", "Prn", "aux", "nul", "com1", "COM9", "lpt1", "CONIN$", "conout$"])(
    "refuses the name %s, of which Windows makes no folder",
    async (name) => {
      const sentence = `kernels.${name}: Windows has no folder of that name; use another`;
      expect(await refusal({ kernels: { [name]: tiny() } })).toBe(`${FILE}: ${sentence}`);
      expect((await checkConfig({ kernels: { [`${name}_`]: tiny() } }, FILE)).kernels[0]?.name).toBe(`${name}_`);
    },
  );
});

describe("loadConfig", () => {
  const spec = JSON.stringify(tiny());
  const FILES: Readonly<Record<string, string>> = {
    "tilewright.config.ts": `import { defineConfig } from "tilewright/config";\nconst out: string = "ours";\nexport default defineConfig({ out, kernels: { head: ${spec} } });`,
    "tilewright.config.js": `export default { out: "ours", kernels: { head: ${spec} } };`,
    "tilewright.config.mjs": `export default () => ({ out: "ours", kernels: { head: ${spec} } });`,
    "tilewright.config.json": `{ "out": "ours", "kernels": { "head": ${spec} } }`,
    "other.ts": `export default { out: "ours", kernels: { head: ${spec} } };`,
  };

  test.each(Object.entries(FILES))("reads %s", async (name, text) => {
    const cwd = newFolder();
    const config = { "node_modules/tilewright/config.js": "export const defineConfig = (config) => config;" };
    const manifest = {
      "node_modules/tilewright/package.json": '{ "exports": { "./config": "./config.js" }, "type": "module" }',
    };
    writeFiles(cwd, { [name]: text, ...config, ...manifest });
    const loaded = await loadConfig({ cwd, ...(name.startsWith("other") ? { file: name } : {}) });
    expect(loaded).toMatchObject({
      root: cwd,
      file: join(cwd, name),
      config: { out: "ours", kernels: [{ name: "head" }] },
    });
  });

  test("paths are relative to a configuration elsewhere", async () => {
    const cwd = newFolder();
    writeFiles(cwd, { "a/b/k.json": "{}" });
    expect((await loadConfig({ cwd, file: "a/b/k.json" })).root).toBe(join(cwd, "a/b"));
  });

  test("reads nothing else: no rc file, package.json, environment or other configuration", async () => {
    const cwd = newFolder();
    const more = '{ "out": "theirs", "targets": ["js"] }';
    writeFiles(cwd, {
      "tilewright.config.json": "{}",
      ".tilewrightrc": "out=theirs",
      "package.json": `{ "tilewright": ${more} }`,
      ".env": "NODE_ENV=production",
      "theirs.json": more,
    });
    expect((await loadConfig({ cwd })).config).toEqual(await checkConfig({}, FILE));
    writeFiles(cwd, { "extends.json": '{ "extends": "./theirs.json" }', "env.json": `{ "$test": ${more} }` });
    expect(await refusalOf(() => loadConfig({ cwd, file: "extends.json" }))).toMatch(/there is no option extends/);
    expect(await refusalOf(() => loadConfig({ cwd, file: "env.json" }))).toMatch(/there is no option \$test/);
  });

  const BROKEN: readonly (readonly [string, string, RegExp])[] = [
    [
      "tilewright.config.mjs",
      'throw new Error("no suite\\nmore")',
      /^tilewright\.config\.mjs cannot be loaded: no suite$/,
    ],
    [
      "tilewright.config.ts",
      "export default {\n  kernels: {",
      /^tilewright\.config\.ts cannot be loaded: ParseError: .* in .*config\.ts:2:\d+$/,
    ],
    ["tilewright.config.json", '{ "out": ', /^tilewright\.config\.json cannot be loaded: .*JSON/],
    [
      "tilewright.config.ts",
      'import x from "./gone.js";\nexport default x;',
      /^tilewright\.config\.ts cannot be loaded: Cannot find module '.\/gone\.js'$/,
    ],
    ["tilewright.config.mjs", 'throw "text"', /^tilewright\.config\.mjs cannot be loaded: 'text'$/],
    ["tilewright.config.ts", "throw null", /^tilewright\.config\.ts cannot be loaded: null$/],
    ["tilewright.config.mjs", "throw undefined", /^tilewright\.config\.mjs cannot be loaded: undefined$/],
    ["tilewright.config.ts", "throw Object.create(null)", /^tilewright\.config\.ts cannot be loaded: \[Object: null/],
    ["tilewright.config.js", "throw Symbol()", /^tilewright\.config\.js cannot be loaded: Symbol\(\)$/],
    ["tilewright.config.js", "export default () => { throw 3; }", /^tilewright\.config\.js cannot be loaded: 3$/],
    [
      "tilewright.config.js",
      "export default { get out() { throw 3; } }",
      /^tilewright\.config\.js cannot be loaded: 3$/,
    ],
    ...[
      "const config = {};",
      "export const kernels = {};",
      "",
      "export default {};",
      "export default undefined;",
    ].flatMap((text) =>
      ["ts", "js", "mjs"].map(
        (end) =>
          [
            `tilewright.config.${end}`,
            text,
            /^tilewright\.config\.\w+ has no default export, or an empty one; write export default \{ kernels: .* \}$/,
          ] as const,
      ),
    ),
    ["tilewright.config.js", "export default 3;", /^tilewright\.config\.js: it takes an object/],
    [
      "tilewright.config.json",
      '{ "kernels": { "a": null } }',
      /^tilewright\.config\.json: kernels\.a takes a spec; got null$/,
    ],
    [
      "tilewright.config.json",
      '{ "kernels": { "__proto__": {} } }',
      /kernels\.__proto__: generated files need that name/,
    ],
  ];

  test.each(BROKEN)("says in one sentence what is wrong with %s: %j", async (name, text, sentence) => {
    const cwd = newFolder();
    writeFiles(cwd, { [name]: text });
    expect(await refusalOf(() => loadConfig({ cwd }))).toMatch(sentence);
  });

  test("says which command writes one where there is none", async () => {
    const cwd = newFolder();
    expect(await refusalOf(() => loadConfig({ cwd }))).toBe(
      `there is no tilewright.config.ts (or .js, .mjs, .json) in ${cwd}; run npx tilewright init, which writes one`,
    );
  });

  test("says that the one that is named is not there", async () => {
    const cwd = newFolder();
    writeFiles(cwd, { "tilewright.config.json": "{}" });
    expect(await refusalOf(() => loadConfig({ cwd, file: "gone.ts" }))).toMatch(/^there is no configuration gone\.ts;/);
  });
});
