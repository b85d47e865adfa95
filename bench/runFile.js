// @ts-check
/** The file of one run of the suite: what it holds, and how it is read from people who may have written anything into it. */
import { readFileSync, statSync } from "node:fs";
import * as v from "valibot";
import writeFileAtomic from "write-file-atomic";

/**
 * @typedef {v.InferOutput<typeof RUN>} Run
 * @typedef {Run["rows"][number]} RunRow
 * @typedef {Run["settings"]} Settings
 */

/** Real files have some 100 kB. */
const MAX_BYTES = 2 ** 24;

/** Names are printed: control characters would reach the terminal. */
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.regex(/^\P{C}*$/u, "control characters in a text"));

/** @param {number} low @param {number} high */
const number = (low, high) => v.pipe(v.number(), v.minValue(low), v.maxValue(high));
/** @param {number} low @param {number} high */
const integer = (low, high) => v.pipe(number(low, high), v.integer());
/** @template {v.GenericSchema} T @param {T} item @param {number} most */
const list = (item, most) => v.pipe(v.array(item), v.minLength(1), v.maxLength(most));

const milliseconds = number(1e-9, 1e7);
const gflops = number(1e-6, 1e7);
const spread = number(0, 1e6);
const size = integer(0, 2 ** 31 - 1);
const duration = integer(1, 10_000);
const shape4 = v.strictTuple([size, size, size, size]);

const MAX_ROUNDS = 100;
const MAX_PASSES = 20;
const MAX_NAMES = 1000;

/** By pass through the suite, then by round, in which all have a turn. @template {v.GenericSchema} T @param {T} item */
const inRounds = (item) => list(list(item, MAX_ROUNDS), MAX_PASSES);

const SETTINGS = v.strictObject({
  shapes: list(text, MAX_NAMES),
  contestants: list(text, MAX_NAMES),
  effort: v.strictObject({
    passes: integer(1, MAX_PASSES),
    rounds: integer(1, MAX_ROUNDS),
    roundMs: duration,
    warmUpMs: duration,
    peakMs: duration,
    behind: number(1, 1000),
    enough: v.optional(v.strictObject({ rounds: integer(1, MAX_ROUNDS), ms: duration })),
  }),
});

const PEAK = v.strictObject({
  name: text,
  tile: text,
  gflops,
  shapes: list(v.strictObject({ shape: text, roundGflops: inRounds(gflops) }), MAX_NAMES),
});

const ROW = v.strictObject({
  shape: text,
  spec: v.strictObject({
    op: v.picklist(["atrousConv2dTranspose", "conv2d"]),
    value: shape4,
    filters: shape4,
    rate: size,
    padding: v.picklist(["SAME", "VALID"]),
  }),
  contestant: text,
  variant: text,
  ms: milliseconds,
  spread,
  roundMs: inRounds(milliseconds),
});

const RUN = v.pipe(
  v.strictObject({
    format: v.literal("tilewright-bench"),
    version: v.literal(1),
    date: v.pipe(v.string(), v.isoTimestamp()),
    node: text,
    v8: text,
    machine: text,
    settings: SETTINGS,
    peaks: list(PEAK, 20),
    bandwidth: v.strictObject({ gigabytesPerSecond: number(1e-6, 1e7), spread }),
    versions: v.pipe(v.array(v.strictObject({ contestant: text, version: text })), v.maxLength(MAX_NAMES)),
    rows: list(ROW, 10_000),
  }),
  v.check(({ rows }) => new Set(rows.map(keyOf)).size === rows.length, "a contestant has two rows for one shape"),
  v.check(
    ({ peaks, rows }) =>
      peaks.every(({ shapes }) => {
        const rounds = new Map(shapes.map(({ shape, roundGflops }) => [shape, roundGflops.map((pass) => pass.length)]));
        return rows.every(({ shape, roundMs }) =>
          roundMs.every((pass, i) => pass.length <= (rounds.get(shape)?.[i] ?? 0)),
        );
      }),
    "a row has a round without a peak",
  ),
);

/** Of a row in its run. @param {{ shape: string, contestant: string }} row */
export const keyOf = ({ shape, contestant }) => JSON.stringify([shape, contestant]);

/** @param {string} file @param {Run} run */
export async function writeRun(file, run) {
  await writeFileAtomic(file, `${JSON.stringify(v.parse(RUN, run), null, 1)}\n`);
}

/** Throws an error whose message names the file, the rule and the remedy. @param {string} file @returns {Run} */
export function readRun(file) {
  try {
    return parseRun(textOf(file));
  } catch (error) {
    const rule = printable(/** @type {Error} */ (error).message);
    throw new Error(`${file} is no result of npm run bench: ${rule}; measure again with npm run bench -- --json FILE`);
  }
}

/** @param {string} json @returns {Run} */
export function parseRun(json) {
  const read = v.safeParse(RUN, jsonOf(json));
  if (read.success) return read.output;
  const path = v.getDotPath(read.issues[0]);
  throw new Error(`${path === null ? "" : `${path}: `}${read.issues[0].message}`);
}

/** @param {string} file */
function textOf(file) {
  const stat = statSync(file);
  if (!stat.isFile()) throw new Error("it is no file");
  if (stat.size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
  return readFileSync(file, "utf8");
}

/** @param {string} json @returns {unknown} */
function jsonOf(json) {
  try {
    return JSON.parse(json, refuseProto);
  } catch (error) {
    if (error instanceof RangeError) throw new Error("it is nested too deeply");
    if (error instanceof SyntaxError) throw new Error(`it is not JSON (${error.message})`);
    throw error;
  }
}

/** Parsers make it an ordinary key, and the next copy of the object a prototype. @param {string} key @param {unknown} value */
function refuseProto(key, value) {
  if (key === "__proto__") throw new Error("it has a key __proto__");
  return value;
}

/** Messages quote what they refuse. @param {string} message */
const printable = (message) => message.replace(/\p{C}+/gu, " ").slice(0, 200);
