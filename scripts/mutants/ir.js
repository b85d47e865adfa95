// @ts-check
/** The IR: forms, definitions, access, trimming, phases and rewrites. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_THE_IR = [
  mutantsOf("src/ir/affine.ts", ["test/ir/affine.test.ts"], {
    "no lower bound": ["[form, subtract(affine(extent - 1), form)]", "[subtract(affine(extent - 1), form)]"],
    "no upper bound": ["[form, subtract(affine(extent - 1), form)]", "[form]"],
  }),
  mutantsOf("src/ir/ops/denseConvolution.ts", ["test/ops/tensorflow.test.ts", "test/runtime/family.test.ts"], {
    "no guard on rows": [
      "domain: [...within(iy, y.input), ...within(ix, x.input)]",
      "domain: [...within(ix, x.input)]",
    ],
    "no guard on columns": [
      "domain: [...within(iy, y.input), ...within(ix, x.input)]",
      "domain: [...within(iy, y.input)]",
    ],
    "rates of the two axes swapped": ['reads("oy", "ky", y)', 'reads("oy", "ky", { ...y, dilation: x.dilation })'],
  }),
  mutantsOf("src/ir/trim.ts", ["test/ir/trim.test.ts"], {
    "live taps cut short": ["Math.max(0, last - first + 1)", "Math.max(0, last - first)"],
  }),
  mutantsOf("src/ir/ops/spec.ts", ["test/ops/tensorflow.test.ts"], {
    "padding rounds up": ["pad: Math.floor(span / 2)", "pad: Math.ceil(span / 2)"],
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
    "parts of a divided index make it up": ["if (stmt.divisor === 1) scope.sums", "if (stmt.divisor >= 1) scope.sums"],
  }),
  mutantsOf("src/ir/affine.ts", ["test/ir/verify.test.ts"], {
    "a guard implies what it does not": [
      "if (range(rest, bounds).min >= 0) return true;",
      "if (range(rest, bounds).max >= 0) return true;",
    ],
  }),
];

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_ACCESS = [
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
    "a condition that never holds leaves axes that it does not name": [
      "domain.some((form) => isFalse(form, bounds))",
      "false",
    ],
    "an axis that bounds another is trimmed once": ["trimmed === stage ? stage : trimStage(trimmed)", "trimmed"],
  }),
  mutantsOf("src/ir/phases.ts", ["test/ir/phases.test.ts"], {
    "the last tap of a phase is left out": [
      "Math.ceil((tap.extent - first) / step)",
      "Math.floor((tap.extent - first) / step)",
    ],
    "the last point of a phase is left out": [
      "Math.ceil((axis.extent - phase) / step)",
      "Math.floor((axis.extent - phase) / step)",
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

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_REWRITES = [
  mutantsOf("src/ir/rewrites/splitSum.ts", ["test/ops/splitSum.test.ts"], {
    "the parts of a maximum are sums": ["...whole,\n    space: [", '...whole,\n    combine: "sum",\n    space: ['],
    "the total of maxima is a sum": [
      '...whole,\n    name: free(program.run, "total"),',
      '...whole,\n    combine: "sum",\n    name: free(program.run, "total"),',
    ],
  }),
  mutantsOf("src/ir/rewrites/filtering.ts", ["test/ops/filtering.test.ts"], {
    "Winograd's algorithm for any stride": [
      "coefficientOf(form, point.name) === 1",
      "coefficientOf(form, point.name) !== 0",
    ],
    "Winograd's algorithm for filters that come with the call": [" || !filters.isKnown", ""],
    "Winograd's algorithm for images that are known": [" || image.isKnown", ""],
    "Winograd's algorithm for filters of each row or image": [
      "some(({ by }) => by[1] !== 0)) return",
      "some(({ by }) => by[1] === 2)) return",
    ],
    "Winograd's algorithm for taps that move two subscripts": ["|| others.length > 0) return", ") return"],
    "Winograd's algorithm forgets a domain": [
      "inside.some((limit) => equals(limit, form))",
      "inside.length > 0 || equals(form, form)",
    ],
    "Winograd's algorithm for sums of sums": [' && term.op === "multiply"', ""],
  }),
  mutantsOf("src/ir/rewrites/winogradProgram.ts", ["test/ops/winogradPhases.test.ts"], {
    "Winograd's algorithm writes points that do not exist": ["...(stage.where ?? []).map(stored)", ""],
    "channels of two phases are one": ["add(scale(count, extent), v(name))", "add(count, v(name))"],
  }),
  mutantsOf("src/ir/rewrites/winograd.ts", ["test/ops/filtering.test.ts"], {
    "a stage shares the name of one of Winograd's": [
      "name !== stage.name && OWN_STAGES.has(name)",
      'name === "" && OWN_STAGES.has(name)',
    ],
    "a buffer shares the name of one of Winograd's": [
      "OWN_BUFFERS.has(name) || OWN_AXES",
      'OWN_BUFFERS.has("") || OWN_AXES',
    ],
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
