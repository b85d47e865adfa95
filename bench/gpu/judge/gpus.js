// @ts-check
/**
 * How well a launch fills GPUs. Their figures are round, to compare launches by, and have not been checked against the documents
 * where they come from: the CUDA programming guide (compute capabilities 8.9 and 9.0), AMD's RDNA whitepapers, Mesa's driver for
 * Apple GPUs (sources differ), Intel's oneAPI guide. Do so before quoting one.
 */

/**
 * @typedef {object} Gpu one kind of multiprocessor, many times (SM, CU, core, Xe-core)
 * @property {string} name
 * @property {number} processors
 * @property {number} units of each, which compute one wave at a time
 * @property {number} wave invocations that go in step
 * @property {number} waves that a processor holds
 * @property {number} workgroups that a processor holds
 * @property {number} memory bytes that its workgroups share
 * @property {number} reserved bytes of it that a workgroup takes for nothing
 * @property {number | null} registers of 32 bits; null where each wave has its own, however many it needs
 */

/** @type {readonly Gpu[]} */
export const GPUS = [
  {
    name: "RTX 4090",
    processors: 128,
    units: 4,
    wave: 32,
    waves: 48,
    workgroups: 24,
    memory: 102_400,
    reserved: 1024,
    registers: 65_536,
  },
  {
    name: "H100",
    processors: 132,
    units: 4,
    wave: 32,
    waves: 64,
    workgroups: 32,
    memory: 233_472,
    reserved: 1024,
    registers: 65_536,
  },
  {
    name: "RX 6900 XT",
    processors: 80,
    units: 2,
    wave: 32,
    waves: 32,
    workgroups: 32,
    memory: 65_536,
    reserved: 0,
    registers: 65_536,
  },
  {
    name: "RX 7900 XTX",
    processors: 96,
    units: 2,
    wave: 32,
    waves: 32,
    workgroups: 32,
    memory: 65_536,
    reserved: 0,
    registers: 98_304,
  },
  {
    name: "Apple M2",
    processors: 10,
    units: 4,
    wave: 32,
    waves: 32,
    workgroups: 32,
    memory: 61_440,
    reserved: 0,
    registers: 53_248,
  },
  {
    name: "Arc A770",
    processors: 32,
    units: 16,
    wave: 16,
    waves: 128,
    workgroups: 64,
    memory: 131_072,
    reserved: 0,
    registers: null,
  },
];

/**
 * @typedef {{ workgroups: number, invocations: number, workgroupBytes: number }} Launch
 *
 * @typedef {object} Filling
 * @property {number} share of the GPU that works on average, if all workgroups take equally long
 * @property {number} waves that a unit can hold, to work on one while others wait
 * @property {Limit} limit what allows no more
 *
 * @typedef {"waves" | "workgroups" | "memory" | "registers"} Limit
 */

/**
 * `registers`: what an invocation takes; null where that is unknown, and then they limit nothing.
 * @param {Gpu} gpu @param {Launch} launch @param {number | null} registers @returns {Filling}
 */
export function fill(gpu, { workgroups, invocations, workgroupBytes }, registers) {
  const waves = Math.ceil(invocations / gpu.wave);
  /** @type {[Limit, number][]} */
  const limits = [
    ["waves", gpu.waves / waves],
    ["workgroups", gpu.workgroups],
    ["memory", gpu.memory / (workgroupBytes + gpu.reserved)],
  ];
  if (registers && gpu.registers) limits.push(["registers", gpu.registers / (registers * waves * gpu.wave)]);
  const [limit, held] = limits.reduce((least, next) => (Math.floor(next[1]) < Math.floor(least[1]) ? next : least));
  // The processor with the most to do, in waves of its unit with the most to do.
  const longest = Math.ceil((Math.ceil(workgroups / gpu.processors) * waves) / gpu.units);
  const lanes = invocations / (waves * gpu.wave);
  return {
    share: longest === 0 ? 0 : (lanes * workgroups * waves) / (gpu.processors * gpu.units * longest),
    waves: (Math.floor(held) * waves) / gpu.units,
    limit,
  };
}
