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
  mutantsOf("src/ir/trim.ts", ["test/ir/trim.test.ts"], {
    "live taps cut short": ["Math.max(0, last - first + 1)", "Math.max(0, last - first)"],
  }),
  mutantsOf("src/ir/ops/spec.ts", ["test/ops/tensorflow.test.ts"], {
    "padding rounds up": ["pad: Math.floor(reach / 2)", "pad: Math.ceil(reach / 2)"],
  }),
  mutantsOf("src/ir/rewrites/splitSum.ts", ["test/ops/splitSum.test.ts"], {
    "the last part sums channels that do not exist": ["chunk * parts === depth.extent ?", "true ?"],
  }),
  mutantsOf("src/ir/program.ts", ["test/passes/vectorizeLoops.test.ts"], {
    "adjacent along a dimension of one element": [
      "shape.findLastIndex((size) => size > 1)",
      "shape.findLastIndex((size) => size > 0)",
    ],
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
      "range(subtract(form, scale(known, factor)), bounds).min >= 0",
      "range(subtract(form, scale(known, factor)), bounds).max >= 0",
    ],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_ACCESS = [
  mutantsOf("src/ir/access.ts", ["test/ir/access.test.ts"], {
    "the parts of a split axis slide over each other": [
      "const isSplit = t * (tap.extent - 1) < p || p * (point.extent - 1) < t;",
      "const isSplit = false;",
    ],
    "chunks that overlap by one are a split axis": ["t * (tap.extent - 1) < p ||", "t * (tap.extent - 2) < p ||"],
    "padding on one side ties the parts of a split axis": [
      "return [1, -1].every((sign) => linked.some",
      "return [1, -1].some((sign) => linked.some",
    ],
    "one factor that moves makes a batch": ['by.includes(0) ? "reuse"', 'by.every((step) => step === 0) ? "reuse"'],
    "nothing moves in an empty buffer": ["Math.max(1, size)", "size"],
    "what an earlier stage makes is known before the call": [
      'role === "weights" || role === "prepared"',
      'role === "weights" || role === "scratch" || role === "prepared"',
    ],
    "of stages with most terms the last is the main one": [
      "termsOf(next) > termsOf(most)",
      "termsOf(next) >= termsOf(most)",
    ],
  }),
  mutantsOf("src/ir/trim.ts", ["test/ir/trim.test.ts"], {
    "a value before the first live one is kept": ["Math.ceil(-max / slope)", "Math.floor(-max / slope)"],
    "a value after the last live one is kept": ["Math.floor(max / -slope)", "Math.ceil(max / -slope)"],
    "the axis does not begin with its first live value": ["extent > 0 ? first : 0", "0"],
    "forms that exclude each other are thought to meet": ["&& sum.constant < 0", "&& sum.constant < -99"],
    "an axis that bounds another is trimmed once": ["trimmed === stage ? stage : trimStage(trimmed)", "trimmed"],
  }),
  mutantsOf("src/ir/phases.ts", ["test/ir/phases.test.ts"], {
    "the last tap of a phase is left out": [
      "Math.ceil((tap.extent - first) / step)",
      "Math.floor((tap.extent - first) / step)",
    ],
    "the last point of a phase is left out": [
      "Math.ceil((axis.extent - phase) / count)",
      "Math.floor((axis.extent - phase) / count)",
    ],
    "each phase begins with the first tap": ["variable(tap.name, step), first)", "variable(tap.name, step), 0)"],
    "a ragged last row of phases is written whole": [
      "outer * count > extent + offset ? ",
      "outer * count > extent + offset + count ? ",
    ],
    "points before the first one are written": ["...(offset > 0 ? [position] : []), ", ""],
    "a phase without taps has a term": ["reduce.length > 0 ? stage.domain : [affine(-1)]", "stage.domain"],
    "phases as numerous as the divisor": ["by / greatestCommonDivisor(by, coefficientOf(of, name))", "by"],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_REWRITES = [
  mutantsOf("src/ir/rewrites/splitSum.ts", ["test/ops/splitSum.test.ts"], {
    "the parts of a maximum are sums": ["...whole,\n    space: [", '...whole,\n    combine: "sum",\n    space: ['],
    "the total of maxima is a sum": [
      "...whole,\n    name: freeName(",
      '...whole,\n    combine: "sum",\n    name: freeName(',
    ],
  }),
  mutantsOf("src/ir/rewrites/filtering.ts", ["test/ops/filtering.test.ts"], {
    "Winograd's algorithm for any stride": [
      "coefficientOf(form, point.name) === 1",
      "coefficientOf(form, point.name) !== 0",
    ],
    "Winograd's algorithm for filters that come with the call": [" || !filters.isKnown", ""],
    "Winograd's algorithm for images that are known": [" || image.isKnown", ""],
    "Winograd's algorithm for filters of each image": [" || batch?.by[1]) return", ") return"],
    "Winograd's algorithm forgets a domain": [
      "inside.some((limit) => equals(limit, form))",
      "inside.length > 0 || equals(form, form)",
    ],
    "Winograd's algorithm writes points that do not exist": ["&& where.length === 0", "&& where.length < 99"],
    "Winograd's algorithm for sums of sums": [' && term.op === "multiply"', ""],
  }),
  mutantsOf("src/ir/rewrites/winograd.ts", ["test/ops/filtering.test.ts"], {
    "a stage shares the name of one of Winograd's": [
      "name !== stage.name && OWN_STAGES.has(name)",
      'name === "" && OWN_STAGES.has(name)',
    ],
    "a buffer shares the name of one of Winograd's": ["OWN_BUFFERS.has(name)) ||", 'OWN_BUFFERS.has("")) ||'],
  }),
  mutantsOf("src/ir/rewrites/winograd.ts", ["test/ops/winograd.test.ts"], {
    "numbers on the way grow by any factor": ["growths[0] * growths[1] > MAX_GROWTH", "growths.length === 0"],
    "numbers along one axis grow by any factor": [" || Math.max(...growths) > MAX_AXIS_GROWTH", ""],
  }),
  mutantsOf("src/ir/rewrites/tiledAxis.ts", ["test/ops/winograd.test.ts"], {
    "tiles without outputs exist": ["Math.min(this.rate, points - places * this.rate * outputs)", "this.rate"],
    "taps that walk backwards are taken from the first": ["this.slide.step < 0 ?", "this.slide.step < -99 ?"],
    "tiles begin at the first tap": [" + Math.min(0, step * (taps - 1))", ""],
  }),
];

/** @type {readonly (readonly Mutant[])[]} */
const OF_SEARCH = [
  mutantsOf("src/codegen/search/view.ts", ["test/search/view.test.ts"], {
    "lanes lie in any dimension": ["(i === along || (i > along && extent < lanes))", "i >= 0"],
    "vectors of one element's dimension": ["(i > along && extent < lanes)", "i > along"],
    "lanes are stored with gaps": ["axis.out === 1 && ", ""],
    "lanes of a sum are less than a vector": ["extent > 0 && extent % lanes === 0 &&", "extent > 0 &&"],
    "lanes of a sum of which some do not count": [
      "every((form) => coefficientOf(form, name) === 0)",
      "every(() => true)",
    ],
    "padding on one side catches what lies on both": [
      "[1, -1].every((sign) => stage.domain.some",
      "[1, -1].some((sign) => stage.domain.some",
    ],
    "rows along which the columns' factor moves": [
      "columns.by.some((step, i) => step !== 0 && axis.by[i] === 0)",
      "columns.by.some((step) => step !== 0)",
    ],
    "a sum in lanes though columns could be": ["return hasColumns || !lane", "return !lane"],
  }),
  mutantsOf("src/codegen/search/vectorDirectives.ts", ["test/search/view.test.ts"], {
    "points past the end read what no copy pads": ["step === 0 || i === view.packed", "step === 0 || i >= 0"],
    "edges that are peeled are rounded up": ["(guarded && !tile.peeled)", "guarded"],
    "a tile longer than its axis moves back": ["axis.extent >= by && axis.extent % by !== 0", "axis.extent % by !== 0"],
    "a loop that subscripts a copy moves back": [
      "!moves(axis, view.packed) && axis !== sharedAxis",
      "axis !== sharedAxis",
    ],
    "a loop that threads share moves back": [" && axis !== sharedAxis(tile, view)", ""],
  }),
  mutantsOf("src/codegen/search/stagePoints.ts", ["test/search/choose.test.ts"], {
    "sketches without handicap": ["point.cycles * sketch.handicap : point.cycles", "point.cycles : point.cycles"],
    "the last sketch competes": ["read(sketches.slice(0, -1))", "read(sketches)"],
  }),
  mutantsOf("src/codegen/search/choose.ts", ["test/search/choose.test.ts"], {
    "the fastest however inexact": ["CLOSE * fastest.cycles", "fastest.cycles"],
    "the most exact however slow": ["cycles <= CLOSE *", "cycles <= 99 * CLOSE *"],
    "of those about as fast the least exact": ["next.bound < best.bound", "next.bound > best.bound"],
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
    "partial sums start anew": ["return guarded(first, [start], [{ ...start, value: partial }]);", "return [start];"],
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
  }),
  mutantsOf("src/codegen/nest.ts", ["test/where.test.ts"], {
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
  mutantsOf("src/codegen/pack.ts", ["test/packing.test.ts"], {
    "what the call makes is packed before it": [
      'known.includes(source.role) ? "prepared"',
      'known.length > 0 ? "prepared"',
    ],
  }),
  mutantsOf("src/codegen/pack.ts", ["test/scheduleErrors.test.ts"], {
    "tiles that shift subscript a copy": ["if (!loop || loop.shift)", "if (!loop)"],
  }),
  mutantsOf("src/codegen/lowerProgram.ts", ["test/packing.test.ts"], {
    "a stage reads what is packed after it": [
      "[...packed.before.flatMap(nestsOf), packed.nest]",
      "[packed.nest, ...packed.before.flatMap(nestsOf)]",
    ],
    "what is packed is used before it is made": [
      'lowerStages(program.prepare, ["constant", "weights"])',
      'lowerStages(program.prepare, ["constant", "weights", "prepared"])',
    ],
  }),
  mutantsOf("src/codegen/buildKernel.ts", ["test/combine.test.ts"], {
    "lanes of a maximum are added up": [
      "lanes.reduce((a, b) => this.#combined(a, b))",
      'lanes.reduce((a, b) => binary("add", a, b))',
    ],
  }),
  mutantsOf("src/ir/program.ts", ["test/combine.test.ts"], {
    "a maximum begins with zero": ["identity: Number.NEGATIVE_INFINITY", "identity: 0"],
  }),
  mutantsOf("src/codegen/gather.ts", ["test/combine.test.ts"], {
    "a copy is filled with zeros, whatever it is combined by": ["? identity : undefined", "? 0 : undefined"],
    "a factor's fill stands for a term of a maximum": ['isFactor && op === "add"', "isFactor"],
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
      "exists.length > 0 && fill !== undefined ?",
      "exists.length > 99 && fill !== undefined ?",
    ],
    "elements that do not exist are read": [
      "const guard = exists.map(own);",
      "const guard = exists.map(own).slice(1);",
    ],
    "the last step of a copy writes past its end": ["guarded(isWhole ? []", "guarded(isWhole || this.steps > 1 ? []"],
  }),
  mutantsOf("src/codegen/caches.ts", ["test/gather.test.ts"], {
    "zeros stand in for a guard though the other factor is none": [
      "return this.#isDefined && stands.some(",
      "return stands.some(",
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
    "two declarations share a name": ["while (taken.has(copyName(name, copy))) copy++;", ""],
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
    "weights that make room are overwritten": [
      "this.#stored.map(([, view]) => view.slice())",
      "this.#stored.map(([, view]) => view)",
    ],
  }),
  mutantsOf("src/runtime/host/wasmInstance.ts", ["test/runtime/named.test.ts"], {
    "memory handed in the other way round is overwritten": [
      "const isCrossed = from.length > 1 &&",
      "const isCrossed = from.length > 9 &&",
    ],
  }),
  mutantsOf("src/runtime/host/arrays.ts", ["test/runtime/kernel.test.ts"], {
    "weights change after they were prepared": ['role === "weights" ? array?.slice() : array', "array"],
  }),
  mutantsOf("src/runtime/arguments.ts", ["test/runtime/named.test.ts"], {
    "an output may be an input": ["for (const other of taken) checkNoAlias(name, data, other.name, other.data);", ""],
    "an output may be another": ["    taken.push({ name, data });", ""],
    "names of nobody are passed over": ["if (strange !== undefined)", 'if (strange === "")'],
    "arguments go by their order": ["names.map((name) => all.get(name))", "[...all.values()]"],
  }),
  mutantsOf("src/runtime/threads/chunks.js", ["test/runtime/threads.test.ts"], {
    "the last chunk runs past the end": ["Math.min(iterations, begin + chunk)", "begin + chunk"],
  }),
  mutantsOf("src/tune/selection.ts", ["test/tune/selection.test.ts"], {
    "a tie is a reason for another schedule": ["sure.gain.low > WORTHWHILE", "sure.gain.median > WORTHWHILE"],
  }),
];

export const MUTANTS = [
  OF_THE_IR,
  OF_ACCESS,
  OF_REWRITES,
  OF_SEARCH,
  OF_NESTS,
  OF_CACHES,
  OF_PASSES,
  OF_CODE,
  OF_THE_RUNTIME,
].flat(2);
