// @ts-check
/** This project in JavaScript, for pages that allow no WebAssembly. */
import { loadWith } from "./tilewright.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export const load = (setting) => loadWith({ target: "js" }, setting);
