/** The file of one kernel for one target: spec, schedule, code, and what a host needs to load it. */
import { StructureKind, VariableDeclarationKind } from "ts-morph";
import { unreachable } from "../../ir/errors.js";
import type { JsModule, KernelModule, WasmModule, WasmPart, WgslModule } from "../../ir/module.js";
import { specRow } from "../../ir/ops/specRow.js";
import type { WorkgroupLimits } from "../target.js";
import { banner } from "./banner.js";
import { Code, literal, template } from "./literal.js";
import { textOf } from "./sources.js";

export interface ModuleFile {
  readonly text: string;
  /** Of the .d.ts beside it. */
  readonly types: string;
  /** WebAssembly that lies beside it, by file name. */
  readonly binaries: ReadonlyMap<string, Uint8Array>;
}

export interface ModuleOptions {
  /** The name of the file, without its ending. */
  readonly name: string;
  readonly wasm: "inline" | "file";
  /** What WGSL was compiled for. */
  readonly limits: WorkgroupLimits;
}

export function writeModule(module: KernelModule, options: ModuleOptions): ModuleFile {
  const binaries = new Map<string, Uint8Array>();
  const content = literal(contentOf(module, options, binaries));
  // Long, and of one statement: not worth to be parsed only to be printed again.
  const text = `${banner(...rowsOf(module), module.schedule)}\nexport default ${content};\n`;
  return { text, types: typesOf(module), binaries };
}

function contentOf(module: KernelModule, options: ModuleOptions, binaries: Map<string, Uint8Array>): object {
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
  return { ...module, functions: new Code(`(() => {\n${body}\n  })()`) };
}

function wasmContent(
  { prepare, run, ...module }: WasmModule,
  options: ModuleOptions,
  binaries: Map<string, Uint8Array>,
) {
  const part = (when: string, { code, ...rest }: WasmPart) => {
    if (options.wasm === "inline") return { ...rest, code: base64(code) };
    const name = `${options.name}.${when}.wasm`;
    binaries.set(name, code);
    return { ...rest, code: new Code(`new URL("./${name}", import.meta.url)`) };
  };
  return { ...module, prepare: prepare && part("prepare", prepare), run: part("run", run) };
}

function wgslContent({ prepare, run, ...module }: WgslModule, limits: WorkgroupLimits) {
  const entries = (all: WgslModule["run"]) => all.map(({ code, ...entry }) => ({ ...entry, code: template(code) }));
  return { ...module, limits, prepare: entries(prepare), run: entries(run) };
}

/** In pieces, as a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}

/** What the kernel computes, where a spec says it in a row. */
const rowsOf = ({ spec }: KernelModule): string[] => (spec ? [specRow(spec)] : []);

const TYPES = { js: "BuiltJs", wasm: "BuiltWasm", wgsl: "BuiltWgsl" } as const;

function typesOf(module: KernelModule): string {
  const type = TYPES[module.language];
  return textOf({
    statements: [
      banner(...rowsOf(module)),
      {
        kind: StructureKind.ImportDeclaration,
        isTypeOnly: true,
        namedImports: [type],
        moduleSpecifier: "tilewright/runtime",
      },
      {
        kind: StructureKind.VariableStatement,
        declarationKind: VariableDeclarationKind.Const,
        hasDeclareKeyword: true,
        declarations: [{ name: "kernel", type }],
      },
      { kind: StructureKind.ExportAssignment, isExportEquals: false, expression: "kernel" },
    ],
  });
}
