/** Guesses the size of a GPU, which WebGPU does not tell and on which the best schedule depends. */
import type { WebgpuDevice } from "./types.js";

/**
 * Multiprocessors (compute units, cores) of a common GPU of each vendor: graphics cards of NVIDIA and AMD, GPUs inside
 * other chips of the rest.
 */
const COMMON: Readonly<Record<string, number>> = { nvidia: 128, amd: 64, apple: 32, intel: 24, qualcomm: 12, arm: 12 };

/** Multiprocessors of a renderer on the CPU: a core computes one workgroup at a time, and a second hides no latency. */
const SOFTWARE = 2;

/** The number of multiprocessors that the device probably has, or undefined if nothing is known about it. */
export function multiprocessorsOf({ adapterInfo: info }: WebgpuDevice): number | undefined {
  if (info === undefined) return undefined; // older browsers tell of adapters alone
  const isSoftware =
    info.isFallbackAdapter || /swiftshader|llvmpipe|software|warp/i.test(`${info.architecture} ${info.device}`);
  return isSoftware ? SOFTWARE : COMMON[info.vendor.toLowerCase()];
}
