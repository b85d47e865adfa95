/**
 * Finds the convolutions of a TensorFlow.js graph model. Its free dimensions have no names, so they get some: `batch`
 * for the first axis of every input, and `<input>.<axis>` for any other, such as `image.1`.
 */
import { specOf } from "../modelConvolution.js";
import type { Pieces } from "../pieces.js";
import { checkDimNames, type Dims, Findings, type ModelReport } from "../report.js";
import { type Gap, gap, type Info, isNumber, type Shape } from "../shapes.js";
import { CONVOLUTIONS, modelConvolutionOf } from "./convolution.js";
import { type Detour, detourCandidate, detoursOf, typeOf } from "./detour.js";
import { type NodeOutput, sortedNodes, sourcesOf } from "./graph.js";
import { attributeOf, readTfjsModel, type TfjsModel, type TfjsNode } from "./json.js";
import { TFJS_RULES } from "./rules.js";
import { readWeights } from "./weights.js";

export async function readTfjs(pieces: Pieces, dims: Dims): Promise<ModelReport> {
  const { path } = pieces;
  const model = await readTfjsModel(pieces);
  const { node: nodes, library } = model.modelTopology;
  const order = sortedNodes(path, nodes);
  checkDimNames(path, dims, freeDimensions(nodes), "all its sizes are fixed");
  const walk = new Walk(await readWeights(model.weightsManifest, path), new Map(Object.entries(dims)));
  const detours = detoursOf(nodes, outputsOf(model));
  for (const node of order) walk.node(node);
  const findings = new Findings();
  // The report is in the order of the file, which does not depend on the walk.
  for (const node of nodes.filter(isConvolution)) walk.find(node, detours.get(node.name), findings);
  for (const { signature, nodeDef } of library?.function ?? []) {
    for (const { name, op } of nodeDef.filter(isConvolution)) {
      findings.add(name, op, {
        missing: [
          `it is part of the function ${signature?.name ?? "without a name"}, whose shapes depend on its caller; ` +
            "export the model without control flow",
        ],
      });
    }
  }
  return findings.report("tfjs", path);
}

const isConvolution = ({ op }: TfjsNode): boolean => /conv(?!ert)/i.test(op);

const outputsOf = ({ signature }: TfjsModel): readonly string[] =>
  Object.values(signature?.outputs ?? {}).map(({ name }) => name ?? "");

const dimName = (input: string, axis: number): string => (axis === 0 ? "batch" : `${input}.${axis}`);

/** The sizes that a Placeholder states, with -1 for a free one. Undefined if their number is unknown. */
function statedShape(node: TfjsNode): readonly number[] | undefined {
  const { shape } = attributeOf(node, "shape") ?? {};
  if (shape === undefined || shape.unknownRank) return undefined;
  return (shape.dim ?? []).map(({ size }) =>
    size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : -1,
  );
}

/** The names of all free dimensions. */
function freeDimensions(nodes: readonly TfjsNode[]): ReadonlySet<string> {
  const inputs = nodes.filter(({ op }) => op === "Placeholder");
  return new Set(
    inputs.flatMap((node) =>
      (statedShape(node) ?? []).flatMap((size, axis) => (size < 0 ? [dimName(node.name, axis)] : [])),
    ),
  );
}

class Walk {
  private readonly infos = new Map<string, Info>();

  constructor(
    private readonly weights: ReadonlyMap<string, Info>,
    private readonly dims: ReadonlyMap<string, number>,
  ) {}

  /** Follows the shapes through a node. Its inputs must have been walked before. */
  node(node: TfjsNode): void {
    this.infos.set(node.name, this.infoOf(node));
  }

  private infoOf(node: TfjsNode): Info {
    if (node.op === "Placeholder") return { shape: this.inputShape(node) };
    if (node.op === "Const") {
      return (
        this.weights.get(node.name) ?? { shape: gap(`the manifest of weights does not list the constant ${node.name}`) }
      );
    }
    return TFJS_RULES.get(node.op)?.(node, this.inputsOf(node)) ?? { shape: lostAt(node) };
  }

  private inputShape(node: TfjsNode): Shape {
    const stated = statedShape(node);
    if (stated === undefined) return gap(`input ${node.name} has no shape; export the model with fixed shapes`);
    return stated.map((size, axis) => {
      const name = dimName(node.name, axis);
      return size >= 0 ? size : (this.dims.get(name) ?? gap(`dimension ${name} is free; give --dim ${name}=1`));
    });
  }

  private tensor({ node, output }: NodeOutput): Info {
    const info = this.infos.get(node);
    if (info === undefined) return { shape: gap(`there is no node ${node}`) };
    // Further outputs are statistics or indices, which lead to no convolution.
    return output === 0 ? info : { shape: gap(`it is output ${output} of ${node}, which is not followed`) };
  }

  private readonly inputsOf = (node: TfjsNode): readonly Info[] => sourcesOf(node).map((source) => this.tensor(source));

  find(node: TfjsNode, detour: Detour | undefined, findings: Findings): void {
    if (!CONVOLUTIONS.includes(node.op)) {
      findings.add(node.name, node.op, { missing: [this.reason(node)] });
      return;
    }
    const inputOf = (of: TfjsNode, input: number): Info | undefined => this.inputsOf(of)[input];
    const candidate = detour ? detourCandidate(detour, inputOf) : modelConvolutionOf(node, this.inputsOf(node));
    findings.add(node.name, detour ? typeOf(detour) : node.op, "op" in candidate ? specOf(candidate) : candidate);
  }

  private reason(node: TfjsNode): string {
    if (!/depthwise/i.test(node.op)) return `the op ${node.op}`;
    const filters = this.inputsOf(node)[1]?.shape;
    const multiplier = Array.isArray(filters) ? (filters as readonly (number | Gap)[])[3] : undefined;
    return isNumber(multiplier) ? `depthwise: channel multiplier ${multiplier}` : "depthwise";
  }
}

const lostAt = (node: TfjsNode): Gap =>
  gap(`it is lost at ${node.op} "${node.name}"; export the model with fixed shapes`);
