// @ts-check
/**
 * GPU kernels on this machine's GPU, without a browser: `node bench/gpu/device.js [shape ...] [--small] [--json FILE]`, after
 * `npm run build`. Prints what the GPU's registers and memory give, then kernels beside that, beside the peers where
 * `npm ci --prefix bench/peers` has been run, and beside cuDNN where python3 has PyTorch with CUDA. `--small` sees on any
 * device, such as a GPU in software (VK_DRIVER_FILES), whether all works.
 *
 * A machine without network or Node: `node bench/gpu/device/pack.js FOLDER [--peers]` puts all that is needed into a folder;
 * there, `FOLDER/node FOLDER/bench/gpu/device.js`. It needs a Vulkan driver and its loader, libvulkan.so.1.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compete } from "./contest/compete.js";
import { Contest } from "./contest/contest.js";
import { tilewright } from "./contest/contestants/tilewright.js";
import { printStandings } from "./contest/report.js";
import { installDawn } from "./device/dawn.js";
import { loadPeers } from "./device/libraries.js";
import { roofline } from "./device/roofline.js";
import { cudnnTimes } from "./device/torch.js";
import { shapesNamed, sizesOf } from "./shapes.js";

const USUAL_SHAPES = ["aspp33_r2", "fcn64_64x32", "large256", "fcn256_16x3", "logits128_21", "head65_21"];
const SMALL_SHAPES = ["tiny8_8", "odd_2x4_r3s"];
const EFFORTS = { usual: { rounds: 15, turnMs: 100 }, small: { rounds: 3, turnMs: 20 } };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: "boolean", default: false }, json: { type: "string" } },
});
const shapes = shapesNamed(positionals.length > 0 ? positionals : values.small ? SMALL_SHAPES : USUAL_SHAPES);

installDawn();
const contest = new Contest();
const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
if (!adapter) {
  console.error("Dawn finds no Vulkan device; VK_DRIVER_FILES may name its driver.");
  process.exit(1);
}
const { vendor, architecture, description } = adapter.info;
console.log(`Node ${process.version}, ${[vendor, architecture, description].filter(Boolean).join(", ")}`);

const { flops: peak, bandwidth } = await roofline(adapter, values.small);
console.log(`fused multiply-add in registers: ${(peak / 1e12).toPrecision(4)} TFLOP/s`);
console.log(`copying: ${(bandwidth / 1e9).toPrecision(4)} GB/s read and written`);

const { peers, troubles } = await loadPeers();
for (const trouble of troubles) console.log(trouble);
contest.enter({ tilewright, ...peers });
const results = [];
for (const [shape, spec] of shapes) {
  const entrants = await contest.open(spec);
  const names = entrants.filter(({ trouble }) => trouble === undefined).map(({ name }) => name);
  const effort = values.small ? EFFORTS.small : EFFORTS.usual;
  const standings = await compete(names, (name, count) => contest.turn(name, count), effort);
  await contest.close();
  printStandings(shape, spec, standings, entrants, peak);
  results.push({ shape, entrants, standings });
}

const cudnn = cudnnTimes(shapes);
if (typeof cudnn === "string") console.log(`\nNo cuDNN: ${cudnn}`);
else {
  console.log(
    `\n${cudnn.device}, PyTorch ${cudnn.version}: milliseconds a call, the better of conv2d and conv_transpose2d`,
  );
  for (const { shape, fp32, tf32, flops } of cudnn.rows) {
    const speed = (/** @type {number} */ ms) => `${ms.toPrecision(3)} ms, ${(flops / ms / 1e9).toPrecision(3)} TFLOP/s`;
    const sizes = sizesOf(/** @type {import("../peers/problem.js").DenseSpec} */ (Object.fromEntries(shapes)[shape]));
    console.log(`  ${shape}, ${sizes}: fp32 ${speed(fp32)}; tf32 ${speed(tf32)}`);
  }
}
if (values.json !== undefined) {
  const facts = { date: new Date().toISOString(), adapter: { vendor, architecture, description }, peak, bandwidth };
  writeFileSync(values.json, `${JSON.stringify({ ...facts, results, cudnn }, null, 2)}\n`);
}
process.exit(); // Dawn and the libraries keep threads
