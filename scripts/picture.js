// @ts-check
/**
 * Draws the picture of README.md: the loops of its example, out of the page that `tilewright explain --html` writes.
 * `node scripts/picture.js` after a change of the page or of the kernel; needs dist and Chromium.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PNG } from "pngjs";
import { openBrowser } from "../bench/gpu/browser/chromium.js";

const SPEC = { op: "atrousConv2dTranspose", value: [1, 33, 33, 64], filters: [3, 3, 32, 64], rate: 2, padding: "SAME" };
/** One engine, whichever draws. */
const ENGINE = ["--simd", "relaxed", "--loads", "in-order"];

const folder = mkdtempSync(join(tmpdir(), "tilewright-picture-"));
const page = join(folder, "page.html");
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const args = [main, "explain", JSON.stringify(SPEC), ...ENGINE, "--html", page];
const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
if (status !== 0) throw new Error(stderr);

const browser = await openBrowser(undefined);
const tab = await browser.newPage({ viewport: { width: 760, height: 1000 }, colorScheme: "light" });
await tab.goto(pathToFileURL(page).href);
const picture = PNG.sync.read(await tab.locator(".nest").first().screenshot());
await browser.close();
rmSync(folder, { recursive: true });

// Fewer shades of the same colours make half the file.
picture.data.forEach((value, i) => {
  picture.data[i] = Math.min(255, 8 * Math.round(value / 8));
});
const bytes = PNG.sync.write(picture, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });
writeFileSync(new URL("../docs/explain.png", import.meta.url), bytes);
console.log(`docs/explain.png: ${picture.width} x ${picture.height}, ${bytes.length} bytes`);
