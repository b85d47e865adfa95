/** Declarations of generated kernels: what a call with the right shapes is, and what the compiler of TypeScript refuses. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Project, ts } from "ts-morph";
import { beforeAll, describe, expect, test } from "vitest";
import { barrelFiles, kernelFiles } from "../../src/build/files.js";
import { newFolder } from "../support/folder.js";
import { planOf, tiny, writeFiles } from "./support.js";

const START = `
  import { head } from "./index.js";
  import { kernels } from "./registry.js";
  import js from "./head/js.js";
  import wasm from "./head/wasm-relaxed.js";
  import wgsl from "./head/webgpu.js";
  const data = new Float32Array(1);
  const kernel = await head.load({ target: "js" });
  const weights = kernel.prepare({ shape: [3, 3, 3, 2], data });
`;

const RIGHT = [
  "kernel.run({ shape: [1, 4, 5, 2], data }, weights)",
  "kernel.run(data, weights)",
  "kernel.prepare(data)",
  "const shape: readonly [1, 4, 5, 3] = (await kernel.run({ shape: [1, 4, 5, 2], data }, weights)).shape; shape",
  "const shape: readonly [1, 4, 5, 3] = head.outputShape; shape",
  "js.functions; wasm.run.code; wgsl.limits; kernels[0]?.load()",
];

const WRONG = [
  "kernel.run({ shape: [1, 4, 5, 3], data }, weights)",
  "kernel.run({ shape: [4, 5, 2], data }, weights)",
  "kernel.runSync({ shape: [1, 4, 6, 2], data }, weights)",
  "kernel.prepare({ shape: [3, 3, 2, 3], data })",
  "kernel.run([1, 2], weights)",
  'head.load({ target: "cuda" })',
  "const shape: readonly [1, 4, 5, 2] = head.outputShape; shape",
];

describe("a call of a generated kernel", () => {
  let project: Project;
  let folder: string;
  beforeAll(async () => {
    folder = newFolder();
    const plans = await planOf({ kernels: { head: tiny() } });
    writeFiles(
      folder,
      Object.fromEntries([
        ...barrelFiles(plans),
        ...plans.flatMap((plan) => [...kernelFiles(plan, { wasm: "inline" }).files]),
      ]),
    );
    project = new Project({ compilerOptions: optionsOf() });
    [...RIGHT, ...WRONG].forEach((call, i) => {
      project.createSourceFile(
        join(folder, `call${i}.ts`),
        `${START}\nexport const run = async () => { ${call}; };\nvoid [js, wasm, wgsl, kernels];`,
      );
    });
  });

  const messagesOf = (call: string): string[] => {
    const file = project.getSourceFileOrThrow(join(folder, `call${[...RIGHT, ...WRONG].indexOf(call)}.ts`));
    return file
      .getPreEmitDiagnostics()
      .map((one) => ts.flattenDiagnosticMessageText(one.compilerObject.messageText, " "));
  };

  test.each(RIGHT)("may be %s", (call) => {
    expect(messagesOf(call)).toEqual([]);
  });

  test.each(WRONG)("may not be %s", (call) => {
    const messages = messagesOf(call);
    expect(messages).not.toEqual([]);
    for (const message of messages) expect(message).toMatch(/is not assignable to|No overload matches/);
  });
});

/** As strict as it gets, and with the sources in place of the package. */
function optionsOf(): ts.CompilerOptions {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  return {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: [],
    typeRoots: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
    skipLibCheck: true,
    noEmit: true,
    paths: { "tilewright/runtime": [join(root, "src/runtime/built/index.ts")] },
  };
}
