/** The plugin by the types of bundlers: each takes it for one of its own. `tsc` checks that; the test, that it is one. */
import type { Plugin as EsbuildPlugin } from "esbuild";
import type { Plugin as RolldownPlugin } from "rolldown";
import type { Plugin as RollupPlugin } from "rollup";
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
  const forRollup: RollupPlugin = rollup();
  const forRolldown: RolldownPlugin = rolldown({ dts: false });
  const forEsbuild: EsbuildPlugin = esbuild();
  const forWebpack: WebpackPluginInstance = webpack();
  const named = { name: "tilewright" };
  expect([forVite, forRollup, forRolldown, forEsbuild]).toMatchObject([named, named, named, named]);
  expect(forEsbuild.setup).toBeTypeOf("function");
  expect(forWebpack.apply).toBeTypeOf("function");
});
