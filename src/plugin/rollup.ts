/** tilewright/rollup: the plugin for Rollup. */
import { plugin } from "./index.js";
import type { NamedPlugin, PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

const rollup: (options?: PluginOptions) => NamedPlugin[] = plugin.rollup;
export default rollup;
