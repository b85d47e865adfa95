/** tilewright/esbuild: the plugin for esbuild. */
import { plugin } from "./index.js";

export type { PluginOptions } from "./index.js";
export default plugin.esbuild;
