/**
 * The lowest tier: interprets the definition. It generates no code, so no policy can forbid it. Sums are float64 and
 * round once, at the end.
 */
import { type AnyLength, programAt } from "../../ir/anyLength.js";
import type { TypedArray } from "../../ir/dtype.js";
import { interpretStage } from "../../ir/interpret.js";
import type { Facts } from "../../ir/module.js";
import { byDefinition, factsOf } from "../../ir/ops/facts.js";
import { definitionOf } from "../../ir/ops/index.js";
import type { Spec } from "../../ir/ops/spec.js";
import type { Program, Stage } from "../../ir/program.js";
import { tensorsOf } from "../tensors.js";
import { type ArrayEntry, ArrayInstance } from "./arrays.js";
import type { Loaded } from "./loaded.js";

export function loadPlain(spec: Spec): Loaded {
  const definition = definitionOf(spec);
  const facts = factsOf(definition, byDefinition(definition), "by definition");
  return loadProgram(definition.program, facts, definition.anyLength);
}

export function loadProgram(longest: Program, facts: Facts, anyLength?: AnyLength): Loaded {
  const program = anyLength?.program ?? longest;
  const ofCall = anyLength ? programsOf(anyLength) : () => longest;
  const names = program.buffers.map((buffer) => buffer.name);
  const entry = ({ name: stage, parameter }: Stage): ArrayEntry => ({
    buffers: names,
    ...(parameter ? { mostUnits: parameter.max } : {}),
    run: (...given) => {
      const { buffers, prepare, run } = ofCall(given[names.length] as number);
      // The interpreter reads arrays of any type. Storing a sum to a float32 array rounds it.
      const arrays = new Map(names.map((name, i) => [name, given[i]])) as ReadonlyMap<string, TypedArray>;
      interpretStage([...prepare, ...run].find(({ name }) => name === stage) as Stage, buffers, arrays);
    },
  });
  const code = { buffers: program.buffers, prepare: program.prepare.map(entry), run: program.run.map(entry) };
  const tensors = tensorsOf(program.buffers, facts);
  return {
    tier: "plain",
    facts,
    tensors,
    codeBytes: 0,
    vectors: "no vectors",
    threads: 1,
    instantiate: () => new ArrayInstance(code, tensors),
  };
}

/** The program of each length. Calls that follow one another mostly have one length. */
function programsOf({ program }: AnyLength): (units: number) => Program {
  let last = { units: Number.NaN, program };
  return (units) => {
    if (units !== last.units) last = { units, program: programAt(program, units) };
    return last.program;
  };
}
