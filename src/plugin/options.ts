/** Types of the plugin: its options, and what it is for a bundler. They name no bundler's types, as nobody has all. */
import type { Config } from "../build/defineConfig.js";

export interface PluginOptions {
  /**
   * The path of a configuration, or its content. Default: tilewright.config.* in the bundler's root folder, if there is
   * one.
   */
  readonly config?: string | Config;
  /** The file to write with the declarations of the modules; false writes none. Default "tilewright.d.ts". */
  readonly dts?: string | false;
}

/** A plugin of Vite, Rollup or Rolldown. */
export interface NamedPlugin {
  readonly name: string;
}

/** A plugin of esbuild. */
export interface EsbuildPlugin extends NamedPlugin {
  setup(build: unknown): void | Promise<void>;
}

/** A plugin of webpack. */
export interface WebpackPlugin {
  apply(compiler: unknown): void;
}
