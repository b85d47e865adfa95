/**
 * Finds the convolutions of a TensorFlow.js graph model. Its free dimensions have no names, so they get some: `batch`
 * for the first axis of every input, and `<input>.<axis>` for any other, such as `image.1`.
 */
import { ReadingBudget } from "../budget.js";
import { checkNamesOf, type GivenFacts } from "../given.js";
import { specOf } from "../modelConvolution.js";
import type { Pieces } from "../pieces.js";
import { type Covered, Findings, legible, type Missing, type ModelReport, quoted } from "../report.js";
import type { Info } from "../shapes.js";
import { CONVOLUTIONS, tfjsConvolution } from "./convolution.js";
import { type Detour, detourCandidate, detoursOf, typeOf } from "./detour.js";
import { type GraphLoop, loopsOf, sortedNodes } from "./graph.js";
import { readTfjsModel, type TfjsModel, type TfjsNode } from "./json.js";
import { freeDimensions, TfjsWalk } from "./walk.js";
import { readWeights } from "./weights.js";

export function readTfjs(pieces: Pieces, given: GivenFacts): ModelReport {
  const { path } = pieces;
  const model = readTfjsModel(pieces);
  const { node: nodes, library } = model.modelTopology;
  const order = sortedNodes(path, nodes);
  const names = new Set(nodes.map(({ name }) => name));
  checkNamesOf(path, given.dims, freeDimensions(nodes), {
    what: "free dimension",
    ifNone: "all its sizes are fixed, so leave --dim out",
  });
  checkNamesOf(path, given.shapes, names, { what: "node", ifNone: "it has none" });
  const budget = new ReadingBudget(path);
  const walk = new TfjsWalk(readWeights(model.weightsManifest, path), given, budget);
  for (const node of order) walk.node(node);
  const detours = detoursOf(nodes, outputsOf(model), walk.first);
  const loops = loopsOf(order);
  const findings = new Findings();
  // The report is in the order of the file, which does not depend on the walk.
  for (const node of nodes.filter(isConvolution)) {
    budget.convolution();
    const detour = detours.get(node.name);
    findings.add(node.name, detour ? typeOf(detour) : node.op, foundIn(node, detour, loops.get(node.name), walk));
  }
  for (const { signature, nodeDef } of library?.function ?? []) {
    for (const { name, op } of nodeDef.filter(isConvolution)) {
      budget.convolution();
      const whose = signature === undefined ? "a function without a name" : `the function ${quoted(signature.name)}`;
      const why = `it is part of ${whose}, whose shapes depend on its caller; export the model without control flow`;
      findings.add(name, op, { missing: [why] });
    }
  }
  return findings.report("tfjs", path, []);
}

const isConvolution = ({ op }: TfjsNode): boolean => /conv(?!ert)/i.test(op);

const outputsOf = ({ signature }: TfjsModel): readonly string[] =>
  Object.values(signature?.outputs ?? {}).map(({ name }) => name ?? "");

function foundIn(
  node: TfjsNode,
  detour: Detour | undefined,
  loop: GraphLoop | undefined,
  walk: TfjsWalk,
): Covered | Missing {
  if (loop !== undefined)
    return { missing: [`it is inside the loop ${quoted(loop.name)}; export the model without control flow`] };
  if (!CONVOLUTIONS.includes(node.op)) return { missing: [`the op ${legible(node.op, 80)}`] };
  const inputOf = (of: TfjsNode, input: number): Info | undefined => walk.inputsOf(of)[input];
  return specOf(detour ? detourCandidate(detour, inputOf) : tfjsConvolution(node, walk.inputsOf(node)));
}
