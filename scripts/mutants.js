// @ts-check
/**
 * The mutants of scripts/mutate.js: each is a place in the sources, the text that stands there instead, and the smallest test
 * files that must notice it. Guards, barriers and identities deserve one each. test/house/mutants.test.ts keeps the texts true.
 */

/** @typedef {{ name: string, file: string, from: string, to: string, noticedBy: readonly string[] }} Mutant */

/**
 * Mutants of one file that the same tests must notice, by name: `from`, which occurs exactly once, and `to`.
 * @param {string} file
 * @param {readonly string[]} noticedBy
 * @param {Readonly<Record<string, readonly [string, string]>>} places
 * @returns {readonly Mutant[]}
 */
const mutantsOf = (file, noticedBy, places) =>
  Object.entries(places).map(([name, [from, to]]) => ({ name, file, from, to, noticedBy }));

/** @type {readonly (readonly Mutant[])[]} */
const OF_THE_IR = [
  mutantsOf("src/ir/affine.ts", ["test/ir/affine.test.ts"], {
    "no lower bound": ["[form, subtract(affine(extent - 1), form)]", "[subtract(affine(extent - 1), form)]"],
    "no upper bound": ["[form, subtract(affine(extent - 1), form)]", "[form]"],
  }),
  mutantsOf("src/ir/ops/convolution.ts", ["test/ops/family.test.ts"], {
    "no guard on rows": [
      "domain: [...within(iy, y.input), ...within(ix, x.input)]",
      "domain: [...within(ix, x.input)]",
    ],
    "no guard on columns": [
      "domain: [...within(iy, y.input), ...within(ix, x.input)]",
      "domain: [...within(iy, y.input)]",
    ],
    "rates of the two axes swapped": [
      'const iy = readAt(y, "oy", "ky");',
      'const iy = readAt({ ...y, reads: { ...y.reads, tap: x.reads.tap } }, "oy", "ky");',
    ],
  }),
  mutantsOf("src/ir/ops/convolution.ts", ["test/ops/windows.test.ts"], {
    "live taps cut short": ["Math.max(0, last - first + 1)", "Math.max(0, last - first)"],
  }),
  mutantsOf("src/ir/ops/spec.ts", ["test/ops/tensorflow.test.ts"], {
    "padding rounds up": ["pad: Math.floor(span / 2)", "pad: Math.ceil(span / 2)"],
  }),
  mutantsOf("src/ir/ops/splitSum.ts", ["test/ops/splitSum.test.ts"], {
    "the last part sums channels that do not exist": ["chunk * parts === channels ?", "true ?"],
  }),
  mutantsOf("src/ir/program.ts", ["test/passes/vectorizeLoops.test.ts"], {
    "adjacent along a dimension of one element": [
      "shape.findLastIndex((size) => size > 1)",
      "shape.findLastIndex((size) => size > 0)",
    ],
  }),
  mutantsOf("src/ir/rewrites/filtering.ts", ["test/ops/rewrites.test.ts"], {
    "a maximum by Winograd's algorithm": ['return combine === "sum" && isLoads', 'return combine !== "x" && isLoads'],
  }),
  mutantsOf("src/ir/interpret.ts", ["test/ir/interpret.test.ts"], {
    "the definition sums what lies outside the domain": [
      'domain.filter((form) => decide([form], bounds) !== "always")',
      'domain.filter((form) => decide([form], bounds) === "never")',
    ],
  }),
  mutantsOf("src/ir/interpret.ts", ["test/where.test.ts"], {
    "the definition writes points that do not exist": [
      "forms.guardsByAxis(stage.where ?? [])",
      "forms.guardsByAxis([])",
    ],
  }),
  mutantsOf("src/ir/interpretKernel.ts", ["test/ir/interpretKernel.test.ts"], {
    "invocations may part ways at a barrier": ["if (stops.size > 1)", "if (stops.size > 99)"],
    "a read past the end of a vector is none": ["subscript + extra >= extent", "subscript >= extent"],
  }),
  mutantsOf("src/ir/verify.ts", ["test/ir/verify.test.ts"], {
    "a guard implies what it does not": [
      "if (range(form, bounds).min >= 0) return true;",
      "if (range(form, bounds).max >= 0) return true;",
    ],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_NESTS = [
  mutantsOf("src/codegen/nestStage.ts", ["test/schedule.test.ts"], {
    "no tail guard": ["if (!exact && !shifts)", 'if (!exact && !shifts && tail !== "guard")'],
    "no tail guard where rounded up": ["if (!exact && !shifts)", 'if (!exact && !shifts && tail === "guard")'],
    "last tile shifted too far": ["last: loop.extent - by }", "last: loop.extent - by - 1 }"],
  }),
  mutantsOf("src/codegen/nestStage.ts", ["test/scheduleErrors.test.ts"], {
    "sums in lanes in spite of a tail": [
      "place !== this.#loops.length - 1 || hasTail || ",
      "place !== this.#loops.length - 1 || ",
    ],
    "tiles shift inside a sum": ["(firstReduce >= 0 && place > firstReduce)", "false"],
    "a rounded-up reduction sums what is not there": [
      'if (!exact && tail === "roundUp" && loop.reduce)',
      'if (!exact && tail === "roundUp" && loop.extent < 0)',
    ],
    "any text is a loop's name": ["/^[a-z][a-z0-9]{0,15}$/", "/^/"],
  }),
  mutantsOf("src/codegen/buildKernel.ts", ["test/schedule.test.ts"], {
    "reduction tails do not guard the sum": [
      "tail.sum && (tail.reduce || pending.guard.includes(tail.form))",
      "tail.sum && !tail.reduce && pending.guard.includes(tail.form)",
    ],
    "partial sums start anew": ["return guarded(first, [zero], [{ ...zero, value }]);", "return [zero];"],
    "one lane's sum for all": [
      "load(this.#accumulator, [...at, affine(i)])",
      "load(this.#accumulator, [...at, affine(0)])",
    ],
  }),
  mutantsOf("src/codegen/buildKernel.ts", ["test/where.test.ts"], {
    "points that do not exist are summed though they read past the end": [
      "const where = this.#readsStayInside() ?",
      "const where = true ?",
    ],
    "tiles with points are passed over": [
      "add(subtract(form, tile), range(tile, bounds).max)",
      "add(subtract(form, tile), range(tile, bounds).min)",
    ],
  }),
  mutantsOf("src/codegen/buildKernel.ts", ["test/workgroup.test.ts"], {
    "invocations disagree on a guard around a barrier": [
      "return !this.#caches.hasBarrier(place) || ",
      "return true || ",
    ],
  }),
  mutantsOf("src/codegen/pending.ts", ["test/where.test.ts", "test/schedule.test.ts"], {
    "an index is made before the guard that gives it a meaning": [
      "new Set([...guard, ...later].filter(isKnown).flatMap(variablesOf))",
      "new Set([...guard].filter(isKnown).flatMap(variablesOf))",
    ],
  }),
  mutantsOf("src/codegen/pack.ts", ["test/schedule.test.ts"], {
    "packed weights read past the end": ["domain: insideOf(read.at, source.shape, axes)", "domain: []"],
  }),
  mutantsOf("src/codegen/group.ts", ["test/group.test.ts"], {
    "a box is one element short": ["Math.max(0, max - min + 1)", "Math.max(1, max - min)"],
    "a box begins at its end": [
      "const start = add(subtract(form, part), min);",
      "const start = add(subtract(form, part), max);",
    ],
    "a guest goes on where its outer nest stops": [
      "const held = new Set(outer.tails.flatMap(({ form, sum }) => (sum ? [key(form)] : [])));",
      "const held = new Set(nest.tails.map(({ form }) => key(form)));",
    ],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_SEARCH = [
  mutantsOf("src/codegen/search/view.ts", ["test/search/offered.test.ts"], {
    "a copy is made of what is read twice": [
      "factors.filter((other) => other.buffer === buffer).length === 1",
      "factors.length > 0",
    ],
    "points past the end are summed whatever they read": [
      "return limits.every((limit) => isSaid(limit, stage.domain));",
      "return stage.domain.length > 0 || limits.every((limit) => isSaid(limit, stage.domain));",
    ],
  }),
  mutantsOf("src/codegen/search/view.ts", ["test/search/copies.test.ts"], {
    "a copy is made for one row": ["return row && lane === columns", "return lane === columns"],
    "what passes by is copied": ["moves(columns, packed) && !moves(row, packed)", "moves(columns, packed)"],
    "a copy that each call makes costs nothing": [
      "|| access.factors[packed]?.isKnown) return 0;",
      "|| packed >= 0) return 0;",
    ],
  }),
  mutantsOf("src/codegen/search/vectorDirectives.ts", ["test/search/offered.test.ts"], {
    "tiles that overlap are peeled": ["if (peeled && edge) return shifts ? [] : ", "if (peeled && edge) return "],
    "a copy of tiles that overlap": [" && !moves(axis, view.packed);", ";"],
  }),
  mutantsOf("src/codegen/search/scalarTile.ts", ["test/search/offered.test.ts"], {
    "a copy of tiles that overlap, without vectors": ["fits && !moves(axis, packed) ?", "fits ?"],
  }),
  mutantsOf("src/codegen/search/vectorTile.ts", ["test/search/offered.test.ts"], {
    "what threads share is peeled": [
      "view.sliding === undefined || sharedAxis({ shared }, view) !== view.sliding",
      "view.packed !== undefined || sharedAxis({ shared }, view) !== undefined",
    ],
  }),
  mutantsOf("src/codegen/search/loopNames.ts", ["test/search/offered.test.ts"], {
    "two loops of one name": ["this.#given.get(loop)", "[...this.#given.values()].find((one) => one === wish)"],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_CACHES = [
  mutantsOf("src/codegen/box.ts", ["test/workgroup.test.ts", "test/schedule.test.ts"], {
    "cache copies without a guard": ["const copy = guarded(box.inside,", "const copy = guarded([],"],
    "the last step of a box copies past its end": ["const inRange = count % team === 0 ?", "const inRange = true ?"],
    "no barrier after a box is copied": [
      '...copyTogether(box, copy, invocations), { kind: "barrier" }]',
      "...copyTogether(box, copy, invocations)]",
    ],
    "no barrier before a box is copied": ['return [{ kind: "barrier" }, ...copyTogether', "return [...copyTogether"],
  }),
  mutantsOf("src/codegen/fill.ts", ["test/gather.test.ts"], {
    "no barrier before a gathered copy is written": [
      "    barrier,\n    ...staged.flatMap((copier) => copier.write()),",
      "    ...staged.flatMap((copier) => copier.write()),",
    ],
    "no barrier after a gathered copy is written": [
      "    ...direct.flatMap((copier) => copier.copy()),\n    barrier,",
      "    ...direct.flatMap((copier) => copier.copy()),",
    ],
    "elements that do not exist are no zeros": [
      "this.gathered.exists.length > 0 ? store(number(0)) : []",
      "this.gathered.exists.length > 99 ? store(number(0)) : []",
    ],
    "elements that do not exist are read": [
      "const guard = exists.map(own);",
      "const guard = exists.map(own).slice(1);",
    ],
    "the last step of a copy writes past its end": ["guarded(isWhole ? []", "guarded(isWhole || this.steps > 1 ? []"],
  }),
  mutantsOf("src/codegen/caches.ts", ["test/gather.test.ts"], {
    "zeros stand in for a guard though the other factor is none": [
      "return this.#isDefined && this.#copies",
      "return this.#copies",
    ],
  }),
  mutantsOf("src/codegen/reach.ts", ["test/gather.test.ts"], {
    "a tile is judged by its worst pixel": [
      "affine(range(variable(name, by), bounds).max)",
      "affine(range(variable(name, by), bounds).min)",
    ],
    "a quotient reaches one too little": ["Math.max(0, by * most)", "Math.max(0, by * (most - 1))"],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_PASSES = [
  mutantsOf("src/codegen/passes/partitionLoops.ts", ["test/passes/partitionLoops.test.ts"], {
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
    "a vector that is not full is not computed": [
      "guard.length > 0 ? oneByOne : []",
      "guard.length > 99 ? oneByOne : []",
    ],
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
    "constants are not rounded as memory would": ['buffer.dtype === "f32" ?', 'buffer.dtype === "f16" ?'],
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
    "an output may be -0 where a sum is 0": ["|| stored.has(inner.name)) continue;", ") continue;"],
    "a sum begins anew in each iteration": [
      'stmt.kind === "if" ? new Set([...declared.keys(), ...outside]) : new Set<string>()',
      "new Set([...declared.keys(), ...outside])",
    ],
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

/** @type {readonly (readonly Mutant[])[]} */
const OF_CODE = [
  mutantsOf("src/codegen/emit/text.ts", ["test/emit/js.test.ts"], {
    "JavaScript drops an if's else": ["stmt.otherwise.length > 0 ?", "stmt.otherwise.length > 99 ?"],
  }),
  mutantsOf("src/codegen/emit/wasm.ts", ["test/emit/wasm.test.ts"], {
    "immediates beside a base below zero": [" || range(moving, scope.bounds).min < 0", ""],
    "steps step too far": [".i32Const(by)", ".i32Const(by + 4)"],
    "ranges begin at zero": ["if (isRange) code.localGet(0);", "if (isRange) code.i32Const(0);"],
    "a counter that is read counts down": [
      "const counts = isRange || variablesIn(loop.body).has(loop.name);",
      "const counts = isRange;",
    ],
    "the next lane is extracted": [
      'code.lane("f32x4.extract_lane", expr.lane);',
      'code.lane("f32x4.extract_lane", (expr.lane + 1) % 4);',
    ],
  }),
  mutantsOf("src/codegen/emit/wasmAssembler.ts", ["test/emit/wasmAssembler.test.ts"], {
    "signed integers cut at their sign": ["rest >> 6 === 0 || rest >> 6 === -1", "rest >> 7 === 0 || rest >> 7 === -1"],
  }),
  mutantsOf("src/codegen/emit/wgsl.ts", ["test/emit/wgsl.test.ts"], {
    "WGSL has no barriers": ['barrier: () => "workgroupBarrier();"', 'barrier: () => ""'],
  }),
  mutantsOf("src/codegen/aot/literal.ts", ["test/build/literal.test.ts"], {
    "a name sets a prototype": ['key === "__proto__" ?', 'key === "" ?'],
  }),
  mutantsOf("src/codegen/module/wasm.ts", ["test/emit/wasmModule.test.ts"], {
    "buffers overlap": [
      "bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;",
      "bytes += Math.floor(size / ALIGNMENT) * ALIGNMENT;",
    ],
  }),
  mutantsOf("src/codegen/module/wgsl.ts", ["test/emit/wgslModule.test.ts"], {
    "the last dispatch runs past the end": ["Math.min(count, size - i * count)", "count"],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_THE_RUNTIME = [
  mutantsOf("src/runtime/host/wasmInstance.ts", ["test/runtime/wasm.test.ts"], {
    "weights that make room are forgotten": [
      "new Map([...this.#stored].map(([name, view]) => [name, view.slice()]))",
      "new Map()",
    ],
  }),
  mutantsOf("src/runtime/threads/chunks.js", ["test/runtime/threads.test.ts"], {
    "the last chunk runs past the end": ["Math.min(iterations, begin + chunk)", "begin + chunk"],
  }),
  mutantsOf("src/tune/selection.ts", ["test/tune/selection.test.ts"], {
    "a tie is a reason for another schedule": ["sure.gain.low > WORTHWHILE", "sure.gain.median > WORTHWHILE"],
  }),
];

export const MUTANTS = [OF_THE_IR, OF_NESTS, OF_SEARCH, OF_CACHES, OF_PASSES, OF_CODE, OF_THE_RUNTIME].flat(2);
