// @ts-check
/** From text to program: what is parsed, inferred, proved and implied. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_FORMULAS = [
  mutantsOf("src/formula/cursor.ts", ["test/formula/parse.test.ts"], {
    "sums hold together as products do": [
      'this.#chain("+-", () => this.#chain("*/%"',
      'this.#chain("-+*/%", () => this.#chain("%"',
    ],
    "a sign before a number is never part of it": [
      "if (this.#isNumber(notation)) return notation.wrap(this.#number(-1",
      "if (false) return notation.wrap(this.#number(-1",
    ],
  }),
  mutantsOf("src/formula/print.ts", ["test/formula/parse.test.ts"], {
    "what is subtracted needs no brackets": ["printValue(b, own + 1)", "printValue(b, own)"],
    "a negated number is a negative one": ['x.kind === "number" ?', 'x.kind === "none" ?'],
  }),
  mutantsOf("src/formula/inside.ts", ["test/formula/random.test.ts"], {
    "terms may read outside": ["for (const side of guard) added.set(key(side), side);", ""],
  }),
  mutantsOf("src/formula/inside.ts", ["test/formula/stages.test.ts"], {
    "conditions keep nothing inside": ["const stated = [...where, ...domain];", "const stated = where;"],
    "a guard has one side": [
      "guard.every((side) => added.has(key(side)))",
      "guard.some((side) => added.has(key(side)))",
    ],
  }),
  mutantsOf("src/formula/stages.ts", ["test/formula/errors.test.ts"], {
    "points may read outside": ["if (node && index && !staysWithin", "if (node && !index && !staysWithin"],
  }),
  mutantsOf("src/formula/counts.ts", ["test/formula/stages.test.ts"], {
    "a mean divides by all terms": ["if (guard.length === 0)", "if (guard.length >= 0)"],
  }),
  mutantsOf("src/formula/drafts.ts", ["test/formula/stages.test.ts"], {
    "the first reduction is a line's own": ["terms(reduction) === most", "terms(reduction) <= most"],
    "a reduction that stays is a line's own": ["extent <= 1 || moving.has(name)", "extent >= 1 || moving.has(name)"],
    "a sum before has all axes": ["outer.filter(({ name }) => moving.has(name))", "[...outer]"],
  }),
  mutantsOf("src/formula/numbered.ts", ["test/formula/stages.test.ts"], {
    "an axis is the number of it": ["[name, `#", "[name, `"],
  }),
  mutantsOf("src/formula/indices.ts", ["test/formula/random.test.ts"], {
    "less is less or equal": ['return op === "<" || op === ">" ?', 'return op === ">" ?'],
    "quotients of one dividend are one": ["one.kind === kind && one.by === by", "one.by === by"],
  }),
  mutantsOf("src/formula/extents.ts", ["test/formula/stages.test.ts"], {
    "a backwards axis is as long as a forward one": [
      "step > 0 ? (shape[i] as number) - 1 - max : min",
      "(shape[i] as number) - 1 - max",
    ],
  }),
  mutantsOf("src/formula/places.ts", ["test/formula/coverage.test.ts"], {
    "places may lie anyhow": ["by === 0 || Math.abs(by) !== step * count", "by === 0"],
    "backwards is forwards": ["if (by < 0) start += by * (extent - 1);", ""],
    "the first common place is the first": [
      "const end = Math.min(this.count, skipped + other.step);",
      "const end = skipped + 1;",
    ],
  }),
  mutantsOf("src/formula/groups.ts", ["test/formula/coverage.test.ts"], {
    "conditions join nothing": ["sets.join(condition(line, i), axis(line, name))", "sets.find(condition(line, i))"],
  }),
  mutantsOf("src/formula/roles.ts", ["test/formula/stages.test.ts"], {
    "outputs are prepared": ["const late = new Set(outputs);", "const late = new Set<string>();"],
  }),
  mutantsOf("src/formula/tokens.ts", ["test/formula/errors.test.ts"], {
    "a word may fill a message": ["length > MAX_WORD", "length > 1e9"],
  }),
];
