/** Reads recordings of `recordShapes()`. Their content is not trusted: anyone may have written the file. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import * as v from "valibot";
import { fail, TilewrightError } from "../ir/errors.js";
import { specOfPlain } from "../ir/ops/plainSpec.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkWanted, type Wanted } from "../ir/rewrites/wanted.js";
import { loadSpec } from "../runtime/specs.js";

const FILE = v.object({
  format: v.literal("tilewright-shapes"),
  version: v.literal(1),
  kernels: v.array(
    v.object({ spec: v.record(v.string(), v.unknown()), accuracy: v.unknown(), algorithm: v.unknown() }),
  ),
});

/** Throws `invalid-argument`, or the error of `loadSpec` for a spec in the file; the message names the file. */
export async function readRecorded(path: string): Promise<{ spec: Spec; wanted: Required<Wanted> }[]> {
  const name = basename(path);
  const read = v.safeParse(FILE, parse(name, await textOf(path)));
  if (!read.success) {
    fail("invalid-argument", `${name} is no recording of recordShapes() (format "tilewright-shapes", version 1)`);
  }
  const kernels: { spec: Spec; wanted: Required<Wanted> }[] = [];
  for (const [i, { spec, accuracy, algorithm }] of read.output.kernels.entries()) {
    try {
      // Accuracy counts only if the algorithm is "auto": a call that asks for Winograd's algorithm and names no
      // accuracy is recorded as "exact".
      const wanted = checkWanted(algorithm === "auto" ? { accuracy, algorithm } : { algorithm });
      kernels.push({ spec: await loadSpec(specOfPlain(spec)), wanted });
    } catch (error) {
      if (!(error instanceof TilewrightError)) throw error;
      throw new TilewrightError(error.code, `${name}: kernels[${i}]: ${error.message}`, error.bytes);
    }
  }
  return kernels;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      "invalid-argument",
      `the recording ${path} cannot be read (${code}); see "recorded" in the configuration`,
    );
  }
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail("invalid-argument", `${name} is not JSON: ${(error as Error).message}`);
  }
}
