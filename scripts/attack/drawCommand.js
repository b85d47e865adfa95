// @ts-check
/** Random command lines of `tilewright`, with files that are broken or hostile. */
import { onnxModel, tfjsModel, tfjsWeights, WEIGHTS } from "./models.js";
import { mutatedBytes, mutatedText } from "./mutate.js";
import { recordLine } from "./recordLine.js";

/** @typedef {import("./random.js").Random} Random */
/** @typedef {{ args: string[], files?: Record<string, string | Uint8Array>, input?: string }} Command */

const SPEC = { op: "atrousConv2dTranspose", value: [1, 4, 5, 2], filters: [3, 3, 3, 2], rate: 1, padding: "SAME" };
const FORMULA = { formula: "output[n] = sum(k: x[n, k] * w[k])", tensors: { x: [4, 3], w: [3] }, weights: ["w"] };
const CONFIG = {
  kernels: { a: SPEC, b: { ...FORMULA, targets: ["js"] } },
  targets: ["js", "wasm"],
  out: "made",
  models: ["model.onnx"],
};
const RECORDING = {
  format: "tilewright-shapes",
  version: 1,
  kernels: [{ spec: SPEC, accuracy: "exact", algorithm: "auto", calls: 3 }],
};
const WORDS = [
  ...["init", "build", "extract", "tune", "records", "report", "explain", "list", "verify", "merge", "prune", "--help"],
  ...["--json", "--all", "--check", "--level", "estimate", "--stage", "work", "--target", "js", "--threads", "3", "-1"],
  ...[
    "--dim",
    "batch=1",
    "--out",
    "--",
    "-",
    "--version",
    "--budget",
    "0",
    "--only=a",
    "--no-json",
    "--schedule",
    "{}",
  ],
  ...[
    JSON.stringify(SPEC),
    "model.onnx",
    "nothing",
    "",
    "\u001b[31m",
    "--__proto__",
    "--constructor=1",
    "x".repeat(50_000),
  ],
];

/** @type {readonly ((random: Random) => Command | Promise<Command>)[]} */
const COMMANDS = [
  onnx,
  onnx,
  tfjs,
  tfjs,
  configuration,
  configuration,
  records,
  recording,
  explained,
  explained,
  words,
  words,
];

/** @param {Random} random */
export const drawCommand = (random) => random.pick(COMMANDS)(random);

/** @param {Random} random */
const times = (random) => random.pick([0, 1, 1, 2, 3, 8]);

/** Text of JSON, of which a value somewhere may be another one, or that is broken. @param {Random} random @param {unknown} json */
function brokenJson(random, json) {
  const text = JSON.stringify(json, (_, value) => (random.once(25) ? strange(random) : value));
  const whole = text ?? "null";
  if (random.once(15)) return `${"[".repeat(random.pick([100, 60_000]))}${whole}`;
  if (random.once(25)) return `{"a":"${"x".repeat(20_000_000)}"}`;
  return random.once(2) ? whole : mutatedText(random, whole, times(random));
}

/** @param {Random} random */
const strange = (random) =>
  random.pick([
    null,
    -1,
    0,
    1e308,
    2 ** 53,
    1_000_000_000,
    "",
    "../../../x",
    "__proto__",
    [],
    {},
    [[]],
    true,
    "x".repeat(10_000),
  ]);

/** @param {Random} random @returns {Command} */
function onnx(random) {
  const model = mutatedBytes(random, onnxModel(), times(random));
  return { args: ["extract", "model.onnx", ...dims(random)], files: { "model.onnx": model } };
}

/** @param {Random} random */
const dims = (random) => [
  ...(random.once(2) ? ["--dim", random.pick(["batch=1", "batch=1000000000", "batch=0", "x.0=1"])] : []),
  ...(random.once(4) ? ["--json"] : []),
  ...(random.once(4) ? ["--write"] : []),
];

/** @param {Random} random @returns {Command} */
function tfjs(random) {
  const weights = mutatedBytes(random, tfjsWeights(), random.int(0, 1));
  const files = { "model.json": brokenJson(random, tfjsModel()), ...(random.once(4) ? {} : { [WEIGHTS]: weights }) };
  return { args: ["extract", "model.json", ...dims(random)], files };
}

/** @param {Random} random @returns {Command} */
function configuration(random) {
  const files = {
    "tilewright.config.json": brokenJson(random, { ...CONFIG, recorded: ["shapes.json"] }),
    "model.onnx": mutatedBytes(random, onnxModel(), random.int(0, 1)),
    "shapes.json": JSON.stringify(RECORDING),
  };
  // Where the files go is said in the file: nothing is written.
  return { args: ["build", "--check", ...(random.once(3) ? ["--json"] : [])], files };
}

/** @param {Random} random @returns {Promise<Command>} */
async function records(random) {
  const line = await recordLine(SPEC);
  const broken = () =>
    random.once(2) ? brokenJson(random, JSON.parse(line)) : mutatedText(random, line, times(random));
  const files = { "a.jsonl": `${line}${broken()}\n${line}`, "b.jsonl": random.once(3) ? "" : broken() };
  const actions = [
    ["list", "a.jsonl", "b.jsonl"],
    ["verify", "b.jsonl"],
    ["merge", "a.jsonl", "b.jsonl", "--out", "c.jsonl"],
    ["prune", "a.jsonl", "--keep", random.pick(["1", "0", "x"])],
    ["explain", JSON.stringify(SPEC), "--records", "a.jsonl"],
  ];
  return {
    args: random.once(4) ? ["report", "--records", "b.jsonl", "--json"] : ["records", ...random.pick(actions)],
    files,
  };
}

/** @param {Random} random @returns {Command} */
function recording(random) {
  return {
    args: ["tune", "shapes.json", "--level", "estimate"],
    files: { "shapes.json": brokenJson(random, RECORDING) },
  };
}

/** @param {Random} random @returns {Command} */
function explained(random) {
  const text = brokenJson(random, random.pick([SPEC, FORMULA]));
  const schedule = { conv: [{ do: "split", axis: "ox", by: 2, into: ["a", "b"], tail: "guard" }] };
  const more = [
    ...(random.once(3) ? ["--target", random.pick(["js", "webgpu", "wasm", "plain"])] : []),
    ...(random.once(3)
      ? ["--schedule", mutatedText(random, JSON.stringify(schedule), times(random)).replaceAll("\0", "")]
      : []),
    ...(random.once(3) ? [random.pick(["--all", "--json", "--stage=code", "--stage=memory", "--accuracy=fast"])] : []),
  ];
  if (random.once(3)) return { args: ["explain", "spec.json", ...more], files: { "spec.json": text } };
  return { args: ["explain", "-", ...more], input: text };
}

/** @param {Random} random @returns {Command} */
function words(random) {
  const args = random.list(random.int(0, 6), () => random.pick(WORDS));
  // What is written and measured takes its time, and is right to.
  const isLong = args.includes("tune") && !args.includes("estimate");
  return { args: isLong ? args.filter((arg) => arg !== "tune") : args, files: { "model.onnx": onnxModel() } };
}
