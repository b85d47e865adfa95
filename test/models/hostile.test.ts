/** Files that are no models, or no longer: one sentence, soon, whatever is in them. */
import { truncateSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TilewrightError } from "../../src/ir/errors.js";
import { type ModelReport, readModel, type WeightName, WeightReader } from "../../src/models/index.js";
import { PAIRS, SEED } from "../support/effort.js";
import { newFolder } from "../support/folder.js";
import { onnxModel } from "../support/onnxModel.js";
import { integers, tfjsModel } from "../support/tfjsModel.js";
import { fileOf } from "./support.js";

const ONNX = onnxModel({
  inputs: { x: ["batch", 4, 8, 8] },
  initializers: { w: { dims: [4, 4, 3, 3] }, to: { dims: [4], type: "int64", data: [0, 4, 4, -1] } },
  nodes: [
    { op: "Reshape", name: "r", inputs: ["x", "to"], outputs: ["a"] },
    {
      op: "Conv",
      name: "c",
      inputs: ["a", "w"],
      outputs: ["b"],
      attributes: { pads: [1, 1, 1, 1], auto_pad: "NOTSET", alpha: { float: 2 } },
    },
    {
      op: "If",
      inputs: ["q"],
      outputs: ["y"],
      attributes: { then_branch: { graph: { nodes: [{ op: "Relu", inputs: ["b"], outputs: ["i"] }] } } },
    },
  ],
  inside: { b: ["batch", 4, 8, 8] },
  outputs: { y: null },
});
const TFJS = JSON.stringify(
  tfjsModel({
    inputs: { x: [-1, 8, 8, 4] },
    constants: { w: { shape: [3, 3, 4, 5] }, b: integers([2, 2]), p: integers([0, 0, 0, 0], 2) },
    nodes: [
      { name: "s", op: "SpaceToBatchND", inputs: ["x", "b", "p"] },
      {
        name: "c",
        op: "Conv2D",
        inputs: ["s", "w"],
        attributes: { padding: "VALID", strides: { list: [1, 1, 1, 1] } },
      },
      { name: "t", op: "BatchToSpaceND", inputs: ["c", "b", "p"] },
    ],
  }).json,
);

/** The sentence of a refusal; undefined where there is a report. Anything else is thrown on. */
async function sentenceOf(path: string): Promise<string | undefined> {
  try {
    weighed(path, await readModel(path));
    return undefined;
  } catch (error) {
    if (!(error instanceof TilewrightError) || error.code === "internal") throw error;
    expect(error.message).not.toMatch(/\n/);
    expect(error.message.length).toBeLessThan(700);
    expect(error.message).toContain(path);
    return error.message;
  }
}

/** Reads all weights of a report. Each is there or has a sentence. */
function weighed(path: string, { convolutions }: ModelReport): void {
  const reader = new WeightReader(path);
  for (const weight of convolutions.flatMap(({ weights }) => Object.values<WeightName>({ ...weights }))) {
    try {
      expect(reader.bytesOf(weight).length % 4).toBe(0);
    } catch (error) {
      if (!(error instanceof TilewrightError) || error.code === "internal") throw error;
      expect(error.message).not.toMatch(/\n/);
      expect(error.message.length).toBeLessThan(700);
    }
  }
}

describe("a file that is no model", () => {
  const junk = (byte: (i: number) => number): Uint8Array =>
    Uint8Array.from({ length: 10_000_000 }, (_, i) => byte(i) & 255);
  const files: readonly (readonly [string, string, string | Uint8Array, RegExp])[] = [
    ["nothing", "a.onnx", "", /is empty/],
    ["random bytes", "b.onnx", junk((i) => Math.imul(i + 1, 2654435761) >>> 13), /is no ONNX model that can be read/],
    ["zeros", "c.onnx", junk(() => 0), /what begins at byte 0 is no field/],
    ["one letter", "d.onnx", junk(() => 0x61), /is no ONNX model that can be read/],
    ["a number without an end", "e.onnx", junk(() => 0xff), /the number at byte 0 does not end/],
    ["numbers, all alike", "f.onnx", junk((i) => (i % 2 === 0 ? 8 : 7)), /it holds no graph/],
    [
      "a length of 2^60",
      "g.onnx",
      Uint8Array.of(0x3a, 128, 128, 128, 128, 128, 128, 128, 128, 16),
      /runs past the end/,
    ],
    [
      "a negative length",
      "h.onnx",
      Uint8Array.of(0x3a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
      /runs past the end/,
    ],
    ["an image", "i.onnx", "\u0089PNG\r\n\u001a\n", /is no ONNX model/],
    ["JSON without an end", "j.json", `{"a":${"[".repeat(10_000_000)}`, /is no JSON/],
    ["JSON of something else", "k.json", '{"name": "x"}', /is no graph model of TensorFlow.js: at modelTopology/],
    ["no JSON", "l.json", "model", /does not begin with a brace/],
    [
      "a layers model",
      "m.json",
      '{"format":"layers-model","modelTopology":{}}',
      /tensorflowjs_converter --input_format=tfjs_layers_model/,
    ],
    ["nodes that are none", "n.json", '{"modelTopology":{"node":[1]}}', /at modelTopology\.node\.0/],
    [
      "a long text in the wrong place",
      "o.json",
      `{"modelTopology":{"node":"${"x".repeat(10_000_000)}"}}`,
      /at modelTopology\.node/,
    ],
  ];

  it.each(files)("%s", async (_, name, content, expected) => {
    const begin = performance.now();
    expect(await sentenceOf(fileOf(content, name))).toMatch(expected);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });

  it("a folder, and nothing at all", async () => {
    const folder = newFolder();
    expect(await sentenceOf(folder)).toMatch(/is no file; give the path/);
    expect(await sentenceOf(`${folder}/none.onnx`)).toMatch(/^there is no file/);
  });

  it("messages in messages", async () => {
    // A graph in a node's attribute, again and again, from the inside out.
    let bytes: number[] = [];
    const wrap = (tag: number): void => {
      const length: number[] = [];
      for (let left = bytes.length; ; left = Math.floor(left / 128)) {
        length.push((left & 127) + (left > 127 ? 128 : 0));
        if (left < 128) break;
      }
      bytes = [tag, ...length, ...bytes];
    };
    for (let i = 0; i < 500; i++) for (const tag of [0x32, 0x2a, 0x0a]) wrap(tag);
    wrap(0x3a);
    expect(await sentenceOf(fileOf(Uint8Array.from(bytes)))).toMatch(/nested deeper than 64/);
  });
});

it("a weight of gigabytes is not read", async () => {
  const head = onnxModel({ nodes: [] });
  // A field of 4 GiB that nobody knows, in a file that is mostly a hole.
  const path = fileOf(Uint8Array.from([...head, 0x9a, 0x06, 128, 128, 128, 128, 16]), "large.onnx");
  truncateSync(path, head.length + 7 + 2 ** 32);
  const before = process.memoryUsage().rss;
  expect((await readModel(path)).convolutions).toEqual([]);
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
});

it("JSON cannot reach a prototype", async () => {
  const odd = TFJS.replace('"attr":{', '"attr":{"__proto__":{"padding":{"s":"x"}},"constructor":{"i":1},').replace(
    '"modelTopology":',
    '"__proto__":{"polluted":true},"modelTopology":',
  );
  await sentenceOf(fileOf(odd, "proto.json"));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  const named = JSON.stringify(
    tfjsModel({
      nodes: ["__proto__", "constructor", "toString"].map((name) => ({ name, op: name, inputs: ["constructor"] })),
    }).json,
  );
  expect(await sentenceOf(fileOf(named, "named.json"))).toMatch(/needs itself/);
});

describe.each([
  ["onnx", ONNX],
  ["json", new TextEncoder().encode(TFJS)],
] as const)("a damaged .%s", (extension, bytes) => {
  it("is whole to begin with", async () => {
    expect(await sentenceOf(fileOf(bytes, `whole.${extension}`))).toBeUndefined();
  });

  it("is a report or a sentence, wherever it is cut off", async () => {
    let refused = 0;
    for (let length = 0; length < bytes.length; length++) {
      if ((await sentenceOf(fileOf(bytes.slice(0, length), `cut.${extension}`))) !== undefined) refused++;
    }
    expect(refused).toBeGreaterThan(bytes.length / 2);
  });

  it("is a report or a sentence, whatever bytes are changed", async () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = bytes.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        await sentenceOf(fileOf(damaged, `changed.${extension}`));
      }),
      { seed: SEED, numRuns: Math.max(1000, PAIRS) },
    );
    console.log(`1000 damaged .${extension}, seed ${SEED}`);
  });
});
