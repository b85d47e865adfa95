/** `tilewright extract`: the list of a model's convolutions, and the config that it writes. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addModel, newConfig } from "../src/codegen/aot/editConfig.js";
import { tilewright } from "./support/commands.js";
import { errorOf, thrownBy } from "./support/errors.js";
import { newFolder } from "./support/folder.js";
import { onnxModel } from "./support/onnxModel.js";

const extract = (...argv: readonly string[]) => tilewright(["extract", ...argv]);

const conv = (name: string, attributes = {}) => ({ op: "Conv", name, inputs: ["x", "w"], outputs: [name], attributes });
const MODEL = onnxModel({
  inputs: { x: ["batch", 4, "h=2*n", 8] },
  initializers: { w: { dims: [4, 4, 3, 3] } },
  nodes: [conv("stem"), conv("again"), conv("evil\u001b[31m\nname", { pads: [0, -1, 0, 0] })],
});
const DIMS = ["--dim", "batch=1", "--dim=h=2*n=6"];

let folder: string;
let home: string;
beforeEach(() => {
  home = process.cwd();
  folder = newFolder();
  process.chdir(folder);
  writeFileSync("model.onnx", MODEL);
});
afterEach(() => {
  process.chdir(home);
});

describe("the list", () => {
  it("has a row for each convolution, then what is missing, then the count", async () => {
    const { code, out, err } = await extract("model.onnx", ...DIMS);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "NODE   TYPE  SPEC
      stem   Conv  conv2d 1x4x6x8 with 4x4x3x3, convention onnx
      again  Conv  conv2d 1x4x6x8 with 4x4x3x3, convention onnx

      NOT COVERED     TYPE  WHAT IS MISSING
      evil?[31m?name  Conv  pads [0,-1,0,0]; no kernel has negative ones

      3 convolutions, 2 covered by 1 distinct spec
      "
    `);
  });

  it("is JSON for machines", async () => {
    const { out } = await extract("model.onnx", ...DIMS, "--json");
    const { format, convolutions, uncovered } = JSON.parse(out);
    expect([format, convolutions.length, uncovered.length]).toEqual(["onnx", 2, 1]);
    expect(convolutions[0]).toMatchObject({ node: "stem", type: "Conv", spec: { value: [1, 4, 6, 8] } });
  });

  it("has specs of the family, and JSON that holds infinite numbers as words", async () => {
    const nodes = [
      conv("strided", { strides: [2, 2], pads: [1, 1, 1, 1] }),
      {
        ...conv("fused", {
          activation: "Clip",
          activation_params: { floats: [0, Number.POSITIVE_INFINITY] },
          group: 2,
        }),
        ...{ op: "FusedConv", domain: "com.microsoft", inputs: ["x", "half"] },
      },
    ];
    const initializers = { w: { dims: [4, 4, 3, 3] }, half: { dims: [4, 2, 3, 3] } };
    writeFileSync("family.onnx", onnxModel({ inputs: { x: [1, 4, 8, 8] }, initializers, nodes }));
    const { out } = await extract("family.onnx", "--json");
    const value = [1, 4, 8, 8];
    const filters = { name: "w", layout: "OIHW" };
    expect(JSON.parse(out).convolutions).toMatchObject([
      {
        spec: { op: "conv2d", value, filters: [4, 4, 3, 3], strides: [2, 2], convention: "onnx" },
        weights: { filters },
      },
      {
        spec: { op: "conv2d", value, groups: 2, activation: { kind: "clip", min: 0, max: "Infinity" } },
        weights: { filters: { ...filters, name: "half" } },
      },
    ]);
  });

  it("exits with 0 where nothing is covered, and then writes nothing", async () => {
    const { code, out } = await extract("model.onnx", "--write");
    expect(code).toBe(0);
    expect(out).toMatch(
      /give --dim batch=1.*\n\n3 convolutions, 0 covered by 0 distinct specs\nfree dimensions: batch, h=2\*n; give each a size, such as --dim batch=1\nnothing to compile, so nothing/s,
    );
    expect(readdirSync(folder)).toEqual(["model.onnx"]);
  });
});

describe("reports stay short", () => {
  it("as nodes with the same reason share a row, and reasons are counted beyond some", async () => {
    const same = Array.from({ length: 30 }, (_, i) => conv(`same${i}`, { pads: [-1, 0, 0, 0] }));
    const other = Array.from({ length: 60 }, (_, i) => conv(`other${i}`, { pads: [-1, 0, 0, i + 1] }));
    const inputs = { x: [1, 4, 8, 8] };
    const initializers = { w: { dims: [4, 4, 3, 3] } };
    writeFileSync("many.onnx", onnxModel({ inputs, initializers, nodes: [...same, ...other] }));
    const { out } = await extract("many.onnx");
    expect(out).toMatch(/^same0 and 29 more +Conv +pads \[-1,0,0,0\]; no kernel has negative ones$/m);
    expect(out).toMatch(/^and 11 more for other reasons; --json lists all$/m);
    expect(out.split("\n").length).toBeLessThan(60);
  });
});

it("a shape that is lost is stated, and goes into the config", async () => {
  const nodes = [
    { op: "Odd", domain: "me", inputs: ["x"], outputs: ["t"] },
    { ...conv("c"), inputs: ["t", "w"] },
  ];
  writeFileSync(
    "odd.onnx",
    onnxModel({ inputs: { x: [1, 4, 8, 8] }, initializers: { w: { dims: [4, 4, 3, 3] } }, nodes }),
  );
  const { out } = await extract("odd.onnx", "--shape", "t=1x4x6x6", "--write");
  expect(out).toMatch(/^c +Conv +conv2d 1x4x6x6 with 4x4x3x3, convention onnx$/m);
  expect(readFileSync("tilewright.config.ts", "utf8")).toContain('{ path: "odd.onnx", shapes: { t: [1, 4, 6, 6] } }');
  expect((await extract("odd.onnx", "--shape", "t=4")).err).toBe("");
  expect((await extract("odd.onnx", "--shape", "t")).err).toMatch(/--shape takes a name and sizes, such as t=1x8x8x4/);
});

describe("--write", () => {
  it("makes a config, and then edits it", async () => {
    const first = await extract("model.onnx", ...DIMS, "--write");
    expect(first.out).toMatch(/written to tilewright\.config\.ts\n$/);
    const text =
      'import { defineConfig } from "tilewright/config";\n\nexport default defineConfig({\n  models: [{ path: "model.onnx", dims: { batch: 1, "h=2*n": 6 } }],\n});\n';
    expect(readFileSync("tilewright.config.ts", "utf8")).toBe(text);
    await extract("./model.onnx", "--dim=batch=4", "--dim", "h=2*n=6", "--write");
    expect(readFileSync("tilewright.config.ts", "utf8")).toBe(text.replace("batch: 1", "batch: 4"));
    expect(readdirSync(folder).sort()).toEqual(["model.onnx", "tilewright.config.ts"]);
  });

  it("names the model as the config sees it", async () => {
    await extract(join(folder, "model.onnx"), ...DIMS, "--write", "--config", "../extract-test.config.ts").finally(
      () => {
        const path = "../extract-test.config.ts";
        const text = existsSync(path) ? readFileSync(path, "utf8") : "";
        rmSync(path, { force: true });
        expect(text).toContain(`{ path: "${folder.split("/").at(-1)}/model.onnx", dims:`);
      },
    );
  });

  it("takes the config that there is", async () => {
    writeFileSync("tilewright.config.mjs", "export default { models: [] };\n");
    await extract("model.onnx", ...DIMS, "--write");
    expect(readFileSync("tilewright.config.mjs", "utf8")).toMatch(
      /^export default \{ models: \[\{ path: "model.onnx", dims: .* \}\] \};\n$/,
    );
  });
});

describe("refusals are one sentence and exit code 1, and leave the config as it is", () => {
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no model", [], /Missing required positional argument: MODEL/],
    ["two models", ["model.onnx", "model.onnx"], /one model at a time, not 2/],
    ["a missing file", ["none.onnx"], /there is no file none\.onnx/],
    [
      "a size that is none",
      ["model.onnx", "--dim", "batch"],
      /--dim takes a name and a size, such as batch=1; got "batch"/,
    ],
    ["a size that is no integer", ["model.onnx", "--dim", "batch=x"], /got "batch=x"/],
    ["a size of 0", ["model.onnx", "--dim", "batch=0"], /dimension batch takes an integer >= 1; got 0/],
    ["a size given twice", ["model.onnx", "--dim", "batch=1", "--dim=batch=2"], /--dim batch is given twice/],
    ["an unknown name", ["model.onnx", "--dim", "n=1"], /model\.onnx has no free dimension n; it has batch, h=2\*n/],
    [
      "an unknown option",
      ["model.onnx", "--dims", "n=1"],
      /no option --dims; there are --dim, --shape, --weights, --write, --config, --json/,
    ],
    ["a config that is not written", ["model.onnx", "--config", "x.ts"], /--config says where --write writes/],
    [
      "a config that cannot be edited",
      ["model.onnx", ...DIMS, "--write"],
      /tilewright\.config\.ts: .*add \{ path: "model\.onnx", .* by hand/,
    ],
    [
      "a config in no folder",
      ["model.onnx", ...DIMS, "--write", "--config", "no/where.ts"],
      /no\/where\.ts cannot be written \(ENOENT\)/,
    ],
  ];

  it.each(refused)("%s", async (_, argv, message) => {
    writeFileSync("tilewright.config.ts", "export default make();\n");
    const { code, out, err } = await extract(...argv);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(message);
    expect(err).toMatch(/^tilewright: [^\n]+\n$/);
    expect(readFileSync("tilewright.config.ts", "utf8")).toBe("export default make();\n");
    expect(readdirSync(folder).sort()).toEqual(["model.onnx", "tilewright.config.ts"]);
  });
});

it("has a help with an example", async () => {
  const { code, out } = await extract("--help");
  expect(code).toBe(0);
  expect(out).toMatch(/USAGE tilewright extract .*--dim=<name=size>.*EXAMPLE\n\n {2}tilewright extract model\.onnx\n/s);
});

describe("a config", () => {
  const entry = { path: "m/a.onnx", dims: { batch: 1 } };
  const added = '{ path: "m/a.onnx", dims: { batch: 1 } }';
  const edits: readonly (readonly [string, string, string])[] = [
    [
      "without models",
      "export default defineConfig({});\n",
      `export default defineConfig({\n  models: [${added}],\n});\n`,
    ],
    ["with other things", "export default { ops: [] }", `export default { ops: [], models: [${added}] }`],
    [
      "that ends in a comma",
      "export default defineConfig({\n\tops: [], // ours\n});",
      `export default defineConfig({\n\tops: [], // ours\n\tmodels: [${added}],\n});`,
    ],
    [
      "that does not",
      "export default defineConfig({\n  ops: [] // ours\n});",
      `export default defineConfig({\n  ops: [], // ours\n  models: [${added}]\n});`,
    ],
    [
      "of comments",
      "export default {\n  // nothing yet\n};",
      `export default {\n  // nothing yet\n  models: [${added}],\n};`,
    ],
    ["with empty models", "export default { models: [] };", `export default { models: [${added}] };`],
    [
      "with models in one line",
      'export default { models: ["b.onnx", ] };',
      `export default { models: ["b.onnx", ${added} ] };`,
    ],
    [
      "with models line by line",
      'const config = {\n  models: [\n    { path: "b.onnx" }, // the large one\n    /* end */\n  ],\n} satisfies Config;\nexport default config;',
      `const config = {\n  models: [\n    { path: "b.onnx" }, // the large one\n    ${added},\n    /* end */\n  ],\n} satisfies Config;\nexport default config;`,
    ],
    [
      "with the model",
      "export default { models: [/* a */ { dims: {}, path: 'm/a.onnx' } /* b */, x] };",
      `export default { models: [/* a */ ${added} /* b */, x] };`,
    ],
    [
      "with its path alone",
      'export default { models: ["m/a.onnx"] as const };',
      `export default { models: [${added}] as const };`,
    ],
    [
      "of Windows",
      "export default {\r\n  ops: [],\r\n};\r\n",
      `export default {\r\n  ops: [],\r\n  models: [${added}],\r\n};\r\n`,
    ],
  ];

  it.each(edits)("%s", (_, before, after) => {
    expect(addModel(before, entry)).toBe(after);
    expect(addModel(after, entry)).toBe(after);
  });

  it("that is new can be edited", () => {
    expect(addModel(newConfig({ path: "b.json", dims: {} }), entry)).toContain(
      `models: [{ path: "b.json" }, ${added}],`,
    );
  });

  it("writes names as they must be written", () => {
    const text = newConfig({ path: 'a"\u2028.onnx', dims: JSON.parse('{ "__proto__": 1, "a-b": 2, "x.1": 3 }') });
    expect(text).toContain('dims: { ["__proto__"]: 1, "a-b": 2, "x.1": 3 }');
    expect(addModel(text, entry)).toContain(added);
  });

  const odd: readonly (readonly [string, string, RegExp])[] = [
    [
      "a function",
      "export default () => ({ models: [] });",
      /add \{ path: "m\/a\.onnx", dims: \{ batch: 1 \} \} to its models by hand/,
    ],
    ["another function's result", "export default makeConfig({});", /by hand/],
    ["no export", "defineConfig({ models: [] });", /by hand/],
    ["models from elsewhere", "export default { models };", /by hand/],
    ["models that are made", "export default { models: list() };", /by hand/],
    ["a spread", "export default { ...base };", /by hand/],
    [
      "no TypeScript",
      "export default {\n  models: [ ;",
      /is no TypeScript that can be read: line 2: .*; correct it first/,
    ],
  ];

  it.each(odd)("that is %s is left to people", (_, text, message) => {
    expect(errorOf(thrownBy(() => addModel(text, entry)))).toMatch(message);
  });
});
