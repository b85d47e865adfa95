// @ts-check
/** This project with `accuracy: "fast"`, which allows Winograd's algorithm. */
import { loadWith } from "./tilewright.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export const load = (setting) => loadWith({ accuracy: "fast" }, setting);
