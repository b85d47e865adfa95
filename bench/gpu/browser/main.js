// @ts-check
/**
 * GPU kernels beside TensorFlow.js and ONNX Runtime Web, in one page of Chromium, on the same adapter and data:
 * `npm run bench -- webgpu`, with `--help` for its options.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { messageOf } from "../../peers/process.js";
import { compete } from "../contest/compete.js";
import { printStandings } from "../contest/report.js";
import { SHAPES, shapesNamed } from "../shapes.js";
import { gpuProcessClock, openBrowser } from "./chromium.js";
import { measureFirstCalls, printFirstCalls } from "./firstCalls.js";
import { hasPeers, openSite } from "./site.js";

const HELP = `npm run bench -- webgpu [shape ...] [options]: GPU kernels beside the other libraries on WebGPU, in Chromium.
Shapes are ${Object.keys(SHAPES).join(", ")}; some large and thin ones by default.

  --adapter NAME   such as swiftshader, a GPU in software; the machine's own by default
  --json FILE      everything measured, for other programs
  --help`;

/** Large ones and thin ones. */
const USUAL_SHAPES = ["aspp33_r2", "fcn64_64x32", "fcn256_16x3", "logits128_21", "head65_21"];
/** Some minutes a call on a GPU in software. */
const LARGE_SHAPE = "large256";

const SOFTWARE = /swiftshader|llvmpipe|lavapipe/i;
const EFFORTS = { software: { rounds: 5, turnMs: 400 }, hardware: { rounds: 15, turnMs: 60 } };

/** @typedef {typeof globalThis & { calls: import("./page.js").PageCalls }} Page */

/** Undefined if there is nothing to measure: help was asked for, or is needed. */
function optionsOrHelp() {
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(3),
      allowPositionals: true,
      options: { adapter: { type: "string" }, json: { type: "string" }, help: { type: "boolean", default: false } },
    });
    if (!values.help) return { ...values, shapes: positionals.length > 0 ? shapesNamed(positionals) : undefined };
    console.log(HELP);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${HELP}`);
    process.exitCode = 1;
  }
  return undefined;
}

export async function run() {
  const options = optionsOrHelp();
  if (!options) return;
  const peers = hasPeers();
  if (!peers) console.log("The peers are not installed, and left out; `npm ci --prefix bench/peers` installs them.");
  const site = await openSite(peers);
  try {
    const comparison = await compare(site, options, peers);
    const firstCalls = await measureFirstCalls(options.adapter, site.url);
    printFirstCalls(firstCalls);
    if (options.json !== undefined) {
      const facts = { date: new Date().toISOString(), ...comparison, firstCalls };
      writeFileSync(options.json, `${JSON.stringify(facts, null, 2)}\n`);
    }
  } finally {
    await site.close();
  }
}

/**
 * @param {Awaited<ReturnType<typeof openSite>>} site @param {NonNullable<ReturnType<typeof optionsOrHelp>>} options
 * @param {boolean} peers whether they take part
 */
async function compare(site, { adapter: wanted, shapes: named }, peers) {
  const browser = await openBrowser(wanted);
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}empty.html`);
    await page.addScriptTag({ url: "/page.js", type: "module" });
    await page.waitForFunction(() => "calls" in globalThis);
    const adapter = await page.evaluate((all) => /** @type {Page} */ (globalThis).calls.start(all), peers);
    const facts = Object.values(adapter).filter(Boolean).join(", ");
    console.log(`Chromium ${browser.version()}, ${facts}`);
    const isSoftware = SOFTWARE.test(facts);
    const clock = isSoftware ? await gpuProcessClock(browser) : undefined;
    const results = [];
    for (const [shape, spec] of named ?? shapesNamed([...USUAL_SHAPES, ...(isSoftware ? [] : [LARGE_SHAPE])])) {
      if (peers) site.addModels(shape, spec);
      const entrants = await page.evaluate(
        ([name, of]) => /** @type {Page} */ (globalThis).calls.open(name, of),
        /** @type {const} */ ([shape, spec]),
      );
      const names = entrants.filter(({ trouble }) => trouble === undefined).map(({ name }) => name);
      const effort = isSoftware ? EFFORTS.software : EFFORTS.hardware;
      const standings = await compete(names, turnOf(page, clock), effort);
      await page.evaluate(() => /** @type {Page} */ (globalThis).calls.close());
      printStandings(shape, spec, standings, entrants);
      results.push({ shape, entrants, standings });
    }
    return { chromium: browser.version(), adapter, results };
  } finally {
    await browser.close();
  }
}

/**
 * Turns of a contestant in the page; `clock` tells what the processor does for the GPU.
 * @param {import("playwright-core").Page} page @param {(() => number | undefined) | undefined} clock
 */
const turnOf = (page, clock) => async (/** @type {string} */ name, /** @type {number} */ count) => {
  const begin = clock?.();
  const times = await page.evaluate(
    ([of, calls]) => /** @type {Page} */ (globalThis).calls.turn(of, calls),
    /** @type {const} */ ([name, count]),
  );
  const end = clock?.();
  return { ...times, cpu: begin === undefined || end === undefined ? undefined : (end - begin) / count };
};
