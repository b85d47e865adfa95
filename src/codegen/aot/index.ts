/**
 * Kernels as files: text that ts-morph writes. ts-morph takes half a second to load, so import this only to write
 * files.
 */
export { writeBarrel, writeRegistry, writeRegistryTypes } from "./writeBarrel.js";
export { fileName, writeKernel, writeKernelTypes } from "./writeKernel.js";
export { writeModule } from "./writeModule.js";
