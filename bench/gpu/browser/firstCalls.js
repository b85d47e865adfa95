// @ts-check
/** What a visitor waits for: in a fresh browser, from the spec to the first result of one kernel, warmed up before or not. */
import { SHAPES, sizesOf } from "../shapes.js";
import { openBrowser } from "./chromium.js";

/** @typedef {import("./firstCall.js").FirstCall} FirstCall */

const SHAPE = "fcn64_64x32";

/** @param {string | undefined} adapter @param {string} url of the site @returns {Promise<FirstCall[]>} */
export async function measureFirstCalls(adapter, url) {
  const all = [];
  for (const isWarmedUp of [false, true]) {
    const browser = await openBrowser(adapter);
    try {
      const page = await browser.newPage();
      await page.goto(`${url}empty.html`);
      await page.addScriptTag({ url: "/firstCall.js", type: "module" });
      await page.waitForFunction(() => "firstCall" in globalThis);
      all.push(
        await page.evaluate(
          ([spec, first]) => /** @type {any} */ (globalThis).firstCall(spec, first),
          /** @type {const} */ ([SHAPES[SHAPE], isWarmedUp]),
        ),
      );
    } finally {
      await browser.close();
    }
  }
  return all;
}

/** @param {readonly FirstCall[]} calls */
export function printFirstCalls(calls) {
  const spec = /** @type {import("../../peers/problem.js").DenseSpec} */ (SHAPES[SHAPE]);
  const ms = (/** @type {number} */ time) => `${time.toFixed(0)} ms`;
  console.log(`\nIn a fresh browser, ${sizesOf(spec)}`);
  for (const { warmUp, compiled, result } of calls) {
    const before = warmUp === undefined ? "" : `after ${ms(warmUp)} of warmUp: `;
    console.log(`  ${before}compiled in ${ms(compiled)}, first result in ${ms(result)}`);
  }
}
