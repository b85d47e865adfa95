/** How much of a machine a device probably is. WebGPU does not tell, and schedules for a large GPU are others than for a CPU. */

/** Multiprocessors (compute units, cores) of what is common of each vendor: cards of some, parts of other chips of the others. */
const COMMON: Readonly<Record<string, number>> = { nvidia: 128, amd: 64, apple: 32, intel: 24, qualcomm: 12, arm: 12 };

/** A renderer on the CPU computes one workgroup a core, and has nothing to hide behind another one. */
const SOFTWARE = 2;

/** Undefined where nothing is known. */
export function multiprocessorsOf({ adapterInfo: info }: GPUDevice): number | undefined {
  if (info === undefined) return undefined; // older browsers tell of adapters alone
  const isSoftware =
    info.isFallbackAdapter || /swiftshader|llvmpipe|software|warp/i.test(`${info.architecture} ${info.device}`);
  return isSoftware ? SOFTWARE : COMMON[info.vendor.toLowerCase()];
}
