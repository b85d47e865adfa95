/** The playground has a sentence for every knob of every schedule. */
import { type Features, programOf, spaceOf, targetOf } from "tilewright/compiler";
import { expect, test } from "vitest";
import { FORMULA_EXAMPLES } from "../../site/data/formulas.js";
import { KNOB_HELP } from "../../site/playground/knobHelp.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { EVERY_OP } from "../support/everyOp.js";

const WASM = { language: "wasm", hoistsLoads: false, pairs: false } as const;
const LANGUAGES: readonly Features[] = [
  { language: "js" },
  { ...WASM, simd: "relaxed", threads: true },
  { ...WASM, simd: "none", threads: false },
  { language: "wgsl", storage: "f32" },
];

/** Points of each space that are looked at. A space begins with those of its first sketches, which are long. */
const MOST_POINTS = 3000;

function knobsOf(spec: unknown, features: Features): string[] {
  const names = new Set<string>();
  let count = 0;
  const points = spaceOf(programOf(checkAnySpec(spec)), targetOf(features), { accuracy: "fast", algorithm: "auto" });
  for (const { knobs } of points) {
    for (const name of Object.keys(knobs)) names.add(name);
    if (++count === MOST_POINTS) break;
  }
  return [...names];
}

test("every knob has a sentence, and every sentence a knob", () => {
  const specs = [
    ...EVERY_OP,
    ...FORMULA_EXAMPLES.map(({ formula, tensors, weights = [] }) => ({ formula, tensors, weights })),
  ];
  const all = new Set(specs.flatMap((spec) => LANGUAGES.flatMap((features) => knobsOf(spec, features))));
  expect(["algorithm", ...all].sort()).toEqual(Object.keys(KNOB_HELP).sort());
  expect(Object.values(KNOB_HELP).filter((says) => !/^[A-Z].*[.]$/.test(says))).toEqual([]);
});
