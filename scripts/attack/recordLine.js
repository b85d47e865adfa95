// @ts-check
/** A line of tuning records, as `tilewright tune` writes it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tilewright } from "./spawned.js";

/** @type {Promise<string> | undefined} */
let tuned;

/** Measured once: there is a sum in it that the package alone can make. @param {object} spec */
export function recordLine(spec) {
  tuned ??= measured(spec);
  return tuned;
}

/** @param {object} spec */
async function measured(spec) {
  const folder = mkdtempSync(join(tmpdir(), "tilewright-attack-"));
  try {
    await tilewright(
      ["tune", JSON.stringify(spec), "--target", "js", "--budget", "0.1", "--records", "r.jsonl"],
      folder,
    );
    return readFileSync(join(folder, "r.jsonl"), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
