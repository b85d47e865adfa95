/** What generated files hold: kernel modules, each in the form in which a file of JavaScript can have it. */
import type { JsModule, WasmModule, WasmPart, WgslModule } from "../../ir/module.js";
import type { JsFunctions } from "../host/js.js";
import type { WebgpuFeatures } from "../wanted.js";

/** Of the files below. A package that finds another number in one says so, and how to get new ones. */
export const FORMAT = 1;

export interface BuiltJs extends Omit<JsModule, "code"> {
  readonly functions: JsFunctions;
}

export interface BuiltPart extends Omit<WasmPart, "code"> {
  /** In base64; or where the binary lies. */
  readonly code: string | URL;
}

export interface BuiltWasm extends Omit<WasmModule, "prepare" | "run"> {
  readonly prepare: BuiltPart | null;
  readonly run: BuiltPart;
}

export interface BuiltWgsl extends WgslModule {
  /** What it takes of a device. */
  readonly limits: WebgpuFeatures["limits"];
}

/** The default export of a generated file. */
interface File<Module> {
  readonly default: Module;
}

export type Import<Module> = () => Promise<File<Module>>;

/** How code can be made for one target; a kernel of several comes in as many files, of which a page loads one. */
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

export type VariantImports = { readonly [Name in Variant]?: Import<Variants[Name]> };
