/** Follows shapes through the graph of a TensorFlow.js model, node by node in the order of the graph. */
import type { ReadingBudget } from "../budget.js";
import { confirmed, type GivenFacts, stateIt } from "../given.js";
import { legible, quoted } from "../report.js";
import { freeSize, type Gap, gap, type Info, legal, type Shape } from "../shapes.js";
import { type NodeOutput, sourcesOf } from "./graph.js";
import type { TfjsNode } from "./json.js";
import { tfjsRule } from "./rules.js";

/** The names of all free dimensions. */
export function freeDimensions(nodes: readonly TfjsNode[]): ReadonlySet<string> {
  const inputs = nodes.filter(({ op }) => op === "Placeholder");
  return new Set(
    inputs.flatMap((node) =>
      (statedShape(node) ?? []).flatMap((size, axis) => (size < 0 ? [dimName(node.name, axis)] : [])),
    ),
  );
}

const dimName = (input: string, axis: number): string => (axis === 0 ? "batch" : `${input}.${axis}`);

/** The sizes that a Placeholder states, with -1 for a free one. Undefined if their number is unknown. */
function statedShape(node: TfjsNode): readonly number[] | undefined {
  const { shape } = node.attr.shape ?? {};
  if (shape === undefined || shape.unknownRank) return undefined;
  return (shape.dim ?? []).map(({ size }) =>
    size !== undefined && Number.isSafeInteger(size) && size >= 1 ? size : -1,
  );
}

export class TfjsWalk {
  /** The first output of each node. */
  readonly first = new Map<string, Info>();
  private readonly further = new Map<string, readonly Info[]>();

  constructor(
    private readonly weights: ReadonlyMap<string, Info>,
    private readonly given: GivenFacts,
    private readonly budget: ReadingBudget,
  ) {}

  /** Follows the shapes through a node. Its inputs must have been walked before. */
  node(node: TfjsNode): void {
    const [first = { shape: lostAt(node) }, ...further] = this.outputsOf(node);
    const shape = confirmed(node.name, legal(first.shape), this.given.shapes.get(node.name));
    this.first.set(node.name, { ...first, shape });
    if (further.length > 0) this.further.set(node.name, further);
    for (const info of [first, ...further]) this.budget.tensor(node.name, info);
  }

  /** The tensors that a node reads. */
  inputsOf(node: TfjsNode): readonly Info[] {
    return sourcesOf(node).map((source) => this.tensor(source));
  }

  private outputsOf(node: TfjsNode): readonly Info[] {
    if (node.op === "Placeholder") return [{ shape: this.inputShape(node) }];
    if (node.op === "Const") {
      const missing = gap(`the manifest of weights does not list the constant ${quoted(node.name)}`);
      return [this.weights.get(node.name) ?? { shape: missing }];
    }
    const inputs = this.inputsOf(node);
    for (const input of inputs) this.budget.tensor(node.name, input);
    return tfjsRule(node)?.(node, inputs) ?? [];
  }

  private inputShape(node: TfjsNode): Shape {
    const stated = statedShape(node);
    if (stated === undefined) return gap(`input ${quoted(node.name)} has no shape; ${stateIt(node.name)}`);
    return stated.map((size, axis) => {
      const name = dimName(node.name, axis);
      return size >= 0 ? size : (this.given.dims.get(name) ?? freeSize(name));
    });
  }

  private tensor({ node, output }: NodeOutput): Info {
    const info = output === 0 ? this.first.get(node) : this.further.get(node)?.[output - 1];
    if (info !== undefined) return info;
    const isThere = this.first.has(node);
    return {
      shape: gap(
        isThere
          ? `it is output ${output} of ${quoted(node)}, which is not followed`
          : `no node before makes ${quoted(node)}`,
      ),
    };
  }
}

const lostAt = (node: TfjsNode): Gap =>
  gap(`it is lost at ${legible(node.op, 80)} ${quoted(node.name)}; ${stateIt(node.name)}`);
