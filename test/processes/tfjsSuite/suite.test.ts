/** The specs of TensorFlow.js' own core, with our kernels and without: none fails that passed. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { IS_NIGHT } from "../../support/effort.js";
import { newFolder } from "../../support/folder.js";
import { DIST, DRIVER, NIGHT, needs } from "../../support/needs.js";
import { gpuDevice } from "../../support/webgpu.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

interface Outcome {
  readonly passed: number;
  readonly failed: readonly string[];
  /** Calls that our kernels served. */
  readonly ours: number;
}

const hasGpu = (await gpuDevice()) !== undefined;

/** Specs of what TensorFlow.js refuses, and gives with us. */
const LIFTED = /^depthwiseConv2d gradients .* throws error on dilations > 1$/;

/** Specs that reach kernels of ours; at night all of them, but on a GPU, where each compiles for itself. */
const filterFor = (backend: string): string =>
  IS_NIGHT && backend !== "webgpu" ? "" : "conv|pool|Pool|matmul|matMul|MatMul|depthwise|separable";

describe("TensorFlow.js' specs", needs({ [DIST]: existsSync(join(root, "dist/tfjs/index.js")) }), () => {
  const bundle = join(newFolder(), "suite.cjs");
  beforeAll(async () => {
    await build({
      entryPoints: [fileURLToPath(new URL("suite.js", import.meta.url))],
      ...{ bundle: true, platform: "node", format: "cjs", mainFields: ["module", "main"], outfile: bundle },
      // The specs have no exports, and would be left out.
      ...{ ignoreAnnotations: true, logLevel: "error", nodePaths: [join(root, "node_modules")] },
      external: ["node-fetch"],
      define: { "import.meta.url": "__filename", "process.env.TILEWRIGHT_ROOT": JSON.stringify(root.slice(0, -1)) },
    });
  });

  const withoutUs = new Map<string, Promise<Outcome>>();
  function outcomeWithoutUs(backend: string): Promise<Outcome> {
    const outcome = withoutUs.get(backend) ?? outcomeOf(backend);
    withoutUs.set(backend, outcome);
    return outcome;
  }

  async function outcomeOf(backend: string, ...accuracy: readonly string[]): Promise<Outcome> {
    const options = { maxBuffer: 2 ** 26 };
    const { stdout } = await promisify(execFile)("node", [bundle, backend, filterFor(backend), ...accuracy], options);
    return JSON.parse(stdout.slice(stdout.lastIndexOf('{"passed"')));
  }

  async function noneFailsThatPassed(backend: string, accuracy: string): Promise<void> {
    const theirs = await outcomeWithoutUs(backend);
    const ours = await outcomeOf(backend, accuracy);
    console.log(
      `${backend}, ${accuracy}: ${theirs.passed} passed and ${theirs.failed.length} failed without us, ` +
        `${ours.passed} and ${ours.failed.length} with us; ${ours.ours} calls on our kernels`,
    );
    expect(theirs.passed).toBeGreaterThan(100);
    // On a GPU most of their small calls stay with TensorFlow.js.
    expect(ours.ours).toBeGreaterThan(backend === "webgpu" ? 10 : 50);
    expect(ours.failed.filter((name) => !theirs.failed.includes(name) && !LIFTED.test(name))).toEqual([]);
  }

  // Each takes some seconds on a machine that has nothing else to do.
  test.each([
    ["wasm", "exact"],
    ["wasm", "fast"],
    ["cpu", "exact"],
  ])("on %s, %s: none fails that passed", { timeout: 300_000 }, noneFailsThatPassed);

  const atNight = needs({ [DRIVER]: hasGpu, [NIGHT]: IS_NIGHT });
  test("on webgpu, exact: none fails that passed", { timeout: 3_600_000, ...atNight }, () =>
    noneFailsThatPassed("webgpu", "exact"),
  );
});
