/** TensorFlow.js on a GPU in a browser, with our kernels in the pass of its own. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../support/needs.js";
import { findChromium } from "./chromium.js";
import type { TfjsPageReport } from "./page/tfjsReport.js";
import { Pages } from "./pages.js";
import { bundle } from "./server.js";

const executablePath = findChromium();

/** SwiftShader, which comes with the browser and needs no GPU. */
const FLAGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

describe("TensorFlow.js in Chromium", needs({ Chromium: executablePath }), () => {
  const pages = new Pages((folder) => bundle(folder, ["tfjs"]));
  beforeAll(() => pages.open(executablePath as string, FLAGS), 120_000);
  afterAll(() => pages.close());

  test("a chain of three layers on our kernels, in one submission, and without a growing memory", async () => {
    const { error, distances, ...rest } = await pages.reportOf<TfjsPageReport>("tfjs", {});
    expect(error).toBeNull();
    expect(rest).toEqual({
      calls: { compiling: 0, ours: 3 },
      submissions: { theirs: 1, ours: 1 },
      ...{ isMemorySame: true, refusals: [], notes: [] },
    });
    for (const distance of Object.values(distances)) expect(distance).toBeLessThan(1e-5);
  });
});
