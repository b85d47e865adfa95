/**
 * Finds the convolutions of an ONNX model. Every node comes after the nodes that it needs, so one walk follows the
 * shapes and finds all convolutions. Bodies of If, Loop and Scan are walked where they stand.
 */
import { Scope } from "../../ir/scope.js";
import type { Pieces } from "../pieces.js";
import { checkDimNames, type Dims, Findings, type ModelReport } from "../report.js";
import { type Gap, gap, type Info, type Inputs, isGap, type Shape, type Size } from "../shapes.js";
import { onnxConvolution } from "./convolution.js";
import type { Graph, OnnxModel, OnnxNode, ValueInfo } from "./model.js";
import { isStandard, readOnnxModel } from "./read.js";
import { ONNX_RULES, splits, tensorInfo } from "./rules.js";
import { Wire } from "./wire.js";

const REMEDY = "run onnx.shape_inference on the model first";

export async function readOnnx(pieces: Pieces, dims: Dims): Promise<ModelReport> {
  const model = await readOnnxModel(new Wire(pieces));
  checkDimNames(pieces.path, dims, freeDimensions(model), "all its sizes are fixed, or have no name");
  const findings = new Findings();
  new Walk(findings, new Map(Object.entries(dims))).graph(model.graph, undefined);
  for (const { name, nodes } of model.functions) {
    for (const node of nodes.filter(isConvolution)) {
      findings.add(nameOf(node), node.type, {
        missing: [`it is part of the model's own function ${name}; run onnx.inliner on the model first`],
      });
    }
  }
  return findings.report("onnx", pieces.path);
}

/** The names of all free dimensions. */
function freeDimensions(model: OnnxModel): ReadonlySet<string> {
  const known = new Set<string>();
  const collect = ({ inputs, inside, outputs, nodes }: Graph): void => {
    for (const { dims: sizes = [] } of [...inputs, ...inside, ...outputs]) {
      for (const size of sizes) if (typeof size === "string") known.add(size);
    }
    for (const node of nodes) for (const { graphs } of node.attributes.values()) graphs.forEach(collect);
  };
  collect(model.graph);
  return known;
}

const isConvolution = ({ type }: OnnxNode): boolean => /conv(?!ert)/i.test(type);

const nameOf = ({ name, outputs, type }: OnnxNode): string => name || outputs[0] || type;

class Walk {
  constructor(
    private readonly findings: Findings,
    private readonly dims: ReadonlyMap<string, number>,
  ) {}

  /** Walks a graph. `around`: the tensors that the body of an If, Loop or Scan sees from outside. */
  graph(graph: Graph, around: Scope<Info> | undefined): void {
    const scope = new Scope(around);
    const declared = new Map([...graph.outputs, ...graph.inside].map((info) => [info.name, info]));
    for (const info of graph.inputs) scope.set(info.name, { shape: this.inputShape(info, around !== undefined) });
    // Older models list their weights among the inputs, too.
    for (const tensor of graph.initializers) scope.set(tensor.name, tensorInfo(tensor));
    for (const node of graph.nodes) this.node(node, scope, declared);
  }

  private inputShape({ name, dims }: ValueInfo, isBody: boolean): Shape {
    if (dims === undefined)
      return gap(`input ${name} of ${isBody ? "a body of the model" : "the model"} has no shape; ${REMEDY}`);
    return dims.map((size, axis) => {
      if (size === null)
        return gap(`dimension ${axis} of input ${name} has neither size nor name; fix its size in the model`);
      return typeof size === "number" ? size : (this.dims.get(size) ?? free(size));
    });
  }

  private node(node: OnnxNode, scope: Scope<Info>, declared: ReadonlyMap<string, ValueInfo>): void {
    const inputs = node.inputs.map((name) =>
      name === ""
        ? undefined
        : (scope.get(name) ?? { shape: gap(`nothing before ${nameOf(node)} makes its input ${name}`) }),
    );
    if (isConvolution(node)) this.findings.add(nameOf(node), node.type, foundIn(node, inputs));
    for (const { graphs } of node.attributes.values()) for (const body of graphs) this.graph(body, scope);
    const made = this.outputsOf(node, inputs);
    node.outputs.forEach((name, i) => {
      const info = made[i] ?? { shape: lostAt(node) };
      const stated = declared.get(name)?.dims;
      scope.set(name, stated === undefined ? info : { ...info, shape: this.merge(stated, info.shape) });
    });
  }

  private outputsOf(node: OnnxNode, inputs: Inputs): readonly Info[] {
    if (!isStandard(node.domain)) return [];
    if (node.type === "Split") return splits(node, inputs);
    const info = ONNX_RULES.get(node.type)?.(node, inputs);
    return info === undefined ? [] : [info];
  }

  /**
   * A size is the number that the model states, else the number that follows from the node, else the number given for
   * the name of the dimension.
   */
  private merge(stated: readonly (number | string | null)[], shape: Shape): Shape {
    const found =
      isGap(shape) || (shape as readonly Size[]).length !== stated.length ? undefined : (shape as readonly Size[]);
    return stated.map((size, axis): Size => {
      if (typeof size === "number") return size;
      const own = found?.[axis];
      if (typeof own === "number") return own;
      const bound = size === null ? undefined : this.dims.get(size);
      if (bound !== undefined) return bound;
      return (
        own ??
        (size === null || isGap(shape)
          ? isGap(shape)
            ? shape
            : gap(`a size that is not stated; ${REMEDY}`)
          : free(size))
      );
    });
  }
}

const free = (name: string): Gap => gap(`dimension ${name} is free; give --dim ${name}=1`);

const lostAt = (node: OnnxNode): Gap => gap(`it is lost at ${node.type} "${nameOf(node)}"; ${REMEDY}`);

function foundIn(node: OnnxNode, inputs: Inputs): ReturnType<typeof onnxConvolution> {
  if (!isStandard(node.domain))
    return { missing: [`the op ${node.type} of ${node.domain}, which is none of ONNX's own`] };
  if (node.type === "Conv" || node.type === "ConvTranspose") return onnxConvolution(node, inputs);
  const quantized = node.type === "QLinearConv" || node.type === "ConvInteger";
  return { missing: [quantized ? "quantized arithmetic; kernels compute in floats" : `the op ${node.type}`] };
}
