/**
 * The schedules of random specs on all targets, as one hash for each: a change that should not move a schedule shows here that it
 * moves none, and one that should shows where.
 */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Features, targetOf } from "../../src/codegen/target.js";
import { canonicalKey } from "../../src/ir/key.js";
import { checkSpec, type OpSpec } from "../../src/ir/ops/spec.js";
import type { Wanted } from "../../src/ir/rewrites/wanted.js";
import { chooseAlgorithm } from "../support/algorithms.js";
import { HAS_TIME } from "../support/effort.js";
import { needs, TIME } from "../support/needs.js";
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

/** Of one spec in so many the schedules by Winograd's algorithm as well, which takes ten times as long to choose. */
const FAST = 12;

function hashOf(features: Features, count: number): string {
  const target = targetOf(features);
  const hash = createHash("sha256");
  const add = (spec: OpSpec, wanted: Wanted) => {
    const { algorithm, schedule } = chooseAlgorithm(spec, target, wanted).plan();
    hash.update(canonicalKey([algorithm, schedule]));
  };
  for (const spec of SPECS.slice(0, count)) add(spec, {});
  for (const spec of SPECS.slice(0, count / FAST)) add(spec, { accuracy: "fast" });
  return hash.digest("hex").slice(0, 16);
}

const hashes = (count: number) =>
  Object.fromEntries(FEATURES.map((features) => [titleOf(features), hashOf(features, count)]));

// Where some should move: TILEWRIGHT_PAIRS=50 vitest run test/search/replay.test.ts --update
describe("schedules are those that were committed", () => {
  test("of one spec in ten", () => {
    expect(hashes(COUNT / 10)).toMatchInlineSnapshot(`
      {
        "js": "fd7bfcc32e8febd7",
        "wasm none": "7de00f54c61fdede",
        "wasm relaxed": "e68f601b5fff74d5",
        "wasm relaxed hoistsLoads": "6a3eab01e7c81489",
        "wasm relaxed pairs": "be8c7f0b2205b2bc",
        "wasm relaxed threads": "cfeb7165949fabf4",
        "wasm simd128": "58cb37afe4faeb24",
        "wasm simd128 hoistsLoads": "ef1fda0231eb66db",
        "wgsl f16": "3e0f2df66f603ddb",
        "wgsl f32": "3e0f2df66f603ddb",
      }
    `);
  });

  test("of all specs", { ...needs({ [TIME]: HAS_TIME }), timeout: 300_000 }, () => {
    expect(hashes(COUNT)).toMatchInlineSnapshot(`
      {
        "js": "01b37814199846ac",
        "wasm none": "6ac913665f4aef5e",
        "wasm relaxed": "3832a1411bf026e2",
        "wasm relaxed hoistsLoads": "56cb0f6621c32c77",
        "wasm relaxed pairs": "0e9dd04c541e9617",
        "wasm relaxed threads": "01072ad9105b37a6",
        "wasm simd128": "1bff4d42300ea673",
        "wasm simd128 hoistsLoads": "98949483e34ebae9",
        "wgsl f16": "24390689b2f4a320",
        "wgsl f32": "24390689b2f4a320",
      }
    `);
  });
});
