// @ts-check
/** Passes. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_PASSES = [
  mutantsOf("src/codegen/passes/partitionLoops.ts", ["test/passes/partitionLoops.test.ts"], {
    "ends that move far are cut": ["steady.moves < 1", "steady.moves < 9"],
    "steady state one too long": [
      "...segment(loop, clean, first, last + 1)",
      "...segment(loop, clean, first, Math.min(last + 2, loop.extent))",
    ],
    "worst inner point is the best": ["range(inner, bounds).min", "range(inner, bounds).max"],
    "no head before the steady state": ["...segment(end, loop.body, 0, first),", ""],
    "no tail after the steady state": ["...segment(end, loop.body, last + 1, loop.extent),", ""],
    "a barrier is partitioned": [
      'if (statements(loop.body).some((stmt) => stmt.kind === "barrier")) return [loop];',
      "",
    ],
  }),
  mutantsOf("src/codegen/passes/vectorizeLoops.ts", ["test/passes/vectorizeLoops.test.ts"], {
    "lanes guarded at the first only": ["constant: atLaneZero.constant + min", "constant: atLaneZero.constant"],
    "a vector that is not full is not computed": ["guard.length > 0 ? scalar : []", "guard.length > 99 ? scalar : []"],
    "lanes are stored side by side, wherever they belong": [
      "!== 1) return oneByOne(stmt, loop);",
      "=== 99) return [];",
    ],
    "one lane is stored for all": ["new Map([[name, affine(i)]])", "new Map([[name, affine(0)]])"],
    "lanes lie anywhere": ["isStill && (slope === 0 || slope === 1)", "(slope === 0 || slope === 1)"],
  }),
  mutantsOf("src/codegen/passes/unrollLoops.ts", ["test/passes/unrollLoops.test.ts"], {
    "guards that are just met are taken for failed": [
      "isConstant(form) && form.constant < 0",
      "isConstant(form) && form.constant <= 0",
    ],
  }),
  mutantsOf("src/codegen/passes/foldConstants.ts", ["test/passes/foldConstants.test.ts"], {
    "a guard that sometimes holds is dropped": [
      'decide([form], bounds) !== "always" && !held.has(key(form))',
      'decide([form], bounds) === "never" && !held.has(key(form))',
    ],
    "comparisons do not round": ["rounded(expr.b.value)) ?", "expr.b.value) ?"],
    "constants are not rounded as memory would": ["round[buffer.dtype](value)", "value"],
    "0 - x is x": [
      'if (op === "add" && isZero(a)) return b;',
      'if ((op === "add" || op === "subtract") && isZero(a)) return b;',
    ],
  }),
  mutantsOf("src/codegen/passes/promoteRegisters.ts", ["test/passes/promoteRegisters.test.ts"], {
    "lanes are read one off": [
      "return expr.lanes === lanes ? vector : lane(vector, laneOf(expr, lanes));",
      "return expr.lanes === lanes ? vector : lane(vector, (laneOf(expr, lanes) + 1) % lanes);",
    ],
    "vectors that overlap are promoted": [
      "reference.lanes === lanes && laneOf(reference, lanes) === 0",
      "reference.lanes === lanes",
    ],
    "vectors that are written in part are promoted": [
      "reference.buffer !== alloc.buffer || isWhole(reference)",
      "reference.buffer !== alloc.buffer || reference.lanes > 0",
    ],
  }),
  mutantsOf("src/codegen/passes/separateNames.ts", ["test/passes/separateNames.test.ts"], {
    "two declarations share a name": ['own.like(uses.name, "c")', "uses.name"],
  }),
  mutantsOf("src/codegen/passes/fuseMultiplyAdd.ts", ["test/passes/fuseMultiplyAdd.test.ts"], {
    "c - a*b is c + a*b": ['expr.kind !== "binary" || expr.op !== "add"', 'expr.kind !== "binary"'],
  }),
  mutantsOf("src/codegen/passes/hoistAddresses.ts", ["test/passes/hoistAddresses.test.ts"], {
    "an index that moves is taken for still": [
      'stmt.kind === "for" || stmt.kind === "index") moving',
      'stmt.kind === "for") moving',
    ],
  }),
  mutantsOf("src/codegen/passes/separateScratch.ts", ["test/passes/separateScratch.test.ts"], {
    "threads share scratch memory": ["if (!threads || ", "if (threads || "],
  }),
  mutantsOf("src/codegen/passes/startSums.ts", ["test/passes/startSums.test.ts"], {
    "an output may be -0 where a sum is 0": [' || (begins === "add" && stored.has(inner.name))', ""],
    "a sum begins anew in each iteration": ['stmt.kind === "if" ? open : new Map()', "open"],
  }),
  mutantsOf("src/codegen/passes/mergeGuards.ts", ["test/passes/mergeGuards.test.ts"], {
    "guards merged though they differ": [
      "guardKey(last.guard) === guardKey(stmt.guard)",
      "last.guard.length === stmt.guard.length",
    ],
    "loops distributed over sums that need each other": ["(parts.length > 1 && !areSeparate(parts))", "false"],
  }),
  mutantsOf("src/codegen/passes/widenLoads.ts", ["test/passes/widenLoads.test.ts"], {
    "vectors begin anywhere": ["coefficientOf(last, name) % lanes !== 0", "coefficientOf(last, name) === 0"],
  }),
  mutantsOf("src/codegen/passes/shareLoads.ts", ["test/passes/shareLoads.test.ts"], {
    "loads shared across stores": [
      "if (buffer === stmt.buffer) shared.delete(id)",
      'if (buffer === "") shared.delete(id)',
    ],
  }),
  mutantsOf("src/codegen/passes/alignVectors.ts", ["test/passes/alignVectors.test.ts"], {
    "offsets count vectors though one lies between two": [
      "if (lanes !== VECTOR || !isAligned)",
      "if (lanes !== VECTOR)",
    ],
  }),
  mutantsOf("src/codegen/passes/hoistIndices.ts", ["test/passes/hoistIndices.test.ts"], {
    "an index that left its guard keeps its old range": [
      "max: Math.floor(max / stmt.divisor) }",
      "max: Math.min(stmt.max, Math.floor(max / stmt.divisor)) }",
    ],
  }),
  mutantsOf("src/codegen/passes/hoistGuards.ts", ["test/passes/hoistGuards.test.ts"], {
    "what is left of a guard is forgotten": [
      "guard: [flagOf(still), ...inner.guard.filter((form) => !isStill(form))]",
      "guard: [flagOf(still)]",
    ],
    "an else moves under another guard": [
      'if (inner?.kind !== "if" || inner.otherwise.length > 0)',
      'if (inner?.kind !== "if")',
    ],
  }),
  mutantsOf("src/codegen/passes/stepOffsets.ts", ["test/passes/stepOffsets.test.ts"], {
    "steps start without what stands still": [
      "const start = affine(0, { ...form.terms, [loop.name]: 0 });",
      "const start = affine(0);",
    ],
  }),
  mutantsOf("src/codegen/passes/shareOffsets.ts", ["test/passes/shareOffsets.test.ts"], {
    "shared offsets lose their constants": [
      "return add(variable(name), form.constant);",
      "return add(variable(name), 0);",
    ],
  }),
  mutantsOf("src/codegen/passes/liftBases.ts", ["test/passes/liftBases.test.ts"], {
    "bases below zero are not lifted": [
      'if (addressing !== "bytes") return kernel;',
      'if (addressing !== "subscripts") return kernel;',
    ],
    "steps that go down are lifted too little": [
      "range(step.start, known).min + Math.min(0, step.by * (extent - 1))",
      "range(step.start, known).min",
    ],
    "uses of a lifted base keep its old value": [
      "lifted.set(index.name, add(variable(index.name), index.min));",
      "lifted.set(index.name, variable(index.name));",
    ],
  }),
  mutantsOf("src/codegen/passes/bindLaunch.ts", ["test/passes/bindLaunch.test.ts"], {
    "a barrier is taken in turn": ['all.some((stmt) => stmt.kind === "barrier")', "all.length === 0"],
    "threads share a loop that has a neighbour": ["target.threads && inTurn.length === 1", "target.threads"],
    "more workgroup memory than there is": [
      "if (bytes > limits.workgroupBytes)",
      "if (bytes > 2 * limits.workgroupBytes)",
    ],
  }),
];
