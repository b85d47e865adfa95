/**
 * Follows shapes through the graph of an ONNX model. Every node comes after the nodes that it needs, so one walk finds
 * all convolutions. Bodies of If, Loop and Scan are walked where they stand.
 */
import { Scope } from "../../ir/scope.js";
import type { ReadingBudget } from "../budget.js";
import { confirmed, type GivenFacts, stateIt } from "../given.js";
import { specOf } from "../modelConvolution.js";
import { type Covered, type Findings, legible, type Missing, quoted } from "../report.js";
import {
  agreed,
  freeSize,
  type Gap,
  gap,
  type Info,
  type Inputs,
  isGap,
  legal,
  type Shape,
  type Size,
} from "../shapes.js";
import { onnxConvolution } from "./convolution.js";
import type { Graph, OnnxNode, ValueInfo } from "./model.js";
import { isStandard } from "./read.js";
import { onnxRule } from "./rules.js";
import { floatName, tensorInfo } from "./tensorRules.js";

/** The name of a free dimension that the model gives none. */
export const positionName = (input: string, axis: number): string => `${input}.${axis}`;

export const isConvolution = ({ type }: OnnxNode): boolean => /conv(?!ert)/i.test(type);

export const nodeName = ({ name, outputs, type }: OnnxNode): string => name || outputs[0] || type;

export class OnnxWalk {
  /** The first tensor whose stated shape is wrong, and their number. */
  private stale: { readonly first: string; count: number } | undefined;

  constructor(
    private readonly findings: Findings,
    private readonly budget: ReadingBudget,
    private readonly given: GivenFacts,
  ) {}

  /** Walks a graph. `around`: the tensors that a body sees from outside. Returns the outputs. */
  graph(graph: Graph, around: Scope<Info> | undefined): readonly Info[] {
    const scope = new Scope(around);
    const stated = new Map([...graph.outputs, ...graph.inside].map((info) => [info.name, info]));
    for (const info of graph.inputs) this.define(scope, info.name, this.inputOf(info, around !== undefined));
    for (const tensor of graph.initializers) this.define(scope, tensor.name, tensorInfo(tensor));
    for (const node of graph.nodes) this.node(node, scope, stated);
    return graph.outputs.map(
      ({ name }) => scope.get(name) ?? { shape: gap(`nothing makes the output ${quoted(name)}`) },
    );
  }

  warnings(): readonly string[] {
    if (this.stale === undefined) return [];
    const { first, count } = this.stale;
    const more = count === 1 ? "" : `, nor does that of ${count - 1} more`;
    return [`the shape that the model states for ${first} does not follow from its nodes${more}; what follows is used`];
  }

  /** Makes a tensor known under its name. A shape that the user states fills what is not known. */
  private define(scope: Scope<Info>, name: string, info: Info): void {
    const shape = legal(info.shape);
    const known = { ...info, shape: confirmed(name, shape, this.given.shapes.get(name)) };
    this.budget.tensor(name, known);
    scope.set(name, known);
  }

  private inputOf({ name, dims, type }: ValueInfo, isBody: boolean): Info {
    const whose = isBody ? "a body of the model" : "the model";
    if (dims === undefined) return { shape: gap(`input ${quoted(name)} of ${whose} has no shape; ${stateIt(name)}`) };
    const shape = dims.map((size, axis): Size => {
      if (typeof size === "number") return size;
      if (size === null && isBody)
        return gap(`axis ${axis} of input ${quoted(name)} of a body has no size; ${stateIt(name)}`);
      const free = size ?? positionName(name, axis);
      return this.given.dims.get(free) ?? freeSize(free);
    });
    return { shape, ...floatName(type) };
  }

  private node(node: OnnxNode, scope: Scope<Info>, stated: ReadonlyMap<string, ValueInfo>): void {
    const inputs = node.inputs.map((name) => (name === "" ? undefined : this.input(name, node, scope)));
    if (isConvolution(node)) {
      this.budget.convolution();
      this.findings.add(nodeName(node), node.type, foundIn(node, inputs));
    }
    const bodies = [...node.attributes.values()].flatMap(({ graphs }) => graphs);
    const results = bodies.map((body) => this.graph(body, scope));
    const made =
      isStandard(node.domain) && node.type === "If" ? branches(node, results) : onnxRule(node)?.(node, inputs);
    node.outputs.forEach((name, i) => {
      if (name === "") return;
      const info = made?.[i] ?? { shape: lostAt(node, name) };
      const dims = stated.get(name)?.dims;
      this.define(scope, name, dims === undefined ? info : { ...info, shape: this.merged(name, dims, info.shape) });
    });
  }

  private input(name: string, node: OnnxNode, scope: Scope<Info>): Info {
    const info = scope.get(name) ?? {
      shape: gap(`nothing before ${quoted(nodeName(node))} makes its input ${quoted(name)}`),
    };
    this.budget.tensor(name, info);
    return info;
  }

  /**
   * Sizes that follow from the nodes win, since exporters leave shapes behind that no longer fit. A size that waits for
   * a free dimension waits, whatever is stated. All other gaps are filled by what is stated.
   */
  private merged(name: string, dims: readonly (number | string | null)[], shape: Shape): Shape {
    const bound = dims.map((size) => (typeof size === "string" ? this.given.dims.get(size) : (size ?? undefined)));
    if (isGap(shape))
      return dims.map((size, axis) => bound[axis] ?? (typeof size === "string" ? freeSize(size) : shape));
    const sizes = shape as readonly Size[];
    const isStale = sizes.some((size, axis) => typeof size === "number" && size !== (bound[axis] ?? size));
    if (sizes.length !== dims.length || isStale) this.addStale(name, dims, sizes);
    if (sizes.length !== dims.length) return sizes;
    return sizes.map((size, axis) => (isGap(size) && size.free === undefined ? (bound[axis] ?? size) : size));
  }

  private addStale(name: string, dims: readonly (number | string | null)[], sizes: readonly Size[]): void {
    const wrong = dims.map((size) => (typeof size === "string" ? legible(size, 20) : (size ?? "?"))).join("x");
    const right = sizes.map((size) => (isGap(size) ? "?" : size)).join("x");
    this.stale ??= { first: `${quoted(name)}, ${wrong} where it is ${right},`, count: 0 };
    this.stale.count++;
  }
}

/** The outputs of If: what both branches make. */
const branches = (node: OnnxNode, results: readonly (readonly Info[])[]): readonly Info[] =>
  node.outputs.map((name, i) => ({
    shape: agreed(
      results.map((outputs) => outputs[i]?.shape ?? lostAt(node, name)),
      gap(`the branches of If ${quoted(nodeName(node))} make different shapes; ${stateIt(name)}`),
    ),
  }));

const lostAt = (node: OnnxNode, output: string): Gap =>
  gap(
    `it is lost at ${legible(node.type, 80)} ${quoted(nodeName(node))}; ` +
      // The inference of ONNX knows the ops of ONNX alone.
      `${isStandard(node.domain) ? "run onnx.shape_inference on the model first, or " : ""}${stateIt(output)}`,
  );

function foundIn(node: OnnxNode, inputs: Inputs): Covered | Missing {
  const { type, domain } = node;
  const isFused = domain === "com.microsoft" && type === "FusedConv";
  if (!isFused && !isStandard(domain))
    return { missing: [`the op ${legible(type, 80)} of ${legible(domain, 80)}, which is none of ONNX's own`] };
  if (isFused || type === "Conv" || type === "ConvTranspose") return specOf(onnxConvolution(node, inputs));
  const quantized = type === "QLinearConv" || type === "ConvInteger";
  return { missing: [quantized ? "quantized arithmetic; kernels compute in floats" : `the op ${legible(type, 80)}`] };
}
