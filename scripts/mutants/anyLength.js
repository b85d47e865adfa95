// @ts-check
/** Sizes that calls choose: the program of all lengths, the ends of its loops, and calls. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_ANY_LENGTH = [
  mutantsOf("src/codegen/ends.ts", ["test/anyLength/passes.test.ts"], {
    "tiles count as full": ["isFull: holds(ofPoints, [ofTiles], bounds)", "isFull: true"],
    "what is written out has no end": ["where: [end] }", "where: [] }"],
  }),
  mutantsOf("src/codegen/passes/partitionLoops.ts", ["test/anyLength/kernel.test.ts"], {
    "a loop is cut where the longest call ends": ["!loop.while && (peels", "(peels"],
  }),
  mutantsOf("src/ops/chosenSize.ts", ["test/anyLength/kernel.test.ts"], {
    "lengths lie in memory as if they were the longest": [
      "if (before.every((size) => size === 1)) continue;",
      "continue;",
    ],
    "half a stride is a length": ["if (multiple % stride !== 0) {", "if (multiple < 0) {"],
  }),
  mutantsOf("src/runtime/callLength.ts", ["test/anyLength/kernel.test.ts"], {
    "all calls are as long as the first": [
      "if (units !== this.#last.units) {",
      "if (this.#last.units === undefined) {",
    ],
    "any length is one": ["!Number.isInteger(units) || units < min || units > max", "units > max"],
  }),
  mutantsOf("src/runtime/host/arena.ts", ["test/anyLength/kernel.test.ts"], {
    "threads share the iterations of the longest call": [
      "if (!end || units === undefined)",
      "if (end || units === undefined)",
    ],
  }),
];
