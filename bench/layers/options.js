// @ts-check
/** What `npm run bench -- layers` is told on its command line. */
import { parseArgs } from "node:util";
import { CONTESTANTS } from "../peers/contestants/index.js";
import { checkWritable, known, USUAL_PEERS } from "../peers/options.js";
import { LAYERS, megaProductsOf, specOf } from "./layers.js";

/** Some of each kind that take little time: strided, depthwise, 1-D, transposed, transposed in groups. */
const QUICK_LAYERS = ["mediapipe_selfie_s__dw5x5", "tcn__", "mimi_decoder_one_8__up_1024", "gtcrn", "depth_anything"];

export const HELP = `npm run bench -- layers [options]: the layers of models that people ship, tilewright beside the other libraries.
Takes half an hour or more, most of it for a few large layers; with --below 1000, some eight minutes for 51 of 69.

  --layers a,b        of bench/layers.json, by their names or parts of them; all by default
  --below MMAC        only layers of fewer million products
  --peers a,b         of ${Object.keys(CONTESTANTS).join(", ")}; all but tilewright-js by default
  --threads 1,2       one thread (the default), two, or each in turn
  --quick             little time for each and few layers, to see whether all works
  --json FILE         everything measured, for other programs
  --help

For example: npm run bench -- layers --below 500 --layers hifi_gan,spleeter --peers tilewright,litert --json out.json`;

const HOPELESS = { ms: 200, times: 4 };
/** @type {Record<"usual" | "quick", import("../peers/options.js").Effort>} */
const EFFORTS = {
  usual: {
    rounds: 5,
    roundMs: 40,
    warmUpMs: 200,
    peakMs: 100,
    behind: 1.5,
    enough: { rounds: 2, ms: 500 },
    hopeless: HOPELESS,
  },
  quick: {
    rounds: 3,
    roundMs: 20,
    warmUpMs: 100,
    peakMs: 60,
    behind: 1.5,
    enough: { rounds: 1, ms: 300 },
    hopeless: HOPELESS,
  },
};

/** @param {readonly string[]} args @returns {import("../peers/options.js").Options} */
export function readOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      layers: { type: "string" },
      below: { type: "string" },
      peers: { type: "string", default: USUAL_PEERS.join() },
      threads: { type: "string", default: "1" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const parts = values.layers?.split(",") ?? (values.quick ? QUICK_LAYERS : []);
  const shapes = shapesOf(parts, mostOf(values.below));
  const options = {
    ...values,
    revectorize: false,
    threads: known("--threads", values.threads.split(","), ["1", "2"]).map(Number),
    peers: known("--peers", values.peers.split(","), Object.keys(CONTESTANTS)),
    shapes,
    effort: values.quick ? EFFORTS.quick : EFFORTS.usual,
  };
  if (values.json !== undefined) checkWritable(values.json);
  return options;
}

/** In the order of the file. @param {readonly string[]} parts of names; none are all @param {number} most million products */
function shapesOf(parts, most) {
  const stranger = parts.find((part) => part === "" || !LAYERS.some(({ name }) => name.includes(part)));
  if (stranger !== undefined) {
    throw new Error(`--layers knows the names of bench/layers.json and parts of them; got "${stranger}"`);
  }
  const all = LAYERS.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part))).map(
    (layer) => ({ name: layer.name, spec: specOf(layer) }),
  );
  const shapes = all.filter(({ spec }) => megaProductsOf(spec) < most);
  if (shapes.length === 0) {
    const least = Math.min(...all.map(({ spec }) => megaProductsOf(spec)));
    throw new Error(`--below ${most} leaves no layer; the smallest of them has ${least.toPrecision(7)}`);
  }
  return shapes;
}

/** @param {string | undefined} below */
function mostOf(below) {
  if (below === undefined) return Number.POSITIVE_INFINITY;
  const most = Number(below);
  if (!(below.trim() !== "" && most > 0)) throw new Error(`--below wants a number above 0; got "${below}"`);
  return most;
}
