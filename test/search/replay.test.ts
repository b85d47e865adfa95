/**
 * The schedules of 500 specs on all targets, as one hash for each: a change that should not move a schedule shows here that it moves
 * none, and one that should shows where.
 */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type Features, targetOf } from "../../src/codegen/target.js";
import { canonicalKey } from "../../src/ir/key.js";
import { checkSpec, type OpSpec } from "../../src/ir/ops/spec.js";
import type { Wanted } from "../../src/ir/rewrites/wanted.js";
import { chooseAlgorithm } from "../support/algorithms.js";
import { FEATURES, titleOf } from "../support/tuning.js";

const COUNT = 500;
const CHANNELS = [1, 1, 2, 3, 4, 5, 8, 12, 16, 21, 32, 64, 96, 256];

/** The same specs in every run: a generator of Numerical Recipes' makes them. */
function specsOfAllSorts(): OpSpec[] {
  let state = 12_345;
  const below = (count: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % count;
  };
  const oneOf = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const specs: OpSpec[] = [];
  while (specs.length < COUNT) {
    const op = oneOf(["conv2d", "atrousConv2dTranspose"] as const);
    const [inputs, outputs] = [oneOf(CHANNELS), oneOf(CHANNELS)];
    const drawn = {
      op,
      value: [oneOf([1, 1, 1, 2, 4]), 1 + below(48), 1 + below(48), inputs],
      filters: [1 + below(5), 1 + below(5), ...(op === "conv2d" ? [inputs, outputs] : [outputs, inputs])],
      rate: 1 + below(6),
      padding: oneOf(["SAME", "VALID"]),
      ...(below(2) === 1 ? { bias: true } : {}),
    };
    try {
      specs.push(checkSpec(drawn));
    } catch {
      // A VALID kernel larger than its image is no spec.
    }
  }
  return specs;
}

const SPECS = specsOfAllSorts();

/** Of so many specs the schedules by Winograd's algorithm as well, which takes ten times as long to choose. */
const FAST = 40;

function hashOf(features: Features): string {
  const target = targetOf(features);
  const hash = createHash("sha256");
  const add = (spec: OpSpec, wanted: Wanted) => {
    const { algorithm, schedule } = chooseAlgorithm(spec, target, wanted).plan();
    hash.update(canonicalKey([algorithm, schedule]));
  };
  for (const spec of SPECS) add(spec, {});
  for (const spec of SPECS.slice(0, FAST)) add(spec, { accuracy: "fast" });
  return hash.digest("hex").slice(0, 16);
}

test("schedules are those that were committed (where some should move: vitest run test/search/replay.test.ts --update)", {
  timeout: 300_000,
}, () => {
  const hashes = Object.fromEntries(FEATURES.map((features) => [titleOf(features), hashOf(features)]));
  expect(hashes).toMatchInlineSnapshot(`
    {
      "js": "08f39258ceab1753",
      "wasm none": "fb29ae5ed5e7b2c0",
      "wasm relaxed": "30ca05929218e739",
      "wasm relaxed hoistsLoads": "647b158da3fc6cf1",
      "wasm relaxed pairs": "9a955c1f1dafe2d8",
      "wasm relaxed threads": "b8117038bf9aac6d",
      "wasm simd128": "6425a4c1bc864648",
      "wasm simd128 hoistsLoads": "d068d4f553783ef4",
      "wgsl f16": "106853e189d3aa95",
      "wgsl f32": "106853e189d3aa95",
    }
  `);
});
