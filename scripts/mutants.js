// @ts-check
/** The mutants of scripts/mutate.js: each a place in the sources, and what stands there instead. */

const WINDOW = "src/ir/ops/convolution.ts";
const NEST = "src/codegen/nest.ts";
const WASM = "src/codegen/emit/wasm.ts";
const BUILD = "src/codegen/buildKernel.ts";

/** @typedef {{ name: string, file: string, from: string, to: string }} Mutant `from` must occur exactly once */

/** @type {readonly Mutant[]} */
export const MUTANTS = [
  {
    name: "no guard on rows",
    file: WINDOW,
    from: "domain: [...within(iy, y.input), ...within(ix, x.input)]",
    to: "domain: [...within(ix, x.input)]",
  },
  {
    name: "no guard on columns",
    file: WINDOW,
    from: "domain: [...within(iy, y.input), ...within(ix, x.input)]",
    to: "domain: [...within(iy, y.input)]",
  },
  {
    name: "no lower bound",
    file: "src/ir/affine.ts",
    from: "[form, subtract(affine(extent - 1), form)]",
    to: "[subtract(affine(extent - 1), form)]",
  },
  {
    name: "no upper bound",
    file: "src/ir/affine.ts",
    from: "[form, subtract(affine(extent - 1), form)]",
    to: "[form]",
  },
  {
    name: "rates of the two axes swapped",
    file: WINDOW,
    from: 'const iy = readAt(y, "oy", "ky");',
    to: 'const iy = readAt({ ...y, reads: { ...y.reads, tap: x.reads.tap } }, "oy", "ky");',
  },
  {
    name: "padding rounds up",
    file: "src/ir/ops/spec.ts",
    from: "pad: Math.floor(reach / 2)",
    to: "pad: Math.ceil(reach / 2)",
  },
  { name: "live taps cut short", file: WINDOW, from: "Math.max(0, last - first + 1)", to: "Math.max(0, last - first)" },
  {
    name: "no tail guard",
    file: NEST,
    from: "if (!exact && !shifts)",
    to: 'if (!exact && !shifts && tail !== "guard")',
  },
  {
    name: "no tail guard where rounded up",
    file: NEST,
    from: "if (!exact && !shifts)",
    to: 'if (!exact && !shifts && tail === "guard")',
  },
  {
    name: "last tile shifted too far",
    file: NEST,
    from: "last: loop.extent - by }",
    to: "last: loop.extent - by - 1 }",
  },
  {
    name: "reduction tails do not guard the sum",
    file: BUILD,
    from: "tail.sum && (tail.reduce || pending.guard.includes(tail.form))",
    to: "tail.sum && !tail.reduce && pending.guard.includes(tail.form)",
  },
  {
    name: "partial sums start anew",
    file: BUILD,
    from: "return guarded(first, [zero], [{ ...zero, value }]);",
    to: "return [zero];",
  },
  {
    name: "packed weights read past the end",
    file: "src/codegen/pack.ts",
    from: "domain: insideOf(read.at, source.shape, axes)",
    to: "domain: []",
  },
  {
    name: "cache copies without a guard",
    file: "src/codegen/cache.ts",
    from: "const copy = guarded(box.inside,",
    to: "const copy = guarded([],",
  },
  {
    name: "no barrier after a shared copy",
    file: "src/codegen/cache.ts",
    from: '...copyTogether(box, copy, invocations), { kind: "barrier" }]',
    to: "...copyTogether(box, copy, invocations)]",
  },
  {
    name: "no barrier before a shared copy",
    file: "src/codegen/cache.ts",
    from: 'return [{ kind: "barrier" }, ...copyTogether',
    to: "return [...copyTogether",
  },
  {
    name: "steady state one too long",
    file: "src/codegen/passes/partitionLoops.ts",
    from: "...segment(loop, clean, first, last + 1)",
    to: "...segment(loop, clean, first, Math.min(last + 2, loop.extent))",
  },
  {
    name: "worst inner point is the best",
    file: "src/codegen/passes/partitionLoops.ts",
    from: "range(inner, bounds).min",
    to: "range(inner, bounds).max",
  },
  {
    name: "lanes guarded at the first only",
    file: "src/codegen/passes/vectorizeLoops.ts",
    from: "constant: atLaneZero.constant + min",
    to: "constant: atLaneZero.constant",
  },
  {
    name: "guards merged though they differ",
    file: "src/codegen/passes/mergeGuards.ts",
    from: "guardKey(last.guard) === guardKey(stmt.guard)",
    to: "last.guard.length === stmt.guard.length",
  },
  {
    name: "loads shared across stores",
    file: "src/codegen/passes/shareLoads.ts",
    from: "if (buffer === stmt.buffer) shared.delete(id)",
    to: 'if (buffer === "") shared.delete(id)',
  },
  {
    name: "JavaScript drops an if's else",
    file: "src/codegen/emit/text.ts",
    from: "stmt.otherwise.length > 0 ?",
    to: "stmt.otherwise.length > 99 ?",
  },
  {
    name: "bases below zero are not lifted",
    file: "src/codegen/passes/liftBases.ts",
    from: 'if (addressing !== "bytes") return kernel;',
    to: 'if (addressing !== "subscripts") return kernel;',
  },
  {
    name: "steps that go down are lifted too little",
    file: "src/codegen/passes/liftBases.ts",
    from: "range(step.start, known).min + Math.min(0, step.by * (extent - 1))",
    to: "range(step.start, known).min",
  },
  {
    name: "uses of a lifted base keep its old value",
    file: "src/codegen/passes/liftBases.ts",
    from: "lifted.set(index.name, add(variable(index.name), index.min));",
    to: "lifted.set(index.name, variable(index.name));",
  },
  {
    name: "immediates beside a base below zero",
    file: WASM,
    from: " || range(moving, scope.bounds).min < 0",
    to: "",
  },
  { name: "steps step too far", file: WASM, from: ".i32Const(by)", to: ".i32Const(by + 4)" },
  {
    name: "steps start without what stands still",
    file: "src/codegen/passes/stepOffsets.ts",
    from: "const start = affine(0, { ...form.terms, [loop.name]: 0 });",
    to: "const start = affine(0);",
  },
  {
    name: "a counter that is read counts down",
    file: WASM,
    from: "const counts = isRange || variablesIn(loop.body).has(loop.name);",
    to: "const counts = isRange;",
  },
  {
    name: "ranges begin at zero",
    file: WASM,
    from: "if (isRange) code.localGet(0);",
    to: "if (isRange) code.i32Const(0);",
  },
  {
    name: "the next lane is extracted",
    file: WASM,
    from: 'code.lane("f32x4.extract_lane", expr.lane);',
    to: 'code.lane("f32x4.extract_lane", (expr.lane + 1) % 4);',
  },
  {
    name: "lanes are read one off",
    file: "src/codegen/passes/promoteRegisters.ts",
    from: "return expr.lanes === lanes ? vector : lane(vector, laneOf(expr, lanes));",
    to: "return expr.lanes === lanes ? vector : lane(vector, (laneOf(expr, lanes) + 1) % lanes);",
  },
  {
    name: "vectors that overlap are promoted",
    file: "src/codegen/passes/promoteRegisters.ts",
    from: "access.lanes === lanes && laneOf(access, lanes) === 0",
    to: "access.lanes === lanes",
  },
  {
    name: "no head before the steady state",
    file: "src/codegen/passes/partitionLoops.ts",
    from: "...segment(end, loop.body, 0, first),",
    to: "",
  },
  {
    name: "no tail after the steady state",
    file: "src/codegen/passes/partitionLoops.ts",
    from: "...segment(end, loop.body, last + 1, loop.extent),",
    to: "",
  },
  {
    name: "guards that are just met are taken for failed",
    file: "src/codegen/passes/unrollLoops.ts",
    from: "isConstant(form) && form.constant < 0",
    to: "isConstant(form) && form.constant <= 0",
  },
  {
    name: "shared offsets lose their constants",
    file: "src/codegen/passes/shareOffsets.ts",
    from: "return add(variable(name), form.constant);",
    to: "return add(variable(name), 0);",
  },
  {
    name: "threads share scratch memory",
    file: "src/codegen/passes/bindLaunch.ts",
    from: 'all.some((stmt) => stmt.kind === "alloc")',
    to: "false",
  },
  {
    name: "adjacent along a dimension of one element",
    file: "src/ir/program.ts",
    from: "shape.findLastIndex((size) => size > 1)",
    to: "shape.findLastIndex((size) => size > 0)",
  },
  {
    name: "sums in lanes in spite of a tail",
    file: NEST,
    from: "place !== this.#loops.length - 1 || hasTail || ",
    to: "place !== this.#loops.length - 1 || ",
  },
  {
    name: "one lane's sum for all",
    file: BUILD,
    from: "load(ACCUMULATOR, [...at, affine(i)])",
    to: "load(ACCUMULATOR, [...at, affine(0)])",
  },
  {
    name: "buffers overlap",
    file: "src/codegen/module/wasm.ts",
    from: "bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;",
    to: "bytes += Math.floor(size / ALIGNMENT) * ALIGNMENT;",
  },
  {
    name: "signed integers cut at their sign",
    file: "src/codegen/emit/wasmAssembler.ts",
    from: "rest >> 6 === 0 || rest >> 6 === -1",
    to: "rest >> 7 === 0 || rest >> 7 === -1",
  },
  {
    name: "weights that make room are forgotten",
    file: "src/runtime/host/wasm.ts",
    from: "new Map([...this.#stored].map(([name, view]) => [name, view.slice()]))",
    to: "new Map()",
  },
  {
    name: "the last chunk runs past the end",
    file: "src/runtime/threads/chunks.js",
    from: "Math.min(iterations, begin + chunk)",
    to: "begin + chunk",
  },
];
