/**
 * The convolutions of an ONNX model. Nodes are in an order in which each comes after those that it needs, so one walk
 * follows the shapes and finds what there is; bodies of If, Loop and Scan are walked where they stand.
 */
import { fail } from "../../ir/errors.js";
import type { Pieces } from "../pieces.js";
import { type Dims, Findings, legible, type ModelReport } from "../report.js";
import { type Gap, gap, type Info, isGap, type Shape, type Size } from "../shapes.js";
import { onnxConvolution } from "./convolution.js";
import type { Graph, Node, OnnxModel, ValueInfo } from "./model.js";
import { isStandard, readOnnxModel } from "./read.js";
import { RULES, splits, tensorInfo } from "./rules.js";
import { Wire } from "./wire.js";

const REMEDY = "run onnx.shape_inference on the model first";

export async function readOnnx(pieces: Pieces, dims: Dims): Promise<ModelReport> {
  const model = await readOnnxModel(new Wire(pieces));
  checkDims(pieces.path, model, dims);
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

/** A mistyped name is no wish to be ignored. */
function checkDims(path: string, model: OnnxModel, dims: Dims): void {
  const known = new Set<string>();
  const collect = ({ inputs, inside, outputs, nodes }: Graph): void => {
    for (const { dims: sizes = [] } of [...inputs, ...inside, ...outputs]) {
      for (const size of sizes) if (typeof size === "string") known.add(size);
    }
    for (const node of nodes) for (const { graphs } of node.attributes.values()) graphs.forEach(collect);
  };
  collect(model.graph);
  const strange = Object.keys(dims).find((name) => !known.has(name));
  if (strange === undefined) return;
  const names = [...known].slice(0, 20).join(", ");
  fail(
    "invalid-argument",
    `${path} has no free dimension ${legible(strange)}; ${names === "" ? "all its sizes are fixed, or have no name" : `it has ${legible(names)}`}`,
  );
}

const isConvolution = ({ type }: Node): boolean => /conv(?!ert)/i.test(type);

const nameOf = ({ name, outputs, type }: Node): string => name || outputs[0] || type;

/** What is known of tensors by name; a body of If or Loop sees those around it. */
class Scope {
  private readonly infos = new Map<string, Info>();
  constructor(private readonly around: Scope | undefined) {}

  get(name: string): Info | undefined {
    return this.infos.get(name) ?? this.around?.get(name);
  }

  set(name: string, info: Info): void {
    this.infos.set(name, info);
  }
}

class Walk {
  constructor(
    private readonly findings: Findings,
    private readonly dims: ReadonlyMap<string, number>,
  ) {}

  graph(graph: Graph, around: Scope | undefined): void {
    const scope = new Scope(around);
    const declared = new Map([...graph.outputs, ...graph.inside].map((info) => [info.name, info]));
    for (const info of graph.inputs) scope.set(info.name, { shape: this.inputShape(info, around !== undefined) });
    // Older models list their weights among the inputs as well.
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

  private node(node: Node, scope: Scope, declared: ReadonlyMap<string, ValueInfo>): void {
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

  private outputsOf(node: Node, inputs: readonly (Info | undefined)[]): readonly Info[] {
    if (!isStandard(node.domain)) return [];
    if (node.type === "Split") return splits(node, inputs);
    const info = RULES.get(node.type)?.(node, inputs);
    return info === undefined ? [] : [info];
  }

  /** What the model states, where it states a number; else what followed from the node; else what the name is bound to. */
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

const lostAt = (node: Node): Gap => gap(`it is lost at ${node.type} "${nameOf(node)}"; ${REMEDY}`);

function foundIn(node: Node, inputs: readonly (Info | undefined)[]): ReturnType<typeof onnxConvolution> {
  if (!isStandard(node.domain))
    return { missing: [`the op ${node.type} of ${node.domain}, which is none of ONNX's own`] };
  if (node.type === "Conv" || node.type === "ConvTranspose") return onnxConvolution(node, inputs);
  const quantized = node.type === "QLinearConv" || node.type === "ConvInteger";
  return { missing: [quantized ? "quantized arithmetic; kernels compute in floats" : `the op ${node.type}`] };
}
