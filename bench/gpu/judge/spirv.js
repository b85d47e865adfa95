// @ts-check
/** Reads the text of a SPIR-V module, as far as counting needs it: types, constants, variables and the bodies of functions. */

/**
 * @typedef {object} Instruction
 * @property {string} op
 * @property {string | undefined} result
 * @property {readonly string[]} operands the type comes first where there is a result
 *
 * @typedef {object} Variable
 * @property {string} storage such as Workgroup
 * @property {string} type what it holds
 *
 * @typedef {object} Spirv
 * @property {string} entry its name
 * @property {string} main the function that is the entry point
 * @property {number} invocations of a workgroup
 * @property {ReadonlyMap<string, Instruction>} definitions types, constants, variables and whatever functions compute
 * @property {ReadonlyMap<string, Variable>} variables
 * @property {ReadonlyMap<string, readonly Instruction[]>} functions
 * @property {readonly { set: number, binding: number, isUniform: boolean }[]} bindings
 */

/** @param {string} text @returns {Spirv} */
export function parseSpirv(text) {
  const all = text
    .split("\n")
    .map(parseLine)
    .filter((line) => line !== undefined);
  const [, main = "", quoted = ""] = named(all, "OpEntryPoint").operands;
  const [, , ...size] = named(all, "OpExecutionMode", "LocalSize").operands;
  const definitions = new Map(all.flatMap((line) => (line.result ? [[line.result, line]] : [])));
  const variables = new Map(
    all.flatMap(({ op, result, operands }) => {
      if (op !== "OpVariable" || !result) return [];
      const [pointer = "", storage = ""] = operands;
      return [[result, { storage, type: definitions.get(pointer)?.operands[1] ?? "" }]];
    }),
  );
  return {
    entry: quoted.slice(1, -1),
    main,
    invocations: size.reduce((product, along) => product * Number(along), 1),
    definitions,
    variables,
    functions: functionsOf(all),
    bindings: bindingsOf(all, variables),
  };
}

/** @param {string} line @returns {Instruction | undefined} */
function parseLine(line) {
  const [, result, op, rest = ""] = /^\s*(?:(%\S+) = )?(Op\w+)\s*(.*)$/.exec(line) ?? [];
  return op === undefined ? undefined : { op, result, operands: rest.split(/\s+/).filter((word) => word !== "") };
}

/** @param {readonly Instruction[]} all @param {string} op @param {string} [operand] */
function named(all, op, operand) {
  const found = all.find((line) => line.op === op && (operand === undefined || line.operands.includes(operand)));
  if (!found) throw new Error(`the SPIR-V has no ${op} ${operand ?? ""}`);
  return found;
}

/** @param {readonly Instruction[]} all */
function functionsOf(all) {
  /** @type {Map<string, Instruction[]>} */
  const functions = new Map();
  /** @type {Instruction[]} */
  let body = [];
  for (const line of all) {
    if (line.op === "OpFunction") {
      body = [];
      functions.set(line.result ?? "", body);
    } else if (line.op !== "OpFunctionEnd") body.push(line);
  }
  return functions;
}

/** @param {readonly Instruction[]} all @param {ReadonlyMap<string, Variable>} variables */
function bindingsOf(all, variables) {
  const decorated = (/** @type {string} */ name, /** @type {string} */ decoration) =>
    all.find(({ op, operands }) => op === "OpDecorate" && operands[0] === name && operands[1] === decoration)
      ?.operands[2];
  return [...variables].flatMap(([name, { storage }]) => {
    const binding = decorated(name, "Binding");
    return binding === undefined
      ? []
      : [{ set: Number(decorated(name, "DescriptorSet")), binding: Number(binding), isUniform: storage === "Uniform" }];
  });
}

/** Bytes of a type. @param {Spirv} module @param {string} type @returns {number} */
export function bytesOf(module, type) {
  const { op, operands = [] } = module.definitions.get(type) ?? {};
  switch (op) {
    case "OpTypeInt":
    case "OpTypeFloat":
      return Number(operands[0]) / 8;
    case "OpTypeVector":
      return bytesOf(module, operands[0] ?? "") * Number(operands[1]);
    case "OpTypeArray":
      return bytesOf(module, operands[0] ?? "") * Number(module.definitions.get(operands[1] ?? "")?.operands[1]);
    case "OpTypeStruct":
      return operands.reduce((sum, member) => sum + bytesOf(module, member), 0);
    default:
      throw new Error(`a ${op} has no size`);
  }
}

/** Numbers in a value of a type. @param {Spirv} module @param {string} type */
export function lanesOf({ definitions }, type) {
  const { op, operands = [] } = definitions.get(type) ?? {};
  return op === "OpTypeVector" ? Number(operands[1]) : 1;
}

/** What a pointer points into. @param {Spirv} module @param {string} pointer @returns {Variable | undefined} */
export function pointee({ definitions, variables }, pointer) {
  let at = pointer;
  while (definitions.get(at)?.op.endsWith("AccessChain")) at = definitions.get(at)?.operands[1] ?? "";
  return variables.get(at);
}

/** Bytes that a workgroup shares. @param {Spirv} module */
export const workgroupBytes = (module) =>
  [...module.variables.values()]
    .filter(({ storage }) => storage === "Workgroup")
    .reduce((sum, { type }) => sum + bytesOf(module, type), 0);
