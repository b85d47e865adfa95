/** The library as it is built, in processes of its own: it finds its worker's file, and lets a process end. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DIST, needs } from "./support/needs.js";

const built = new URL("../dist/runtime/index.js", import.meta.url);

const CALL = `
  import { compile, interpret } from ${JSON.stringify(built.href)};
  const spec = { op: "atrousConv2dTranspose", value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, padding: "SAME" };
  const value = Float32Array.from({ length: 24 * 24 * 16 }, (_, i) => (i % 7) - 3);
  const filters = Float32Array.from({ length: 9 * 16 * 16 }, (_, i) => (i % 5) - 2);
  const kernel = await compile(spec, OPTIONS);
  const weights = kernel.prepare(filters);
  const expected = interpret(spec, value, filters);
  let right = 0;
  for (let i = 0; i < 3; i++) {
    const result = await kernel.run(value, weights);
    if (result.every((x, i) => x === expected[i])) right++;
  }
  console.log(kernel.target, right);
`;

describe("a process", needs({ [DIST]: existsSync(built) }), () => {
  const run = (options: object, end = "") => runScript(CALL.replace("OPTIONS", JSON.stringify(options)) + end);
  const runScript = (script: string) => {
    const { status, stdout, stderr, signal } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
      timeout: 60_000,
    });
    return { status, stdout, stderr, signal };
  };

  const ends = { status: 0, stderr: "", signal: null };

  test("ends by itself after a call", () => {
    expect(run({})).toEqual({ ...ends, stdout: "wasm 3\n" });
  });

  test("ends by itself though threads wait for more work", () => {
    expect(run({ threads: 3 })).toEqual({ ...ends, stdout: "wasm 3\n" });
  });

  test("waits until threads have started, and ends with parked ones", () => {
    const script = `
      import { compileSync, ready } from ${JSON.stringify(built.href)};
      await ready(); // nothing else is left to load, and nothing but the threads to wait for
      await ready({ threads: 2 });
      const spec = { op: "conv2d", value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, padding: "SAME" };
      const kernel = compileSync(spec, { threads: 2 });
      const weights = kernel.prepare(new Float32Array(9 * 16 * 16));
      for (let i = 0; i < 3; i++) kernel.runSync(kernel.value, weights);
      console.log("done");
    `;
    expect(runScript(script)).toEqual({ ...ends, stdout: "done\n" });
  });

  test("does not end while threads are at work", () => {
    const more = "\nvoid kernel.run(value, weights).then((result) => console.log(result.length));";
    expect(run({ threads: 3 }, more)).toEqual({ ...ends, stdout: `wasm 3\n${24 * 24 * 16}\n` });
  });

  test("runs JavaScript and the definition as well", () => {
    expect(run({ target: "js" })).toEqual({ ...ends, stdout: "js 3\n" });
    expect(run({ target: "plain" })).toEqual({ ...ends, stdout: "plain 3\n" });
  });
});
