/** tilewright/webpack: the plugin for webpack. */
import { plugin } from "./index.js";
import type { PluginOptions, WebpackPlugin } from "./options.js";

export type { PluginOptions } from "./options.js";

const webpack: (options?: PluginOptions) => WebpackPlugin = plugin.webpack;
export default webpack;
