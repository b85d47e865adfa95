/** Kernels as a build would have made them, without files: what their imports would promise. */

import type { OpSpec } from "tilewright";
import { compileModule, DEFAULT_LIMITS, JS, wasmTarget, wgslTarget } from "tilewright/compiler";
import { type BuiltWasm, builtKernel, FORMAT, type Variant, type VariantImports } from "tilewright/runtime";
import type { WasmModule, WasmPart } from "../../src/ir/module.js";
import { checkSpec } from "../../src/ir/ops/spec.js";
import { functionsOf } from "../../src/runtime/host/text.js";
import { requestKey } from "../../src/runtime/keys.js";
import { directFacts } from "./algorithms.js";

/** The kernel in these variants; `loaded` lists those whose files were imported. */
export function builtFor(spec: OpSpec, names: readonly Variant[]) {
  const checked = checkSpec(spec);
  const loaded: Variant[] = [];
  const all = importsOf(checked, loaded);
  const variants = Object.fromEntries(names.map((name) => [name, all[name]])) as VariantImports;
  const { outputShape = [] } = directFacts(checked, "");
  const request = requestKey(checked, { accuracy: "exact", algorithm: "auto" });
  return { kernel: builtKernel({ format: FORMAT, request, spec: checked, outputShape }, variants), loaded };
}

function importsOf(spec: OpSpec, loaded: Variant[]): Required<VariantImports> {
  const file =
    <Module>(name: Variant, make: () => Module) =>
    async () => {
      loaded.push(name);
      return { default: make() };
    };
  const wasm = (name: Variant, simd: "relaxed" | "simd128", threads: boolean) =>
    file(name, () =>
      encode(compileModule(spec, { target: wasmTarget({ simd, hoistsLoads: true, pairs: false, threads }) })),
    );
  const wgsl = (name: Variant, storage: "f32" | "f16") =>
    file(name, () => {
      const limits = DEFAULT_LIMITS;
      return { ...compileModule(spec, { target: wgslTarget({ limits, storage }) }), limits };
    });
  return {
    js: file("js", () => {
      const { code, ...module } = compileModule(spec, { target: JS });
      return { ...module, functions: functionsOf({ ...module, code }) };
    }),
    "wasm-relaxed": wasm("wasm-relaxed", "relaxed", false),
    "wasm-simd128": wasm("wasm-simd128", "simd128", false),
    "wasm-relaxed-threads": wasm("wasm-relaxed-threads", "relaxed", true),
    "wasm-simd128-threads": wasm("wasm-simd128-threads", "simd128", true),
    webgpu: wgsl("webgpu", "f32"),
    "webgpu-f16": wgsl("webgpu-f16", "f16"),
  };
}

function encode({ prepare, run, ...module }: WasmModule): BuiltWasm {
  const text = ({ code, ...part }: WasmPart) => ({ ...part, code: Buffer.from(code).toString("base64") });
  return { ...module, prepare: prepare && text(prepare), run: text(run) };
}
