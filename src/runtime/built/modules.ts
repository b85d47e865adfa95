/** The forms that kernel modules have in generated files of JavaScript. */
import type { JsModule, WasmModule, WasmPart, WgslModule } from "../../ir/module.js";
import type { CompiledWasm, Global } from "../global.js";
import type { DeviceKind } from "../host/deviceKind.js";
import type { JsFunctions } from "../host/js.js";
import type { WebgpuFeatures } from "../wanted.js";

/** The version of these forms. A kernel with another version is refused, and the error says how to rebuild it. */
export const FORMAT = 2;

/** A JavaScript kernel, with functions in place of their text. */
export interface BuiltJs extends Omit<JsModule, "code"> {
  readonly functions: JsFunctions;
}

export interface BuiltPart extends Omit<WasmPart, "code"> {
  /** The binary in base64, the address of its file, or its module, where a runtime compiles what it imports. */
  readonly code: string | Global<"URL", { readonly href: string }> | CompiledWasm;
  /** The size of the binary, where `code` is a module, which does not tell it. */
  readonly bytes?: number;
}

/** A WebAssembly kernel, with each binary as text or in a file of its own. */
export interface BuiltWasm extends Omit<WasmModule, "prepare" | "run"> {
  readonly prepare: BuiltPart | null;
  readonly run: BuiltPart;
}

/** A GPU kernel. */
export interface BuiltWgsl extends WgslModule {
  /** The limits that a device must offer at least. */
  readonly limits: WebgpuFeatures["limits"];
}

/** The default export of a generated file. */
interface File<Module> {
  readonly default: Module;
}

export type Import<Module> = () => Promise<File<Module>>;

/** The code of each target. A kernel for several targets has as many files, and a page loads one of them. */
export interface Variants {
  readonly js: BuiltJs;
  readonly "wasm-relaxed": BuiltWasm;
  readonly "wasm-simd128": BuiltWasm;
  readonly "wasm-relaxed-threads": BuiltWasm;
  readonly "wasm-simd128-threads": BuiltWasm;
  readonly webgpu: BuiltWgsl;
  readonly "webgpu-f16": BuiltWgsl;
}

export type Variant = keyof Variants;

/** A variant for the CPU. */
export type CpuVariant = Exclude<Variant, "webgpu" | "webgpu-f16">;

export type VariantImports = { readonly [Name in Variant]?: Import<Variants[Name]> };

/** Files for some kinds of device, which take them instead of the files for all. */
export type KindImports = Readonly<Record<DeviceKind, VariantImports>>;
