/** tilewright/esbuild: the plugin for esbuild. */
import { plugin } from "./index.js";
import type { EsbuildPlugin, PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

const esbuild: (options?: PluginOptions) => EsbuildPlugin = plugin.esbuild;
export default esbuild;
