/** Replaces `defineKernel(...)` in a source file by a kernel that was made ahead of time. */

import { codeFrameColumns } from "@babel/code-frame";
import MagicString, { type SourceMap } from "magic-string";
import { TilewrightError } from "../ir/errors.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkOptions } from "../ir/options.js";
import { checkWanted, type Wanted } from "../ir/rewrites/wanted.js";
import { loadSpec } from "../runtime/specs.js";
import { ID } from "./ids.js";
import type { FoundCall, Scan } from "./scan/scan.js";

export interface Replaced {
  readonly code: string;
  readonly map: SourceMap;
  /** Warnings about calls that stay: their kernels are compiled when they run. */
  readonly warnings: readonly string[];
}

interface SourceFile {
  readonly path: string;
  /** The name of the file in messages. */
  readonly name: string;
}

/**
 * Replaces all calls with known arguments. Throws an error that shows the place of a call with an invalid spec.
 * @param nameFor the name of the kernel for a spec
 */
export async function replace(
  text: string,
  file: SourceFile,
  { calls, imports }: Scan,
  nameFor: (spec: Spec, wanted: Required<Wanted>) => string,
): Promise<Replaced> {
  const edited = new MagicString(text);
  const warnings: string[] = [];
  const names = new Set<string>();
  for (const call of calls) {
    if (call.kind === "dynamic") {
      warnings.push(
        `${file.name}:${call.line}:${call.column}: this kernel is not made ahead of time, as ${call.reason}; ` +
          "it is compiled when it runs",
      );
      continue;
    }
    const { spec, wanted } = await checkedCall(text, file.name, call);
    const name = nameFor(spec, wanted);
    names.add(name);
    edited.overwrite(call.start, call.end, localName(name));
  }
  const isAllStatic = calls.every(({ kind }) => kind === "static");
  for (const { start, end } of isAllStatic ? imports : []) edited.remove(start, end);
  // Imports go to the end: nothing may stand before a `#!` line or "use client".
  for (const name of names)
    edited.append(`\nimport { ${name} as ${localName(name)} } from "${ID}/${name}/index.js";\n`);
  return {
    code: edited.toString(),
    map: edited.generateMap({ source: file.path, includeContent: true, hires: true }),
    warnings,
  };
}

/** A local name that a source is unlikely to have. */
const localName = (name: string): string => `__tilewright_${name}`;

async function checkedCall(text: string, file: string, call: Extract<FoundCall, { kind: "static" }>) {
  try {
    const options = call.options ?? {};
    checkOptions(options, ["accuracy", "algorithm"]);
    return { spec: await loadSpec(call.spec), wanted: checkWanted(options) };
  } catch (error) {
    if (!(error instanceof TilewrightError)) throw error;
    const { line, column } = call;
    const frame = codeFrameColumns(text, { start: { line, column } });
    throw new Error(`${file}:${line}:${column}: ${error.message}\n\n${frame}`);
  }
}
