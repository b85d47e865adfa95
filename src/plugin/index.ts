/** The plugin for bundlers. Kernels of a configuration and kernels that sources define become modules of the bundle. */
import { basename, dirname, relative, resolve } from "node:path";
import { createUnplugin, type UnpluginBuildContext, type UnpluginContext } from "unplugin";
import { checkForPlugin, importReader } from "../build/optionalPackages.js";
import { checkOptions } from "../ir/options.js";
import { counted } from "../report/format.js";
import { warnOfComponents } from "./components.js";
import { isOurs, PACKAGE, pathOf, RUNTIME, resolveId } from "./ids.js";
import { Kernels } from "./kernels.js";
import type { PluginOptions } from "./options.js";
import { replace } from "./replace.js";

/** Files that the plugin reads as they are on the disk. */
const SOURCES = /\.[mc]?[jt]sx?(\?.*)?$/;

export const plugin = createUnplugin<PluginOptions | undefined, true>((options = {}, { framework }) => {
  const { config, dts = "tilewright.d.ts" } = checkOptions(options, ["config", "dts"]);
  let root = process.cwd();
  /** True for a server, which tells the page of an error and goes on. */
  let isServed = false;
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
  /** True for files whose change makes other kernels. A configuration that cannot be read is one. */
  const isSource = (file: string): boolean =>
    kernels?.sources.includes(file) ||
    (typeof config === "string" && resolve(root, config) === file) ||
    (config === undefined && dirname(file) === resolve(root) && basename(file).startsWith("tilewright.config."));
  async function transform(
    this: UnpluginBuildContext & UnpluginContext,
    code: string,
    id: string,
    place: (file: string) => string,
  ) {
    const { scan } = await importReader(() => import("./scan/scan.js"));
    const found = scan(code, id);
    if (found.calls.length === 0) return undefined;
    const path = id.replace(/\?.*$/, "");
    const known = await load();
    const file = { path, name: place(relative(root, path)) };
    const { warnings, ...replaced } = await replace(code, file, found, (spec, wanted) => known.define(spec, wanted));
    for (const warning of warnings) this.warn(warning);
    return replaced;
  }
  return [
    {
      name: "tilewright",
      enforce: "pre",
      async buildStart() {
        // Whoever misses one of them starts anew, so a server ends here, too.
        checkForPlugin();
        loading = undefined;
        const watch = () => {
          // esbuild accepts files to watch only together with a module.
          if (framework !== "esbuild") for (const source of kernels?.sources ?? []) this.addWatchFile(source);
        };
        // If the configuration is broken now, its next change must still be seen.
        watch();
        await load().then(watch, (error) => {
          if (!isServed) throw error;
        });
      },
      resolveId(source, importer) {
        const runtime = RUNTIME.get(source);
        if (runtime && importer && isOurs(importer)) return framework === "esbuild" ? undefined : runtime;
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
        filter: { id: { include: SOURCES, exclude: PACKAGE }, code: "defineKernel" },
        handler(code, id) {
          return transform.call(this, code, id, (file) => file);
        },
      },
      writeBundle() {
        if (!kernels) return;
        const { modules, bytes, gzip, kernels: count } = kernels.summary;
        const size = (count: number) => `${(count / 1000).toFixed(1)} kB`;
        const made = `${counted(count, "kernel")}, ${counted(modules, "module")}`;
        console.log(`tilewright: ${made}, ${size(bytes)} (${size(gzip)} gzip)`);
      },
      vite: {
        // If the server bundled this package, `compile` would get a registry of its own, without the kernels.
        config: () => ({ optimizeDeps: { exclude: ["tilewright"] } }),
        configResolved: (resolved) => {
          root = resolved.root;
          isServed = resolved.command === "serve";
        },
        configureServer: (server) => {
          // A page that imports no kernel would not tell of it.
          load().catch(({ message }: Error) => {
            server.config.logger.error(`tilewright: ${message}`);
            server.ws.send({ type: "error", err: { message, stack: "", plugin: "tilewright" } });
          });
        },
        async handleHotUpdate({ file, server }) {
          if (!isSource(resolve(file))) return;
          loading = undefined;
          for (const module of server.moduleGraph.idToModuleMap.values()) {
            if (module.id !== null && isOurs(module.id)) server.moduleGraph.invalidateModule(module);
          }
          // Vite shows the page what is thrown here.
          await load();
          server.ws.send({ type: "full-reload" });
        },
      },
      webpack: (compiler) => {
        root = compiler.context;
      },
      esbuild: {
        // esbuild asks in another process for each import that the filter lets through, and there are thousands.
        onResolveFilter: /^~tilewright/,
        onLoadFilter: /^~tilewright|\.[mc]?[jt]sx?$/,
        config: ({ absWorkingDir }) => {
          root = absWorkingDir ?? root;
        },
        setup: (build) => {
          // unplugin takes ids that `resolveId` returns for modules of the plugin, but this import is a file on disk.
          build.onResolve({ filter: /^\./, namespace: "tilewright" }, ({ path, importer }) => {
            const id = resolveId(path, importer);
            return id === undefined ? undefined : { path: id, namespace: "tilewright" };
          });
          for (const [name, path] of RUNTIME)
            build.onResolve({ filter: new RegExp(`^${name}$`), namespace: "tilewright" }, () => ({ path }));
          warnOfComponents(build, () => root);
        },
      },
    },
    {
      name: "tilewright:components",
      enforce: "post",
      transform: {
        filter: { id: { exclude: [SOURCES, /^~tilewright/] }, code: "defineKernel" },
        handler(code, id) {
          if (framework === "esbuild") return undefined;
          return transform.call(this, code, id, (file) => `${file} (as compiled)`);
        },
      },
      esbuild: { onLoadFilter: /^~tilewright:nothing$/ },
    },
  ];
});
