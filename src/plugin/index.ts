/** The plugin for bundlers. Kernels of a configuration and kernels that sources define become modules of the bundle. */
import { relative, resolve } from "node:path";
import { createUnplugin } from "unplugin";
import type { Config } from "../build/defineConfig.js";
import { isOurs, pathOf, RUNTIME, resolveId } from "./ids.js";
import { Kernels } from "./kernels.js";
import { replace } from "./replace.js";

export interface PluginOptions {
  /**
   * The path of a configuration, or its content. Default: tilewright.config.* in the bundler's root folder, if there is
   * one.
   */
  readonly config?: string | Config;
  /** The file to write with the declarations of the modules; false writes none. Default "tilewright.d.ts". */
  readonly dts?: string | false;
}

const SOURCES = /\.[mc]?[jt]sx?(\?.*)?$/;

/** The name by which kernels import this package. */
const RUNTIME_ID = "tilewright/runtime";

export const plugin = createUnplugin<PluginOptions | undefined>((options = {}, { framework }) => {
  const { config, dts = "tilewright.d.ts" } = options;
  let root = process.cwd();
  let kernels: Kernels | undefined;
  /** Undefined before the first use, and again after a change of the configuration. */
  let loading: Promise<Kernels> | undefined;
  const load = (): Promise<Kernels> => {
    loading ??= Kernels.load(root, config, kernels).then(async (loaded) => {
      kernels = loaded;
      if (dts !== false) await loaded.writeTypes(resolve(root, dts));
      return loaded;
    });
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  return {
    name: "tilewright",
    enforce: "pre",
    async buildStart() {
      loading = undefined;
      const { sources } = await load();
      // esbuild accepts files to watch only together with a module.
      if (framework !== "esbuild") for (const source of sources) this.addWatchFile(source);
    },
    resolveId(source, importer) {
      if (source === RUNTIME_ID && importer && isOurs(importer)) return framework === "esbuild" ? undefined : RUNTIME;
      return resolveId(source, importer);
    },
    load: {
      filter: { id: /^~tilewright/ },
      async handler(id) {
        if (!isOurs(id)) return undefined;
        for (const source of (await load()).sources) this.addWatchFile(source);
        return (await load()).read(pathOf(id));
      },
    },
    transform: {
      filter: { id: SOURCES, code: "defineKernel" },
      async handler(code, id) {
        const file = relative(root, id.replace(/\?.*$/, ""));
        const { scan } = await import("./scan/scan.js");
        const found = scan(code, file);
        if (found.calls.length === 0) return undefined;
        const known = await load();
        const { warnings, ...replaced } = replace(code, file, found, (spec, wanted) => known.define(spec, wanted));
        for (const warning of warnings) this.warn(warning);
        return replaced;
      },
    },
    writeBundle() {
      if (!kernels) return;
      const { modules, bytes, gzip, kernels: count } = kernels.summary;
      const size = (count: number) => `${(count / 1000).toFixed(1)} kB`;
      console.log(`tilewright: ${count} kernels, ${modules} modules, ${size(bytes)} (${size(gzip)} gzip)`);
    },
    vite: {
      // If the development server bundled this package, `compile` would get a registry of its own, without the kernels.
      config: () => ({
        optimizeDeps: { exclude: ["tilewright"], include: ["tilewright > handlebars/dist/cjs/handlebars.runtime.js"] },
      }),
      configResolved: (resolved) => {
        root = resolved.root;
      },
      async handleHotUpdate({ file, server }) {
        if (!kernels?.sources.includes(file)) return;
        loading = undefined;
        await load();
        for (const module of server.moduleGraph.idToModuleMap.values()) {
          if (module.id !== null && isOurs(module.id)) server.moduleGraph.invalidateModule(module);
        }
        server.ws.send({ type: "full-reload" });
      },
    },
    webpack: (compiler) => {
      root = compiler.context;
    },
    esbuild: {
      onLoadFilter: /^~tilewright|\.[mc]?[jt]sx?$/,
      config: ({ absWorkingDir }) => {
        root = absWorkingDir ?? root;
      },
      // unplugin takes ids that `resolveId` returns for modules of the plugin, but this import is a file on disk.
      setup: ({ onResolve }) =>
        onResolve({ filter: /^tilewright\/runtime$/, namespace: "tilewright" }, () => ({ path: RUNTIME })),
    },
  };
});
