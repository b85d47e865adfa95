/** Loads JavaScript kernels: functions over arrays, made from text or imported from a file. */
import { reading } from "../../ir/errors.js";
import type { JsEntry, JsModule } from "../../ir/module.js";
import { tensorsOf } from "../tensors.js";
import { type ArrayEntry, ArrayInstance } from "./arrays.js";
import type { Loaded } from "./loaded.js";

/** The functions by the names of their entries. */
export type JsFunctions = Readonly<Record<string, ArrayEntry["run"]>>;

/** Loads a module whose functions a generated file has. */
export const loadBuiltJs = (module: Omit<JsModule, "code"> & { readonly functions: JsFunctions }): Loaded =>
  reading("this kernel", () => loadJs(module, module.functions), "invalid-argument", "run tilewright build again");

export function loadJs(module: Omit<JsModule, "code">, functions: JsFunctions): Loaded {
  const { buffers, prepare, run, ...facts } = module;
  const bind = (entry: JsEntry): ArrayEntry => ({ ...entry, run: functions[entry.name] as ArrayEntry["run"] });
  const bound = { buffers, prepare: prepare.map(bind), run: run.map(bind) };
  const tensors = tensorsOf(buffers, facts);
  return {
    tier: "js",
    facts,
    tensors,
    codeBytes: Object.values(functions).reduce((sum, code) => sum + String(code).length, 0),
    vectors: "no vectors",
    threads: 1,
    instantiate: () => new ArrayInstance(bound, tensors),
  };
}
