/** Whether two modules are the same code, whatever they are called. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalKey } from "../ir/key.js";
import type { KernelModule, WasmPart } from "../ir/module.js";

/** Equal for modules that compute the same in the same way; the schedule that they were made by is no part of it. */
export function codeHash({ key, schedule, ...module }: KernelModule): string {
  const hash = sha256.create();
  const binary = (part: WasmPart | null) => {
    if (!part) return null;
    const { code, ...rest } = part;
    hash.update(code);
    return rest;
  };
  if (module.language === "wasm") {
    const { prepare, run, ...rest } = module;
    hash.update(utf8ToBytes(canonicalKey([binary(prepare), binary(run), rest])));
  } else hash.update(utf8ToBytes(canonicalKey(withoutComments(module))));
  return bytesToHex(hash.digest());
}

/** The first lines of a text say by which schedule it was made. */
const withoutComments = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === "code" ? String(inner).replace(/^\/\/.*$/gm, "") : inner)),
  );
