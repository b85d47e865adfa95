/** The speed of a machine, as rooflines assume it. */
import { checkTarget } from "./checkTarget.js";
import type { Target } from "./target.js";

/** The speed that the roofline assumes of the machine. */
export interface MachineSpeed {
  /** GFLOP/s of one thread, or of a whole GPU. */
  readonly peak: number;
  /** GB/s of one thread, or of a whole GPU. */
  readonly bandwidth: number;
}

/**
 * Round figures, to be replaced by measured ones. One core of a current server has 4 GHz and makes two multiply-adds in
 * each cycle, each of as many numbers as a register of the target holds. Cores of AMD and Intel do that; those of Intel
 * need the fused instruction. A GPU of middle size has 40 multiprocessors at 2 GHz.
 */
export function typicalMachine(target: Target): MachineSpeed {
  const { lanes, pairs, workgroups } = checkTarget(target);
  if (workgroups) return { peak: 40 * 128 * 2 * 2, bandwidth: 500 };
  return { peak: 4 * 2 * 2 * lanes * (pairs ? 2 : 1), bandwidth: 20 };
}
