/** Sorts the nodes of a TensorFlow graph, so that every node comes after its inputs. */
import { fail } from "../../ir/errors.js";
import { quoted } from "../report.js";
import { textAttribute } from "./attributes.js";
import type { TfjsNode } from "./json.js";

/** A tensor: a node and the position of the output. */
export interface NodeOutput {
  readonly node: string;
  readonly output: number;
}

/** Reads the name of an input, `name` or `name:1`. Undefined for `^name`, which orders nodes and carries no tensor. */
export function nodeOutputOf(input: string): NodeOutput | undefined {
  if (input.startsWith("^")) return undefined;
  const [, node = input, output = "0"] = /^(.*):(\d{1,6})$/s.exec(input) ?? [];
  return { node, output: Number(output) };
}

export const sourcesOf = (node: TfjsNode): readonly NodeOutput[] =>
  node.input.map(nodeOutputOf).filter((source) => source !== undefined);

export function sortedNodes(path: string, nodes: readonly TfjsNode[]): readonly TfjsNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  if (byName.size < nodes.length) {
    const names = new Set<string>();
    const twice = nodes.find(({ name }) => names.size === names.add(name).size);
    fail("invalid-argument", `${path} has two nodes of the name ${quoted(twice?.name ?? "")}; export the model again`);
  }
  const before = new Map(nodes.map((node) => [node.name, new Set(namesBefore(node, byName))]));
  const after = new Map<string, string[]>();
  for (const [name, needs] of before)
    for (const need of needs) {
      const list = after.get(need);
      if (list === undefined) after.set(need, [name]);
      else list.push(name);
    }
  const order = nodes.filter(({ name }) => before.get(name)?.size === 0);
  const waiting = new Map([...before].map(([name, needs]) => [name, needs.size]));
  // The loop adds nodes to the list that it walks.
  for (const { name } of order) {
    for (const next of after.get(name) ?? []) {
      const left = (waiting.get(next) as number) - 1;
      waiting.set(next, left);
      if (left === 0) order.push(byName.get(next) as TfjsNode);
    }
  }
  if (order.length < nodes.length) refuseCycle(path, order, nodes, before);
  return order;
}

/**
 * The nodes that must come before a node. Control inputs count, too. The first input of a loop's Merge comes from
 * before the loop and the other from its last round, which comes later.
 */
function namesBefore({ op, input }: TfjsNode, byName: ReadonlyMap<string, TfjsNode>): readonly string[] {
  const names = input.map((one) => nodeOutputOf(one)?.node ?? one.slice(1)).filter((name) => byName.has(name));
  return op === "Merge" ? names.filter((name) => byName.get(name)?.op !== "NextIteration") : names;
}

/** A loop, and the loop around it. */
export interface GraphLoop {
  readonly name: string;
  readonly depth: number;
  readonly outer: GraphLoop | undefined;
}

/** The innermost loop of each node in one, by the name of the node. Enter leads into a loop, and Exit out of it. */
export function loopsOf(order: readonly TfjsNode[]): ReadonlyMap<string, GraphLoop> {
  const loops = new Map<string, GraphLoop>();
  for (const node of order) {
    let loop: GraphLoop | undefined;
    for (const { node: source } of sourcesOf(node)) {
      const around = loops.get(source);
      if (around !== undefined && around.depth > (loop?.depth ?? 0)) loop = around;
    }
    if (node.op === "Exit") loop = loop?.outer;
    if (node.op === "Enter")
      loop = { name: textAttribute(node, "frame_name"), depth: (loop?.depth ?? 0) + 1, outer: loop };
    if (loop !== undefined) loops.set(node.name, loop);
  }
  return loops;
}

function refuseCycle(
  path: string,
  order: readonly TfjsNode[],
  nodes: readonly TfjsNode[],
  before: ReadonlyMap<string, ReadonlySet<string>>,
): never {
  const done = new Set(order.map(({ name }) => name));
  // Every node that is left waits for another one that is left, so a walk backwards ends in a cycle.
  let name = nodes.find((node) => !done.has(node.name))?.name as string;
  for (const seen = new Set<string>(); !seen.has(name); ) {
    seen.add(name);
    name = [...(before.get(name) ?? [])].find((need) => !done.has(need)) as string;
  }
  return fail(
    "invalid-argument",
    `${path} has a cycle: node ${quoted(name)} needs itself; export the model without control flow`,
  );
}
