/**
 * Finds the convolutions of an ONNX model. Its free dimensions have the names that the model gives them; one without a
 * name is called `<input>.<axis>`, such as `image.0`.
 */
import { ReadingBudget } from "../budget.js";
import { checkNamesOf, type GivenFacts } from "../given.js";
import type { Pieces } from "../pieces.js";
import { Findings, type ModelReport, quoted } from "../report.js";
import type { Graph, OnnxModel } from "./model.js";
import { readOnnxModel } from "./read.js";
import { isConvolution, nodeName, OnnxWalk, positionName } from "./walk.js";
import { Wire } from "./wire.js";

export function readOnnx(pieces: Pieces, given: GivenFacts): ModelReport {
  const { path } = pieces;
  const model = readOnnxModel(new Wire(pieces));
  const free = { what: "free dimension", ifNone: "all its sizes are fixed, so leave --dim out" };
  checkNamesOf(path, given.dims, freeDimensions(model), free);
  checkNamesOf(path, given.shapes, tensorNames(model), { what: "tensor", ifNone: "it has none" });
  const findings = new Findings();
  const budget = new ReadingBudget(path);
  const walk = new OnnxWalk(findings, budget, given);
  walk.graph(model.graph, undefined);
  for (const { name, nodes } of model.functions) {
    for (const node of nodes.filter(isConvolution)) {
      budget.convolution();
      const missing = [`it is part of the model's own function ${quoted(name)}; run onnx.inliner on the model first`];
      findings.add(nodeName(node), node.type, { missing });
    }
  }
  return findings.report("onnx", path, walk.warnings());
}

/** The names of all free dimensions. */
function freeDimensions({ graph }: OnnxModel): ReadonlySet<string> {
  const known = new Set<string>();
  for (const { name, dims = [] } of inputsOf(graph)) {
    dims.forEach((size, axis) => {
      if (size === null) known.add(positionName(name, axis));
    });
  }
  for (const one of [graph, ...bodiesOf(graph)]) {
    for (const { dims = [] } of [...one.inputs, ...one.inside, ...one.outputs]) {
      for (const size of dims) if (typeof size === "string") known.add(size);
    }
  }
  return known;
}

/** The inputs of a graph without its weights, which older models list among them. */
function inputsOf({ inputs, initializers }: Graph): Graph["inputs"] {
  const weights = new Set(initializers.map(({ name }) => name));
  return inputs.filter(({ name }) => !weights.has(name));
}

function tensorNames({ graph }: OnnxModel): ReadonlySet<string> {
  const graphs = [graph, ...bodiesOf(graph)];
  return new Set(
    graphs.flatMap(({ inputs, nodes }) => [
      ...inputs.map(({ name }) => name),
      ...nodes.flatMap(({ outputs }) => outputs),
    ]),
  );
}

/** The bodies of If, Loop and Scan in a graph, and the bodies in these. */
const bodiesOf = ({ nodes }: Graph): readonly Graph[] =>
  nodes.flatMap(({ attributes }) =>
    [...attributes.values()].flatMap(({ graphs }) => graphs.flatMap((body) => [body, ...bodiesOf(body)])),
  );
