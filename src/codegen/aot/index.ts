/** Kernels as files: text that ts-morph writes. Loading it takes half a second, so whoever has nothing to write does without. */
export { MARK } from "./banner.js";
export { type FoundCall, type Scan, scan } from "./scan.js";
export { writeAmbient } from "./writeAmbient.js";
export { writeBarrel, writeRegistry, writeRegistryTypes } from "./writeBarrel.js";
export { writeKernel, writeKernelTypes } from "./writeKernel.js";
export { writeModule } from "./writeModule.js";
