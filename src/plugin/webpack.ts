/** tilewright/webpack: the plugin for webpack. */
import { plugin } from "./index.js";

export type { PluginOptions } from "./index.js";
export default plugin.webpack;
