/**
 * Writes the file of one kernel for one target: spec, schedule, code, and the facts that a host needs to load the code.
 */
import { unreachable } from "../../ir/errors.js";
import type { JsModule, KernelModule, WasmModule, WasmPart, WgslModule } from "../../ir/module.js";
import { specRow } from "../../ir/ops/specRow.js";
import type { WorkgroupLimits } from "../target.js";
import { banner } from "./banner.js";
import { literal, template, Verbatim } from "./literal.js";
import { declarationOf } from "./sources.js";

export interface ModuleFile {
  readonly text: string;
  /** The text of the .d.ts beside it. */
  readonly types: string;
  /** The WebAssembly files beside it, by name. */
  readonly binaries: ReadonlyMap<string, Uint8Array>;
}

export interface ModuleFileOptions {
  /** The name of the file, without its ending. */
  readonly name: string;
  readonly wasm: "inline" | "file" | "module";
  /** The limits for which WGSL was compiled. */
  readonly limits: WorkgroupLimits;
}

export function writeModule(module: KernelModule, options: ModuleFileOptions): ModuleFile {
  const binaries = new Map<string, Uint8Array>();
  const content = literal(contentOf(module, options, binaries));
  const imports = options.wasm === "module" ? [...binaries.keys()].map(importOf) : [];
  // The text is long and has one statement, so parsing and printing it with ts-morph would only cost time.
  const text = [banner(...rowsOf(module), module.schedule), ...imports, `export default ${content};`, ""].join("\n");
  return { text, types: typesOf(module), binaries };
}

function contentOf(module: KernelModule, options: ModuleFileOptions, binaries: Map<string, Uint8Array>): object {
  switch (module.language) {
    case "js":
      return jsContent(module);
    case "wasm":
      return wasmContent(module, options, binaries);
    case "wgsl":
      return wgslContent(module, options.limits);
    default:
      return unreachable(module);
  }
}

function jsContent({ code, ...module }: JsModule) {
  const body = code.trimEnd().replace(/^(?=.)/gm, "    ");
  return { ...module, functions: new Verbatim(`(() => {\n${body}\n  })()`) };
}

function wasmContent(
  { prepare, run, ...module }: WasmModule,
  options: ModuleFileOptions,
  binaries: Map<string, Uint8Array>,
) {
  const part = (when: string, { code, ...rest }: WasmPart) => {
    if (options.wasm === "inline") return { ...rest, code: base64(code) };
    const name = `${options.name}.${when}.wasm`;
    binaries.set(name, code);
    if (options.wasm === "module") return { ...rest, bytes: code.length, code: new Verbatim(binaryName(name)) };
    return { ...rest, code: new Verbatim(`new URL("./${name}", import.meta.url)`) };
  };
  return { ...module, prepare: prepare && part("prepare", prepare), run: part("run", run) };
}

const importOf = (file: string): string => `import ${binaryName(file)} from "./${file}";`;

/** The name in a module for a binary beside it: `runBinary` for `wasm-relaxed.run.wasm`. */
const binaryName = (file: string): string => `${file.split(".").at(-2)}Binary`;

function wgslContent({ prepare, run, ...module }: WgslModule, limits: WorkgroupLimits) {
  const entries = (all: WgslModule["run"]) => all.map(({ code, ...entry }) => ({ ...entry, code: template(code) }));
  return { ...module, limits, prepare: entries(prepare), run: entries(run) };
}

/** Converts in pieces, as a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}

/** The spec in a row, if the kernel has one. */
const rowsOf = ({ spec }: KernelModule): string[] => (spec ? [specRow(spec)] : []);

const TYPES = { js: "BuiltJs", wasm: "BuiltWasm", wgsl: "BuiltWgsl" } as const;

function typesOf({ language, spec }: KernelModule): string {
  const type = TYPES[language];
  return declarationOf(spec ? specRow(spec) : "a program", { name: "kernel", type, imported: type, isDefault: true });
}
