/** tilewright/rollup: the plugin for Rollup. */
import { plugin } from "./index.js";

export type { PluginOptions } from "./index.js";
export default plugin.rollup;
