/** tilewright/rolldown: the plugin for Rolldown. */
import { plugin } from "./index.js";

export type { PluginOptions } from "./index.js";
export default plugin.rolldown;
