/** WebGPU's numbers for usages: browsers have them as globals, Dawn in Node does not. */

export const USAGE = {
  mapRead: 0x1,
  copySource: 0x4,
  copyDestination: 0x8,
  uniform: 0x40,
  storage: 0x80,
  queryResolve: 0x200,
} as const;

export const COMPUTE_STAGE = 0x4;

export const MAP_READ = 0x1;
