// @ts-check
/** The layers of bench/layers.json as specs. One-dimensional ones are rows of height 1. */
import { readFileSync } from "node:fs";
import { layerFlopsOf } from "../peers/layer.js";

/**
 * @typedef {import("../peers/layer.js").LayerSpec} LayerSpec
 * @typedef {import("../peers/problem.js").Shape4} Shape4
 * @typedef {import("../peers/problem.js").Pair} Pair
 *
 * @typedef {object} Layer as its model's code has it
 * @property {string} name
 * @property {string} model
 * @property {string} source where its sizes are from
 * @property {"conv2d" | "conv2dTranspose"} op
 * @property {Shape4} value NHWC
 * @property {Pair} kernel
 * @property {number} channels of the output
 * @property {Pair} strides
 * @property {Pair} dilations
 * @property {number} groups
 * @property {Shape4} pads [top, left, bottom, right]; transposed: what is cropped of the full output
 * @property {Shape4} output NHWC
 * @property {number} mmac millions of products, padding included
 */

/** @type {readonly Layer[]} */
export const LAYERS = JSON.parse(readFileSync(new URL("../layers.json", import.meta.url), "utf8"));

/** @param {Layer} layer @returns {LayerSpec} */
export function specOf({ op, value, kernel, channels, strides, dilations, groups, pads, output }) {
  const [top, left, bottom, right] = pads;
  const inputs = value[3];
  const attributes = {
    value,
    strides,
    dilations,
    groups,
    padding: /** @type {const} */ ([
      [top, bottom],
      [left, right],
    ]),
  };
  return op === "conv2d"
    ? { op, ...attributes, filters: [...kernel, inputs / groups, channels] }
    : { op, ...attributes, filters: [...kernel, channels / groups, inputs], outputShape: output };
}

/** Millions of products. @param {LayerSpec} spec */
export const megaProductsOf = (spec) => layerFlopsOf(spec) / 2e6;
