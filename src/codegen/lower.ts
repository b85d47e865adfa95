/**
 * THE PASS LIST: the road from a kernel with multi-dimensional buffers, marked loops and accumulators to flat code that an
 * emitter prints as it stands. Each pass is `Kernel -> Kernel`, keeps the meaning, and says what it removes for good.
 */

import type { LoopKernel } from "../ir/stmt.js";
import { type Construct, verify } from "../ir/verify.js";
import { alignVectors } from "./passes/alignVectors.js";
import { bindLaunch } from "./passes/bindLaunch.js";
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
  /** What no later kernel may hold again; `verify` watches over it. */
  readonly removes: readonly Construct[];
  readonly run: (kernel: LoopKernel, target: Target) => LoopKernel;
}

export const PASSES: readonly Pass[] = [
  // First, while guards still name loops: afterwards tiles are written out and their worst point is harder to see.
  { name: "partitionLoops", removes: ["partition marks"], run: partitionLoops },
  // Before unrolling, which then copies vectors instead of the lanes of each.
  { name: "vectorizeLoops", removes: ["vectorized loops"], run: vectorizeLoops },
  { name: "unrollLoops", removes: ["unrolled loops"], run: unrollLoops },
  // After unrolling, which makes the constants.
  { name: "foldConstants", removes: [], run: foldConstants },
  // Needs all subscripts of accumulators constant, hence after unrolling and vectors.
  { name: "promoteRegisters", removes: ["register buffers"], run: promoteRegisters },
  { name: "separateScratch", removes: [], run: separateScratch },
  // Copies of one body declare the same names side by side; from here on every declaration is the only one.
  { name: "separateNames", removes: [], run: separateNames },
  // Names tell which sum is which from here on.
  { name: "startSums", removes: [], run: startSums },
  // Sums in locals are visibly independent, so guards can move out of the reduction.
  { name: "mergeGuards", removes: [], run: mergeGuards },
  // Before loads are shared, which then shares the vectors.
  { name: "widenLoads", removes: [], run: widenLoads },
  { name: "shareLoads", removes: [], run: shareLoads },
  { name: "shareConstants", removes: [], run: shareConstants },
  { name: "fuseMultiplyAdd", removes: [], run: fuseMultiplyAdd },
  // Late: everything above reasons about one dimension at a time.
  { name: "flattenSubscripts", removes: ["subscript lists"], run: flattenSubscripts },
  // Needs whole offsets, whose every part must be a multiple of a vector.
  { name: "alignVectors", removes: [], run: alignVectors },
  // Before addresses and guards are hoisted, which are made of them.
  { name: "hoistIndices", removes: [], run: hoistIndices },
  { name: "hoistGuards", removes: [], run: hoistGuards },
  { name: "hoistAddresses", removes: [], run: hoistAddresses },
  // What hoisting has left in innermost loops is one base and the loop's own variable.
  { name: "stepOffsets", removes: [], run: stepOffsets },
  { name: "shareOffsets", removes: [], run: shareOffsets },
  // After all integers of which offsets are made have got their names.
  { name: "liftBases", removes: [], run: liftBases },
  { name: "bindLaunch", removes: ["parallel loops"], run: bindLaunch },
];

declare const lowered: unique symbol;
/** A kernel that has passed every pass: the only thing an emitter accepts. */
export type Lowered = LoopKernel & { readonly [lowered]: true };

/** What has been removed once `pass` has run: the promises of all passes up to it. */
export function removedBy(pass: string): ReadonlySet<Construct> {
  const last = PASSES.findIndex(({ name }) => name === pass);
  return new Set(PASSES.slice(0, last + 1).flatMap(({ removes }) => removes));
}

/**
 * Runs all passes; verifies what comes in, where subscripts can still be checked one by one, and what goes out. `watch` sees
 * the kernel before the first pass (as "nest") and after each one.
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
