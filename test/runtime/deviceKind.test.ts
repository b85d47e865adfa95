/** Kinds of device: what an engine is by what it calls itself, and which files a kernel takes for it. */
import { builtKernel, FORMAT } from "tilewright/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { deviceKind } from "../../src/runtime/host/deviceKind.js";
import { builtFor } from "../support/built.js";
import { specWith } from "../support/calls.js";

const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";

afterEach(() => vi.unstubAllGlobals());

describe("the kind of an engine", () => {
  test.each([
    ["v8", `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Safari/537.36`],
    ["v8", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/140.0.0.0`],
    ["v8-phone", `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`],
    ["spidermonkey", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"],
    ["spidermonkey-phone", "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"],
    ["jsc", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Version/18.0 Safari/605.1.15`],
    [
      "jsc-phone",
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${SAFARI} Version/18.0 Mobile/15E148 Safari/604.1`,
    ],
    // Other browsers of a phone by Apple have its engine.
    [
      "jsc-phone",
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${SAFARI} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`,
    ],
    [
      "jsc-phone",
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${SAFARI} FxiOS/145.0 Mobile/15E148 Safari/605.1.15`,
    ],
    [undefined, "Cloudflare-Workers"],
    [undefined, ""],
  ])("is %s for %s", (kind, userAgent) => {
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("navigator", { userAgent });
    expect(deviceKind()).toBe(kind);
  });

  test("without a browser is told by the process", () => {
    expect(deviceKind()).toBe("v8");
    vi.stubGlobal("process", { versions: { v8: "13.6", bun: "1.3.0" } });
    expect(deviceKind()).toBe("jsc");
  });
});

test.each([
  ["apple", "apple"],
  ["nvidia", "NVIDIA"],
  [undefined, ""],
  [undefined, "../x"],
])("the kind of a GPU is %s if its maker is %j", (kind, maker) => {
  expect(deviceKind(maker)).toBe(kind);
});

describe("a kernel with files for kinds", () => {
  const { kernel, loaded } = builtFor(specWith(), ["js", "webgpu"]);
  const { spec, outputShape, request, variants } = kernel;
  /** The variants, each with the kind that it is for. */
  const forKind = (kind: string) => ({
    js: () => {
      loaded.push(kind as "js");
      return (variants.js as NonNullable<typeof variants.js>)();
    },
    webgpu: () => {
      loaded.push(kind as "webgpu");
      return (variants.webgpu as NonNullable<typeof variants.webgpu>)();
    },
  });
  const withKinds = (...kinds: readonly string[]) =>
    builtKernel(
      { format: FORMAT, request, spec, outputShape },
      variants,
      Object.fromEntries(kinds.map((kind) => [kind, forKind(kind)])),
    );

  test("takes those of its kind, and else those for all", async () => {
    const load = async (...kinds: readonly string[]) => {
      loaded.length = 0;
      await withKinds(...kinds).load({ target: "js" });
      return loaded;
    };
    expect(await load("jsc", "v8-phone")).toEqual(["js"]);
    expect(await load("jsc", "v8")).toEqual(["v8", "js"]);
  });

  test("takes those for the maker of the GPU", async () => {
    const module = async (maker: string) => {
      loaded.length = 0;
      await withKinds("apple", "v8").module("webgpu", maker);
      return loaded;
    };
    expect(await module("Apple")).toEqual(["apple", "webgpu"]);
    expect(await module("intel")).toEqual(["webgpu"]);
    expect(await module("")).toEqual(["webgpu"]);
  });
});
