// @ts-check
/**
 * What one round of a kernel's hot loop does, by its SPIR-V: of the loops without a loop inside, the one with the most fused
 * multiply-adds. Branches count as if all were taken, and vectors once for each number.
 */
import { bytesOf, lanesOf, pointee } from "./spirv.js";

/**
 * @typedef {import("./spirv.js").Spirv} Spirv
 * @typedef {import("./spirv.js").Instruction} Instruction
 *
 * @typedef {object} Work
 * @property {number} fmas
 * @property {number} others all other arithmetic: of addresses, conditions and numbers
 * @property {number} clamps those that keep a subscript in its array
 * @property {number} workgroupBytes read from the memory that a workgroup shares
 * @property {number} globalBytes read from buffers
 * @property {number} barriers
 */

/** Undefined where there is no loop. @param {Spirv} module @returns {Work | undefined} */
export function hotLoop(module) {
  const loops = [...module.functions.values()].flatMap(innermostLoops).map((body) => workOf(module, body));
  return loops.reduce(
    (best, next) => (next.fmas > (best?.fmas ?? -1) ? next : best),
    /** @type {Work | undefined} */ (undefined),
  );
}

/** Blocks of a loop stand together: from its header, which names the block after it, up to that. @param {readonly Instruction[]} body */
function innermostLoops(body) {
  const labels = new Map(body.flatMap(({ op, result }, i) => (op === "OpLabel" ? [[result, i]] : [])));
  const loops = body.flatMap(({ op, operands }, i) =>
    op === "OpLoopMerge" ? [{ begin: i, end: labels.get(operands[0]) ?? body.length }] : [],
  );
  return loops
    .filter(({ begin, end }) => !loops.some((inner) => inner.begin > begin && inner.begin < end))
    .map(({ begin, end }) =>
      body.slice(
        body.slice(0, begin).findLastIndex(({ op }) => op === "OpLabel"),
        end,
      ),
    );
}

const CLAMPS = new Set(["UMin", "UClamp"]);
/** `OpSelect` and arithmetic on integers, booleans and floats. Moving the parts of a vector around costs GPUs nothing. */
const ARITHMETIC =
  /^Op(I|F|S|U)(Add|Sub|Mul|Div|Mod|Rem|Negate|Less|Greater|Equal|NotEqual)|^Op(Shift|Bitwise|Not|Logical|Select$|FOrd|FUnord|Convert|Dot|Any|All)/;

/** @param {Spirv} module @param {readonly Instruction[]} body @returns {Work} */
function workOf(module, body) {
  /** @type {Work} */
  const work = { fmas: 0, others: 0, clamps: 0, workgroupBytes: 0, globalBytes: 0, barriers: 0 };
  for (const { op, operands } of body) {
    const [type = "", first = "", name = ""] = operands;
    if (op === "OpLoad") {
      const storage = pointee(module, first)?.storage;
      if (storage === "Workgroup") work.workgroupBytes += bytesOf(module, type);
      if (storage === "StorageBuffer") work.globalBytes += bytesOf(module, type);
    } else if (op === "OpExtInst") {
      if (name === "Fma") work.fmas += lanesOf(module, type);
      else work.others += lanesOf(module, type);
      if (CLAMPS.has(name)) work.clamps += lanesOf(module, type);
    } else if (op === "OpFunctionCall") {
      const called = workOf(module, module.functions.get(first) ?? []);
      for (const key of /** @type {(keyof Work)[]} */ (Object.keys(work))) work[key] += called[key];
    } else if (op === "OpControlBarrier") work.barriers++;
    else if (ARITHMETIC.test(op)) work.others += lanesOf(module, type);
  }
  return work;
}
