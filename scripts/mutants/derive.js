// @ts-check
/** Derivation: adjoints, pivots, collected sums, phases as an axis, what runs before. */
import { mutantsOf } from "./mutantsOf.js";

const NAMED = ["test/derive/gradient.test.ts"];
const KINKS = ["test/derive/kinks.test.ts"];

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_DERIVATION = [
  mutantsOf("src/ir/derive/adjoints.ts", KINKS, {
    "a maximum takes the second of two equal numbers": [
      '(x, y) => chosen("less", first, second, y, x)',
      '(x, y) => chosen("lessEqual", first, second, y, x)',
    ],
    "relu has the derivative from above at 0": [
      'b.kind === "const" ? [b, a] : [a, b]',
      'b.kind === "less" ? [b, a] : [a, b]',
    ],
    "a sigmoid is derived with its power": ['c?.kind !== "const" ||', 'c?.kind !== "load" ||'],
  }),
  mutantsOf("src/ir/derive/pivots.ts", NAMED, {
    "elements that nothing reads are taken for others": ["this.zeros.push(subtract(form, at))", "this.zeros.push()"],
    "a quotient is made affine before those that it is made of": ["[...ready, ...rest]", "[...rest, ...ready]"],
    "a pivot leaves any number of terms": ["others.reduce((terms, { extent }) => terms * extent, 1) / apart", "0"],
    "groups are divided": [
      "return unit === size ? digits : undefined",
      "return unit === size && digits.length === 1 ? digits : undefined",
    ],
    "two uneven taps are given to phases": [".size <= 1)) return undefined", ".size <= 9)) return undefined"],
  }),
  mutantsOf("src/ir/derive/collect.ts", NAMED, {
    "an axis that is decided leaves its range": ["...ranges,", ""],
    "reads are guarded by what follows from other guards": ["...trimmed.domain, ...inside]", "...trimmed.domain]"],
    "a constant stays in the term of a sum": ["factored(value)", "{ core: value, factor: 1 }"],
  }),
  mutantsOf("src/ir/derive/sumOfAll.ts", NAMED, {
    "what was summed before is forgotten": ["let left = before;", "let left = undefined as string | undefined;"],
    "contributions that sum are forgotten": ["    left = buffer;\n", ""],
    "phases are summed one by one though several are alive": ["&& areApart(contributions)", ""],
    "plain contributions keep their own axes": ["substitute(form, places)", "form"],
  }),
  mutantsOf("src/ir/derive/backward.ts", NAMED, {
    "an adjoint is copied where it is turned over": ["return isSame && pointsOf", "return pointsOf"],
    "points that do not exist pass on": ["domain: [...where, ...domain]", "domain"],
    "a weight is computed for each term": [
      "const isPlain = stage.reduce.length === 0 ||",
      "const isPlain = stage.reduce.length >= 0 ||",
    ],
  }),
  mutantsOf("src/ir/derive/backward.ts", KINKS, {
    "each of equal terms takes the whole adjoint": ["finish: divided(extreme, local(SUM))", "finish: extreme"],
  }),
  mutantsOf("src/ir/derive/forward.ts", NAMED, {
    "terms are compared with what is computed again": ["isExact(term) ? term :", 'term.kind !== "local" ? term :'],
    "a sum of one term is a sum": [
      "isPointwise(stage) ? pointwise",
      "isPointwise(stage) && stage.name.length > 99 ? pointwise",
    ],
  }),
  mutantsOf("src/ir/derive/phaseAxis.ts", NAMED, {
    "elements past the end exist": ["isRagged ? [subtract", "!isRagged ? [subtract"],
    "phases without taps are padded": ["|| taps.extent === 0", ""],
    "phases of unequal taps share an axis": ["sizesOf(i).some(", "sizesOf(i).every("],
    "a later run begins with the first tap of the whole": ["first: first + turn * from", "first"],
    "taps begin again at 0, whatever way they go": ["turn === 1 ? by - first : first + 1", "by - first"],
  }),
  mutantsOf("src/ir/derive/phaseAxis.ts", ["test/ops/longAxes.test.ts"], {
    "elements before the first exist": ["...(phase < 0 ? [elementAt] : []),", ""],
  }),
  mutantsOf("src/ir/derive/padded.ts", NAMED, {
    "a copy holds what lies beyond the taps": ["domain: [existing(taps)] }", "domain: [] }"],
  }),
  mutantsOf("src/ir/derive/assembled.ts", NAMED, {
    "what is given on every call is known before": ["writers.flatMap(readsOf).every", "writers.flatMap(readsOf).some"],
  }),
  mutantsOf("src/ir/derive/renamed.ts", NAMED, {
    "an axis hides a buffer": ["return hidden ? withOwnAxes", "return !hidden ? withOwnAxes"],
  }),
];
