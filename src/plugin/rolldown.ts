/** tilewright/rolldown: the plugin for Rolldown. */
import { plugin } from "./index.js";
import type { NamedPlugin, PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

const rolldown: (options?: PluginOptions) => NamedPlugin[] = plugin.rolldown;
export default rolldown;
