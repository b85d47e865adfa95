/** tilewright/vite: the plugin for Vite. */
import { plugin } from "./index.js";

export type { PluginOptions } from "./index.js";
export default plugin.vite;
