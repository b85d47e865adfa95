// @ts-check
/**
 * `npm run attack -- [--seconds N] [--seed S] [--round R] [PART ...]`: draws hostile and random inputs and holds what is
 * built to an oracle of its own, each part for N seconds, 60 by default. An answer may be right or refused with a typed
 * error. Prints each finding with the command that repeats it, a table at the end, and exits with 1 if there was one.
 */
import { parseArgs } from "node:util";
import { PARTS } from "./attack/parts.js";
import { runPart } from "./attack/run.js";

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string" }, seed: { type: "string" }, round: { type: "string" } },
  allowPositionals: true,
});
const { seed = String(Math.floor(Math.random() * 1e9)), round, seconds = "60" } = values;
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
const strange = names.find((name) => !Object.hasOwn(PARTS, name));
if (strange !== undefined) throw new Error(`no part is called ${strange}; there are ${Object.keys(PARTS).join(", ")}`);
if (!(Number(seconds) > 0)) throw new Error(`--seconds takes a number above 0; got ${seconds}`);
if (round !== undefined && !/^\d+$/.test(round)) throw new Error(`--round takes a number; got ${round}`);

const extent = round === undefined ? { seed, seconds: Number(seconds) } : { seed, first: Number(round), rounds: 1 };
console.log(`seed ${seed}`);

/** @param {import("./attack/tally.js").Finding} finding */
function report({ kind, part, round, why, input }) {
  console.log(
    `${kind} ${part}: ${why}\n  input: ${input}\n  npm run attack -- --seed ${seed} --round ${round} ${part}`,
  );
}

const rows = [["part", "attempts", "right", "refused", "WRONG", "RAW ERRORS", "most memory"]];
let findings = 0;
for (const name of names) {
  const part = /** @type {import("./attack/run.js").Part} */ (PARTS[name]);
  const tally = await runPart(name, part, extent, { report });
  const { attempts, right, refused, wrong, raw, mostMemory } = tally;
  findings += wrong + raw;
  rows.push([name, ...[attempts, right, refused, wrong, raw].map(String), `${Math.round(mostMemory / 2 ** 20)} MiB`]);
}
const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
for (const row of rows) console.log(row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join("  "));
// Threads and timers of attempts may live on.
process.exit(findings > 0 ? 1 : 0);
