/** The plugin by the types of bundlers: each takes it for one of its own. `tsc` checks that; the test, that it is one. */
import type { Plugin as EsbuildPlugin } from "esbuild";
import type { RolldownPluginOption } from "rolldown";
import type { InputPluginOption } from "rollup";
import type { PluginOption } from "vite";
import { expect, test } from "vitest";
import type { WebpackPluginInstance } from "webpack";
import esbuild from "../../src/plugin/esbuild.js";
import rolldown from "../../src/plugin/rolldown.js";
import rollup from "../../src/plugin/rollup.js";
import vite from "../../src/plugin/vite.js";
import webpack from "../../src/plugin/webpack.js";

test("bundlers take the plugin for one of theirs", () => {
  const forVite: PluginOption = vite();
  const forRollup: InputPluginOption = rollup();
  const forRolldown: RolldownPluginOption = rolldown({ dts: false });
  const forEsbuild: EsbuildPlugin = esbuild();
  const forWebpack: WebpackPluginInstance = webpack();
  const plugins = [{ name: "tilewright" }, { name: "tilewright:components" }];
  expect([forVite, forRollup, forRolldown]).toMatchObject([plugins, plugins, plugins]);
  expect(forEsbuild.name).toContain("tilewright");
  expect(forEsbuild.setup).toBeTypeOf("function");
  expect(forWebpack.apply).toBeTypeOf("function");
});

test("options that there are not are refused", () => {
  expect(() => vite({ configs: "kernels.ts" } as never)).toThrow('there is no option "configs"; there are config, dts');
  expect(() => esbuild(null as never)).toThrow("options are an object with some of config, dts; got null");
});
