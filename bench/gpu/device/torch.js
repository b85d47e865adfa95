// @ts-check
/** cuDNN's figures for the same shapes, by PyTorch in another process. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { flopsOf, problemOf } from "../../peers/problem.js";

/**
 * @typedef {{ device: string, version: string, rows: { shape: string, fp32: number, tf32: number, flops: number }[] }} Cudnn
 *   milliseconds
 */

/** The times, or why there are none. @param {readonly [string, import("../../peers/problem.js").DenseSpec][]} shapes @returns {Cudnn | string} */
export function cudnnTimes(shapes) {
  const problems = shapes.map(([shape, spec]) => {
    const { y, x } = problemOf(spec);
    const pads = [y, x].map(({ convolution }) => convolution);
    return { shape, value: spec.value, filters: spec.filters, rate: spec.rate, pads };
  });
  const script = fileURLToPath(new URL("torchConv.py", import.meta.url));
  const { stdout, stderr, error, status } = spawnSync("python3", [script], {
    input: JSON.stringify(problems),
    encoding: "utf8",
  });
  if (error) return "there is no python3";
  if (status !== 0) return stderr.trim().split("\n").at(-1) ?? "python3 failed";
  /** @type {Cudnn} */
  const times = JSON.parse(stdout);
  const specs = Object.fromEntries(shapes);
  const flops = (/** @type {string} */ shape) =>
    flopsOf(/** @type {import("../../peers/problem.js").DenseSpec} */ (specs[shape]));
  return { ...times, rows: times.rows.map((row) => ({ ...row, flops: flops(row.shape) })) };
}
