/** Kernels on a GPU in a browser, under the strictest policy there is: WGSL is data, so it needs no leave to make code. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../support/needs.js";
import { recorded } from "../support/vectors.js";
import { findChromium } from "./chromium.js";
import { GPU_SPECS, type GpuReport } from "./page/gpuJobs.js";
import { Pages } from "./pages.js";

const executablePath = findChromium();

/** SwiftShader, which comes with the browser and needs no GPU. */
const FLAGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

describe("a GPU in Chromium", needs({ Chromium: executablePath }), () => {
  const pages = new Pages();
  beforeAll(() => pages.open(executablePath as string, FLAGS), 120_000);
  afterAll(() => pages.close());

  test("right results, before and after a device is lost", async () => {
    const headers = { "Content-Security-Policy": "script-src 'self'" };
    const { isRight, recordings, losses, times, violations, error } = await pages.reportOf<GpuReport>(
      "webgpu",
      headers,
    );
    expect(error).toBeNull();
    const titles = [...Object.keys(GPU_SPECS), "after all losses"];
    expect(isRight).toEqual(Object.fromEntries(titles.map((title) => [title, true])));
    const [atrous, conv2d] = ["tf_atrous_conv2d_transpose.json", "tf_conv2d.json"].map((file) => recorded(file).length);
    // Each call of the op and its gradient, and each of conv2d.
    expect(recordings).toEqual({ tried: 2 * (atrous as number) + (conv2d as number), wrong: [] });
    expect(losses).toEqual({
      "the library's own": ["right", "device-lost"],
      "given as an object": ["device-lost", "device-lost"],
    });
    expect(violations).toEqual([]);
    const words = Object.entries(times).map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`);
    console.log(`first result on a page, 24x24x16 -> 16: ${words.join(", ")}`);
    expect(times.warm).toBeLessThan(times.cold as number);
  });
});
