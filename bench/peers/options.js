// @ts-check
/** What `npm run bench -- peers` is told on its command line. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CONTESTANTS } from "./contestants/index.js";

/** @type {Record<string, import("./problem.js").DenseSpec>} */
export const SUITE = JSON.parse(readFileSync(new URL("../suite.json", import.meta.url), "utf8"));

/** Some of each kind: wide, VALID, tiny, uneven pads. */
export const QUICK_SHAPES = ["fcn64_64x32", "valid56_r4", "tiny8_8", "odd_2x4_r3s"];

export const HELP = `npm run bench -- peers [options]: tilewright beside the other ways to run the op from JavaScript.
Takes some ten minutes, twice that with --revectorize.

  --threads 1,2       one thread, two, or each in turn (the default)
  --shapes a,b        of bench/suite.json; all by default
  --peers a,b         of ${Object.keys(CONTESTANTS).join(", ")}; all but tilewright-js by default
  --revectorize       more tables: V8's revectorizer on for everyone (256 bits in place of 128)
  --quick             little time for each and few shapes, to see whether all works
  --json FILE         everything measured, for other programs
  --help

For example: npm run bench -- peers --threads 1 --shapes aspp33_r2,tiny8_8 --peers tilewright,litert --json out.json`;

/**
 * @typedef {object} Effort how long each is measured on a shape
 * @property {number} rounds how often they take turns
 * @property {number} roundMs for a turn
 * @property {number} warmUpMs
 * @property {number} peakMs for the peaks, in all rounds together
 * @property {number} behind a formulation so many times as slow as another one of the same library takes no more turns
 * @property {{ rounds: number, ms: number } | undefined} [enough] who has had so many and was measured for so long takes no
 *   more turns: a call of one can take a thousand times as long as that of another
 * @property {{ ms: number, times: number } | undefined} [hopeless] a formulation is left out if a call takes longer than that,
 *   and so many times as long as that of another one of the same library
 */
/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {string | undefined} [json] a file
 * @property {boolean} revectorize
 * @property {number[]} threads
 * @property {import("./compare.js").Shape[]} shapes
 * @property {string[]} peers
 * @property {Effort} effort
 */

const EFFORTS = {
  usual: { rounds: 9, roundMs: 60, warmUpMs: 400, peakMs: 200, behind: 2 },
  quick: { rounds: 3, roundMs: 20, warmUpMs: 100, peakMs: 100, behind: 2 },
};

/** JavaScript is no match for anybody's WebAssembly: it takes part if it is asked to. */
export const USUAL_PEERS = Object.keys(CONTESTANTS).filter((peer) => CONTESTANTS[peer]?.kind !== "js");

/** @param {readonly string[]} args @returns {Options} */
export function readOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      threads: { type: "string", default: "1,2" },
      shapes: { type: "string" },
      peers: { type: "string", default: USUAL_PEERS.join() },
      revectorize: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const shapes = values.shapes?.split(",") ?? (values.quick ? QUICK_SHAPES : Object.keys(SUITE));
  if (values.json !== undefined) checkWritable(values.json);
  return {
    ...values,
    threads: known("--threads", values.threads.split(","), ["1", "2"]).map(Number),
    shapes: known("--shapes", shapes, Object.keys(SUITE)).map((name) => ({ name, spec: specOf(name) })),
    peers: known("--peers", values.peers.split(","), Object.keys(CONTESTANTS)),
    effort: values.quick ? EFFORTS.quick : EFFORTS.usual,
  };
}

/** Found out now, and not after minutes of measuring. @param {string} file */
export const checkWritable = (file) => writeFileSync(file, "");

/** @param {string} name */
const specOf = (name) => /** @type {import("./problem.js").DenseSpec} */ (SUITE[name]);

/** @param {string} option @param {string[]} names @param {string[]} all */
export function known(option, names, all) {
  const stranger = names.find((name) => !all.includes(name));
  if (stranger !== undefined) throw new Error(`${option} knows ${all.join(", ")}; got "${stranger}"`);
  return names;
}
