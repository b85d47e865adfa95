/** Loads WebAssembly kernels from generated files, which hold binaries as text or name their files. */
import { reading } from "../../ir/errors.js";
import type { Loaded } from "../host/loaded.js";
import { type LoadablePart, loadWasm } from "../host/wasm.js";
import type { BuiltPart, BuiltWasm } from "./modules.js";

export const loadBuiltWasm = (module: BuiltWasm, threads: number): Promise<Loaded> =>
  reading("this kernel", () => loadDecoded(module, threads), "invalid-argument", "run tilewright build again");

async function loadDecoded({ prepare, run, ...rest }: BuiltWasm, threads: number): Promise<Loaded> {
  const module = { ...rest, prepare: prepare && (await decode(prepare)), run: await decode(run) };
  return loadWasm(module, threads);
}

async function decode({ code, ...part }: BuiltPart): Promise<LoadablePart> {
  if (code instanceof WebAssembly.Module) return { ...part, code: new Uint8Array(), module: code };
  return { ...part, code: typeof code === "string" ? fromBase64(code) : await read(code) };
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Reads a binary; `fetch` of Node refuses `file:` addresses. */
async function read(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol !== "file:") return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = globalThis.process.getBuiltinModule("node:fs/promises");
  return new Uint8Array(await readFile(url));
}
