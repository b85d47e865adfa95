/** WebAssembly as text, read back by wabt. */
import wabt from "wabt";
import type { KernelModule, WasmPart } from "../../../src/ir/module.js";

const FEATURES = { simd: true, relaxed_simd: true, threads: true };

const WHEN = { run: "on each call", prepare: "once for the weights" } as const;

const toolkit = wabt();

/** The text of both parts of a module. A module of another language has none. */
export async function watOf(module: KernelModule): Promise<string> {
  if (module.language !== "wasm") return "";
  const { prepare, run } = module;
  const parts = [["run", run] as const, ...(prepare ? [["prepare", prepare] as const] : [])];
  const { readWasm } = await toolkit;
  const textOf = ({ code }: WasmPart): string => {
    const binary = readWasm(code, { check: true, ...FEATURES });
    try {
      binary.generateNames();
      binary.applyNames();
      return binary.toText({ foldExprs: true, inlineExport: true });
    } finally {
      binary.destroy();
    }
  };
  return parts.map(([when, part]) => `;; ${WHEN[when]}\n${textOf(part)}`).join("\n");
}
