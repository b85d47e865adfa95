// @ts-check
/** From schedule to kernel: nests, packing, groups and caches. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_NESTS = [
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
    "any text is a loop's name": ["!AXIS_NAME.pattern.test(name)", '!AXIS_NAME.pattern.test("a")'],
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

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_CACHES = [
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
