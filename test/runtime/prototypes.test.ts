/** A process whose Object.prototype has an enumerable property, as some polyfills leave one: all works as elsewhere. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { DIST, needs } from "../support/needs.js";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const load = (path: string) => `await import(${JSON.stringify(pathToFileURL(join(dist, path)))})`;

const POLYFILL = "Object.prototype.polyfill = function polyfill() {};";

const SPEC = `const spec = {
  op: "atrousConv2dTranspose", value: [1, 9, 9, 8], filters: [3, 3, 8, 8], rate: 2, padding: "SAME", bias: true,
  activation: { kind: "leakyRelu", alpha: 0.25 },
};`;

/** Compares every target with the definition. Winograd's algorithm may round. */
const RUN = `${SPEC}
const { compile, interpret } = ${load("runtime/index.js")};
const numbers = (count) => Float32Array.from({ length: count }, (_, i) => (i % 7) - 3);
const [value, filters, bias] = [9 * 9 * 8, 9 * 8 * 8, 8].map(numbers);
const expected = interpret(spec, value, filters, bias);
for (const target of ["wasm", "js", "plain"])
  for (const accuracy of ["exact", "fast"]) {
    const kernel = await compile(spec, { target, accuracy });
    const { output } = await kernel.run({ value }, kernel.prepare({ filters, bias }));
    console.log(kernel.target, output.every((sum, i) => Math.abs(sum - expected[i]) <= (accuracy === "fast" ? 1e-2 : 0)));
  }`;

/** Prints all that a build would write of one kernel, for every target and algorithm. */
const WRITE = `${SPEC}
const { kernelFiles } = ${load("build/files.js")};
for (const accuracy of ["exact", "fast"]) {
  const variants = ["js", "wasm-relaxed", "wasm-relaxed-threads", "webgpu", "webgpu-f16"];
  const plan = { name: "head", spec, wanted: { accuracy, algorithm: "auto" }, variants, tuned: { points: {}, kinds: [] } };
  for (const [path, text] of kernelFiles(plan, { wasm: "inline" }).files) console.log(path, text);
}`;

function run(...lines: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", lines.join("\n")], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

describe("an enumerable property on Object.prototype", needs({ [DIST]: existsSync(dist) }), () => {
  test("leaves every target right", () => {
    const rows = ["wasm", "js", "plain"].flatMap((target) => [`${target} true\n`, `${target} true\n`]);
    expect(run(POLYFILL, RUN)).toEqual({ status: 0, stdout: rows.join(""), stderr: "" });
  });

  test("leaves files made ahead of time the same", () => {
    const plain = run(WRITE);
    expect(plain.stdout, plain.stderr).toContain("head/webgpu-f16.js");
    expect(run(POLYFILL, WRITE)).toEqual(plain);
  });
});
