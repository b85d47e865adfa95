/**
 * THE PASS LIST: the road from marked loops to flat code that an emitter prints as it stands.
 *
 * The kernel comes with multi-dimensional buffers and accumulators. Each pass is `LoopKernel -> LoopKernel`, keeps the
 * meaning, and lists the constructs that it removes for good.
 */

import type { LoopKernel } from "../ir/stmt.js";
import { type Construct, verify } from "../ir/verify.js";
import { alignVectors } from "./passes/alignVectors.js";
import { bindLaunch } from "./passes/bindLaunch.js";
import { expandErf } from "./passes/expandErf.js";
import { flattenSubscripts } from "./passes/flattenSubscripts.js";
import { foldConstants } from "./passes/foldConstants.js";
import { fuseMultiplyAdd } from "./passes/fuseMultiplyAdd.js";
import { hoistAddresses } from "./passes/hoistAddresses.js";
import { hoistGuards } from "./passes/hoistGuards.js";
import { hoistIndices } from "./passes/hoistIndices.js";
import { liftBases } from "./passes/liftBases.js";
import { mergeGuards } from "./passes/mergeGuards.js";
import { partitionLoops } from "./passes/partitionLoops.js";
import { promoteRegisters } from "./passes/promoteRegisters.js";
import { separateNames } from "./passes/separateNames.js";
import { separateScratch } from "./passes/separateScratch.js";
import { shareConstants } from "./passes/shareConstants.js";
import { shareLoads } from "./passes/shareLoads.js";
import { shareOffsets } from "./passes/shareOffsets.js";
import { startSums } from "./passes/startSums.js";
import { stepOffsets } from "./passes/stepOffsets.js";
import { unrollLoops } from "./passes/unrollLoops.js";
import { vectorizeLoops } from "./passes/vectorizeLoops.js";
import { widenLoads } from "./passes/widenLoads.js";
import type { Target } from "./target.js";

export interface Pass {
  readonly name: string;
  /** Constructs that no kernel holds after this pass. `verify` checks this. */
  readonly removes: readonly Construct[];
  readonly run: (kernel: LoopKernel, target: Target) => LoopKernel;
}

export const PASSES: readonly Pass[] = [
  // First, while guards still name loops. Once tiles are written out, their worst point is harder to see.
  { name: "partitionLoops", removes: ["partition marks"], run: partitionLoops },
  // Before unrolling, so that vectors are copied and not their lanes.
  { name: "vectorizeLoops", removes: ["vectorized loops"], run: vectorizeLoops },
  { name: "unrollLoops", removes: ["unrolled loops"], run: unrollLoops },
  // After unrolling, which makes constants of loop variables.
  { name: "foldConstants", removes: [], run: foldConstants },
  // After unrolling and vectors, because every subscript of an accumulator must be constant.
  { name: "promoteRegisters", removes: ["register buffers"], run: promoteRegisters },
  { name: "separateScratch", removes: [], run: separateScratch },
  // Copies of one body declare the same names side by side. From here on each name has one declaration.
  { name: "separateNames", removes: [], run: separateNames },
  // From here on a name stands for one sum.
  { name: "startSums", removes: [], run: startSums },
  // Sums in locals are visibly independent, so guards can move out of the reduction.
  { name: "mergeGuards", removes: [], run: mergeGuards },
  // Before `shareLoads`, which then shares whole vectors.
  { name: "widenLoads", removes: [], run: widenLoads },
  { name: "shareLoads", removes: [], run: shareLoads },
  // Before constants are shared and multiply-adds fused: its polynomials have both.
  { name: "expandErf", removes: ["erf"], run: expandErf },
  { name: "shareConstants", removes: [], run: shareConstants },
  { name: "fuseMultiplyAdd", removes: [], run: fuseMultiplyAdd },
  // Late, because the passes above reason about one dimension at a time.
  { name: "flattenSubscripts", removes: ["subscript lists"], run: flattenSubscripts },
  // After flattening, because every part of an offset must be a multiple of a vector.
  { name: "alignVectors", removes: [], run: alignVectors },
  // Before guards and addresses are hoisted, because both name indices.
  { name: "hoistIndices", removes: [], run: hoistIndices },
  { name: "hoistGuards", removes: [], run: hoistGuards },
  { name: "hoistAddresses", removes: [], run: hoistAddresses },
  // After hoisting, which leaves one base and the loop's own variable in innermost loops.
  { name: "stepOffsets", removes: [], run: stepOffsets },
  { name: "shareOffsets", removes: [], run: shareOffsets },
  // After every integer in an offset has its name.
  { name: "liftBases", removes: [], run: liftBases },
  { name: "bindLaunch", removes: ["parallel loops"], run: bindLaunch },
];

declare const lowered: unique symbol;
/** A kernel that has been through all passes. Emitters accept nothing else. */
export type Lowered = LoopKernel & { readonly [lowered]: true };

/** The constructs that are gone once `pass` has run, removed by it or by a pass before it. */
export function removedBy(pass: string): ReadonlySet<Construct> {
  const last = PASSES.findIndex(({ name }) => name === pass);
  return new Set(PASSES.slice(0, last + 1).flatMap(({ removes }) => removes));
}

/**
 * Runs all passes. Verifies the kernel before them, while subscripts can still be checked one by one, and after them.
 * `watch` sees the kernel before the first pass (as "nest") and after each pass. It trusts its arguments to come from
 * the compiler: others may make it throw anything.
 */
export function lower(kernel: LoopKernel, target: Target, watch?: (pass: string, kernel: LoopKernel) => void): Lowered {
  verify(kernel);
  watch?.("nest", kernel);
  let current = kernel;
  for (const pass of PASSES) {
    current = pass.run(current, target);
    watch?.(pass.name, current);
  }
  verify(current, removedBy((PASSES.at(-1) as Pass).name));
  return current as Lowered;
}
