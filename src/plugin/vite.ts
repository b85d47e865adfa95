/** tilewright/vite: the plugin for Vite. */
import { plugin } from "./index.js";
import type { NamedPlugin, PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

const vite: (options?: PluginOptions) => NamedPlugin[] = plugin.vite;
export default vite;
