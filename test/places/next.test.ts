/** An app of Next.js, built as its command does: a server compiles kernels and has some ahead of time, and a page does. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interpret, type OpSpec } from "tilewright";
import { afterAll, describe, expect, test } from "vitest";
import { build } from "../../src/build/build.js";
import { tiny, writeFiles } from "../build/support.js";
import { findProgram } from "../support/installed.js";
import { DIST, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const built = existsSync(join(repository, "dist/runtime/index.js"));
const next = findProgram(["next"], [join(repository, "node_modules/.bin")]);

/** Worth three threads. */
const spec = { op: "conv2d", value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, padding: "SAME" } as const;
const head = tiny({ rate: 2 });

const integers = (length: number, seed: number) => [...smallIntegers(length, seed)];
const given = {
  compiled: [integers(24 * 24 * 16, 1), integers(3 * 3 * 16 * 16, 2)],
  head: [integers(1 * 4 * 5 * 2, 1), integers(3 * 3 * 3 * 2, 2)],
} as const;

function outputOf(spec: OpSpec, [value, filters]: readonly [number[], number[]]): number[] {
  return [...interpret(spec as never, new Float32Array(value), new Float32Array(filters))];
}

const FILES = {
  "package.json": '{ "private": true, "type": "module" }',
  "tilewright.config.json": JSON.stringify({ targets: ["js", "wasm"], kernels: { head } }),
  "given.json": JSON.stringify({ spec, given }),
  "app/layout.js": "export default ({ children }) => <html lang='en'><body>{children}</body></html>;",
  "app/kernels.js": `
    import { compile } from "tilewright";
    import { head } from "../generated/index.js";
    import { given, spec } from "../given.json";
    const call = async (kernel, tensors) => {
      const [value, filters] = tensors.map((tensor) => new Float32Array(tensor));
      const output = [...(await kernel.run(value, kernel.prepare(filters)))];
      return { target: kernel.target, threads: /(\\d+) threads/.exec(kernel.explain())?.[1] ?? "one", output };
    };
    export const results = async () => JSON.stringify({
      compiled: await call(await compile(spec, { threads: 3 }), given.compiled),
      head: await call(await head.load(), given.head),
    });`,
  // Rendered when the app is built.
  "app/page.js": `
    import { results } from "./kernels.js";
    import Live from "./live.js";
    export default async () => <main><pre>{await results()}</pre><Live /></main>;`,
  // Sent to pages.
  "app/live.js": `
    "use client";
    import { useEffect, useState } from "react";
    import { results } from "./kernels.js";
    export default function Live() {
      const [text, setText] = useState("");
      useEffect(() => void results().then(setText), []);
      return <output>{text}</output>;
    }`,
};

describe("Next.js", () => {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });

  /** An app below the folder that Next is installed in, as its bundler takes no files from outside of the one root. */
  async function app(binary: string): Promise<string> {
    const root = realpathSync(binary).replace(/node_modules.*/s, "");
    const cwd = mkdtempSync(join(root, "app-"));
    made.push(cwd);
    for (const part of ["dist", "package.json"])
      cpSync(join(repository, part), join(cwd, "node_modules/tilewright", part), { recursive: true });
    const config = { turbopack: { root }, experimental: { turbopackFileSystemCacheForBuild: false } };
    writeFiles(cwd, { ...FILES, "next.config.js": `export default ${JSON.stringify(config)};` });
    await build({ cwd });
    return cwd;
  }

  test("builds an app, and renders what kernels compute", {
    ...needs({ [DIST]: built, "npm's next": next }),
    timeout: 300_000,
  }, async () => {
    const cwd = await app(next as string);
    const { status, stdout, stderr } = spawnSync(next as string, ["build"], {
      ...{ cwd, encoding: "utf8", timeout: 240_000 },
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    });
    expect({ status, said: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, said: "" });
    const page = readFileSync(join(cwd, ".next/server/app/index.html"), "utf8");
    const results = /<pre>(.*?)<\/pre>/s.exec(page)?.[1] ?? "";
    expect(JSON.parse(results.replaceAll("&quot;", '"'))).toEqual({
      compiled: { target: "wasm", threads: "3", output: outputOf(spec, given.compiled) },
      head: { target: "wasm", threads: "one", output: outputOf(head, given.head) },
    });
  });
});
