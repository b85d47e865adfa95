/** A hash that tells if two modules are the same code under different names. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalKey } from "../ir/key.js";
import type { KernelModule, WasmPart } from "../ir/module.js";

/** Two modules of the same code have the same hash; key and schedule are no part of it. */
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

/** Drops comment lines from code: the first lines of a text name its schedule. */
const withoutComments = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === "code" ? String(inner).replace(/^\/\/.*$/gm, "") : inner)),
  );
