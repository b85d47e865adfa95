// @ts-check
/** Counts what AMD's machine code does in its hot loop: of the loops without a loop inside, the one with the most fused multiply-adds. */

/**
 * @typedef {{ label: string, instructions: readonly { op: string, operands: string }[] }} Block
 *
 * @typedef {object} MachineWork of one invocation
 * @property {number} fmas
 * @property {number} others other instructions of the vector unit
 * @property {number} workgroupBytes read from the memory that a workgroup shares
 * @property {number} globalBytes read from buffers by vector instructions; scalar ones read for a whole wave at once
 */

/** Of the whole code where there is no loop. @param {string} assembly as Mesa prints it @returns {MachineWork} */
export function machineLoop(assembly) {
  const blocks = parseBlocks(assembly);
  const places = new Map(blocks.map(({ label }, i) => [label, i]));
  // A branch back makes a loop.
  const loops = blocks.flatMap(({ instructions }, end) =>
    instructions.flatMap(({ op, operands }) => {
      const begin = op.includes("branch") ? places.get(operands.split(/\s/)[0] ?? "") : undefined;
      return begin !== undefined && begin <= end ? [{ begin, end }] : [];
    }),
  );
  const innermost = loops.filter(
    ({ begin, end }) =>
      !loops.some((inner) => inner.begin >= begin && inner.end <= end && inner.end - inner.begin < end - begin),
  );
  const works = innermost.map(({ begin, end }) => workOf(blocks.slice(begin, end + 1)));
  return works.reduce((best, next) => (next.fmas > best.fmas ? next : best), works[0] ?? workOf(blocks));
}

/** @param {string} assembly @returns {Block[]} */
function parseBlocks(assembly) {
  /** @type {{ label: string, instructions: { op: string, operands: string }[] }[]} */
  const blocks = [];
  for (const line of assembly.split("\n")) {
    const label = /^(BB\d+):/.exec(line)?.[1];
    if (label !== undefined) blocks.push({ label, instructions: [] });
    const [, op, operands = ""] = /^\t(\w+)\s*(.*?)\s*;/.exec(line) ?? [];
    if (op !== undefined) blocks.at(-1)?.instructions.push({ op, operands });
  }
  return blocks;
}

/** @param {readonly Block[]} blocks @returns {MachineWork} */
function workOf(blocks) {
  const work = { fmas: 0, others: 0, workgroupBytes: 0, globalBytes: 0 };
  for (const { op } of blocks.flatMap(({ instructions }) => instructions)) {
    if (/^v_fma\w*_f32/.test(op)) work.fmas++;
    else if (op.startsWith("v_")) work.others++;
    else if (/^ds_(read|load)/.test(op)) work.workgroupBytes += (bits(op) / 8) * (/(read|load)_?2/.test(op) ? 2 : 1);
    else if (/^(buffer|global)_load/.test(op)) work.globalBytes += bits(op) / 8;
  }
  return work;
}

/** As the name says: `_b128`, `_dwordx4`, `_dword`, `_ushort`. @param {string} op */
function bits(op) {
  const [, exact, dwords] = /_[bui](\d+)|_dwordx(\d)/.exec(op) ?? [];
  if (exact !== undefined) return Number(exact);
  if (dwords !== undefined) return 32 * Number(dwords);
  return op.includes("short") ? 16 : 32;
}
