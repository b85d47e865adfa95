/** Binaries as generated files have them: as text, or beside them. */
import type { WasmModule, WasmPart } from "../../ir/module.js";
import type { BuiltPart, BuiltWasm } from "./modules.js";

export async function decode({ prepare, run, ...module }: BuiltWasm): Promise<WasmModule> {
  return { ...module, prepare: prepare && (await decodePart(prepare)), run: await decodePart(run) };
}

const decodePart = async ({ code, ...part }: BuiltPart): Promise<WasmPart> => ({
  ...part,
  code: typeof code === "string" ? fromBase64(code) : await read(code),
});

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Node fetches no files. */
async function read(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol !== "file:") return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = globalThis.process.getBuiltinModule("node:fs/promises");
  return new Uint8Array(await readFile(url));
}
