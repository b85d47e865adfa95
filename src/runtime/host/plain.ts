/**
 * The lowest tier: interprets the definition. It generates no code, so no policy can forbid it. Sums are float64 and
 * round once, at the end.
 */
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
  return loadProgram(definition.program, factsOf(definition, byDefinition(definition), "by definition"));
}

export function loadProgram(program: Program, facts: Facts): Loaded {
  const entry = (stage: Stage): ArrayEntry => {
    const names = program.buffers.map((buffer) => buffer.name);
    return {
      buffers: names,
      run: (...given) => {
        // The interpreter reads arrays of any type. Storing a sum to a float32 array rounds it.
        const arrays = new Map(names.map((name, i) => [name, given[i]])) as ReadonlyMap<string, TypedArray>;
        interpretStage(stage, program.buffers, arrays);
      },
    };
  };
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
