// @ts-check
/** A WebAssembly kernel with something in its memory, ready to be called. */
import { compile } from "tilewright";

/** @param {import("tilewright").OpSpec} spec @param {import("tilewright").CompileOptions} options */
export async function setUp(spec, options) {
  const count = (/** @type {readonly number[]} */ sizes) => sizes.reduce((a, b) => a * b, 1);
  const kernel = await compile(spec, { target: "wasm", ...options });
  kernel.value.forEach((_, i, value) => {
    value[i] = Math.sin(i);
  });
  const weights = kernel.prepare(Float32Array.from({ length: count(spec.filters) }, (_, i) => Math.cos(i) / 16));
  return { kernel, weights, flops: 2 * count(spec.value.slice(0, 3)) * count(spec.filters) };
}
