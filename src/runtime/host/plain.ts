/**
 * The bottom tier: the definition itself, interpreted. Needs no code generation, so no policy can forbid it; sums are
 * float64 and round once, at the end.
 */
import type { TypedArray } from "../../ir/dtype.js";
import { interpretStage } from "../../ir/interpret.js";
import { byDefinition, factsOf } from "../../ir/ops/facts.js";
import { definitionOf } from "../../ir/ops/index.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import type { Stage } from "../../ir/program.js";
import { type ArrayEntry, ArrayInstance } from "./arrays.js";
import type { Loaded } from "./loaded.js";

export function loadPlain(spec: OpSpec): Loaded {
  const definition = definitionOf(spec);
  const { program } = definition;
  const entry = (stage: Stage): ArrayEntry => {
    const names = program.buffers.map((buffer) => buffer.name);
    return {
      buffers: names,
      run: (...given) => {
        // The interpreter reads any array of numbers and writes float32 here, which rounds.
        const arrays = new Map(names.map((name, i) => [name, given[i]])) as ReadonlyMap<string, TypedArray>;
        interpretStage(stage, program.buffers, arrays);
      },
    };
  };
  const code = { buffers: program.buffers, prepare: program.prepare.map(entry), run: program.run.map(entry) };
  return {
    tier: "plain",
    facts: factsOf(definition, byDefinition(definition), "by definition"),
    codeBytes: 0,
    vectors: "no vectors",
    threads: 1,
    instantiate: () => new ArrayInstance(code),
  };
}
