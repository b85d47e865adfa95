/** The same program in Node, Bun and Deno, each where it is installed, and what the latter two are taken for. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import { afterEach, describe, expect, test, vi } from "vitest";
import { specWith } from "../support/calls.js";
import { DIST, needs } from "../support/needs.js";
import { PAIRED } from "../support/ways.js";
import { NODE, OTHERS } from "./engines.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = existsSync(new URL("../../dist/runtime/index.js", import.meta.url));

describe.each([NODE, ...OTHERS])("$title", (engine) => {
  const { title, binary, arguments: given } = engine;
  test("runs kernels by every tier, and on threads", {
    ...needs({ [DIST]: built, [title]: binary }),
    timeout: 90_000,
  }, () => {
    const { stdout, stderr, status } = spawnSync(binary as string, [...given, "program.js"], {
      cwd: here,
      encoding: "utf8",
      timeout: 60_000,
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    const bits = engine === NODE && PAIRED.runsHere ? "256" : "128";
    const { webgpu, ...cpu } = JSON.parse(stdout);
    // Deno has GPUs where the machine does.
    expect(["right", "target-unavailable"]).toContain(webgpu);
    expect(cpu).toEqual({
      auto: { target: "wasm", threads: "one", bits: "128", isRight: true },
      js: { target: "js", threads: "one", bits: "", isRight: true },
      plain: { target: "plain", threads: "one", bits: "", isRight: true },
      threads: { target: "wasm", threads: "3", bits: "128", isRight: true },
      wide: { target: "wasm", threads: "one", bits, isRight: true },
    });
    // Nothing but Node has the revectorizer, whatever it calls itself.
    if (engine !== NODE) expect(stderr).toContain("revectorize is not available here: only Node can turn it on");
    expect(stderr).not.toContain("worker threads do not start");
  });
});

describe("an engine that calls its process Node's", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  /** The library as it is loaded in an engine whose process has these versions, and no permission to read the environment. */
  async function loadedIn(versions: Readonly<Record<string, string>>) {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const env = new Proxy({}, { get: (_, name) => fail(`NotCapable: Requires env access to "${String(name)}"`) });
    const others: Readonly<Record<PropertyKey, unknown>> = { versions: { ...process.versions, ...versions }, env };
    vi.stubGlobal("process", new Proxy(process, { get: (node, key) => others[key] ?? Reflect.get(node, key) }));
    vi.resetModules();
    const { compile } = await import("tilewright");
    const { thisMachine } = await import("../../src/tune/machine.js");
    const { wasmFeatures } = await import("../../src/runtime/host/wasmFeatures.js");
    return { compile, wasmFeatures, engine: thisMachine().engine, warn };
  }

  function fail(message: string): never {
    throw new Error(message);
  }

  test.each([{ bun: "1.4.5" }, { deno: "2.9.6" }])(
    "sets no flags of V8, and reads no environment: %j",
    async (versions) => {
      const setFlags = vi.spyOn(v8, "setFlagsFromString");
      const { compile, warn } = await loadedIn(versions);
      expect((await compile(specWith())).target).toBe("wasm");
      expect(warn).not.toHaveBeenCalled();
      expect((await compile(specWith(), { revectorize: true })).explain()).toContain("vectors of 128 bits");
      expect(warn.mock.calls.map(([text]) => text)).toEqual([
        "tilewright: revectorize is not available here: only Node can turn it on. Kernels use 128 bits",
      ]);
      expect(setFlags).not.toHaveBeenCalled();
    },
  );

  test("has the traits of its own V8, and Bun those of JavaScriptCore", async () => {
    const { simd: _, ...deno } = (await loadedIn({ deno: "2.9.6", v8: "11.0.245" })).wasmFeatures();
    expect(deno).toEqual({ hoistsLoads: true });
    const { simd: __, ...bun } = (await loadedIn({ bun: "1.4.5", v8: "11.0.245" })).wasmFeatures();
    expect(bun).toEqual({ hoistsLoads: false, ...(process.arch === "x64" ? { slowSplats: true } : {}) });
  });

  test("is named in records by what it is", async () => {
    const current = { v8: "15.0.245" };
    expect((await loadedIn({ deno: "2.9.6", ...current })).engine).toBe("V8 15.0");
    expect((await loadedIn({ bun: "1.4.5", ...current })).engine).toBe("Bun 1.4");
  });
});

describe("a browser", () => {
  afterEach(() => vi.unstubAllGlobals());

  const X64 = "Mozilla/5.0 (X11; Linux x86_64";
  test.each([
    [`${X64}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36`, { hoistsLoads: false }],
    [`${X64}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36`, { hoistsLoads: true }],
    [`${X64}; rv:153.0) Gecko/20100101 Firefox/153.0`, { hoistsLoads: false, registers: 14 }],
    [
      `${X64}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15`,
      { hoistsLoads: false, slowSplats: true },
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      { hoistsLoads: false },
    ],
    ["something else", { hoistsLoads: true }],
  ])("has the traits of its engine: %s", async (userAgent, expected) => {
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("navigator", { userAgent });
    vi.resetModules();
    const { wasmFeatures } = await import("../../src/runtime/host/wasmFeatures.js");
    const { simd: _, ...traits } = wasmFeatures();
    expect(traits).toEqual(expected);
  });
});
