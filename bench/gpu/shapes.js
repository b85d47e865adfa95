// @ts-check
/** The calls that GPU kernels are judged and measured on: the suite, and one that is large enough for any GPU. */
import { readFileSync } from "node:fs";

/** @typedef {import("../peers/problem.js").DenseSpec} OpSpec */

/** @type {Readonly<Record<string, OpSpec>>} */
export const SHAPES = {
  ...JSON.parse(readFileSync(new URL("../suite.json", import.meta.url), "utf8")),
  large256: {
    op: "atrousConv2dTranspose",
    value: [1, 256, 256, 256],
    filters: [3, 3, 256, 256],
    rate: 1,
    padding: "SAME",
  },
};

/** By name, all where none is named. @param {readonly string[]} names @returns {[name: string, spec: OpSpec][]} */
export function shapesNamed(names) {
  return (names.length > 0 ? names : Object.keys(SHAPES)).map((name) => {
    const spec = SHAPES[name];
    if (!spec) throw new Error(`there is no shape ${name}; there are ${Object.keys(SHAPES).join(", ")}`);
    return [name, spec];
  });
}

/** As in `33x33x256->256 r2`. @param {OpSpec} spec */
export function sizesOf({ value, filters, rate, padding }) {
  const [batch, height, width, inputs] = value;
  const [rows, columns, outputs] = filters;
  const image = `${batch === 1 ? "" : `${batch}x`}${height}x${width}x${inputs}->${outputs}`;
  const taps = rows === 3 && columns === 3 ? "" : ` ${rows}x${columns}`;
  return `${image}${taps} r${rate}${padding === "SAME" ? "" : ` ${padding}`}`;
}
