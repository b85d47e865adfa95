/** Finds the value of an expression without running it, or the reason why that is impossible. */
import type { ArrayExpressionElement, Expression, Node, ObjectExpression } from "oxc-parser";
import { changeOf, type HeldValue } from "./changes.js";
import { type Declaration, declaratorOf, type SourceTree, withoutTypes } from "./sourceTree.js";

export type Evaluation =
  | { readonly kind: "value"; readonly value: unknown }
  /** `reason` is a sentence. */
  | { readonly kind: "unknown"; readonly reason: string };

/** @param isDefinition true for calls that only read their arguments */
export function evaluate(
  expression: Expression,
  source: SourceTree,
  isDefinition: (call: Node) => boolean,
): Evaluation {
  const evaluator = new Evaluator(source);
  try {
    const value = evaluator.known(expression);
    const file = { source, isDefinition, valueOf: (inner: Expression) => valueIn(inner, source) };
    for (const [declaration, constant] of evaluator.constants) {
      const change = changeOf(declaration, constant, file);
      if (!change) continue;
      const { line } = source.placeOf(change.start);
      const reason = `may be changed by ${source.quote(change)} in line ${line}; write it into the call itself`;
      return { kind: "unknown", reason: `${source.quote(declaration.node)} ${reason}` };
    }
    return { kind: "value", value };
  } catch (error) {
    if (error instanceof Unknown) return { kind: "unknown", reason: error.message };
    throw error;
  }
}

/** The value of an expression if nothing changes the constants in it. */
function valueIn(expression: Expression, source: SourceTree): HeldValue {
  try {
    return { value: new Evaluator(source).known(expression) };
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/** Carries the reason out of the recursion. */
class Unknown extends Error {}

/**
 * The most nodes and elements that are spread. A spec takes about twenty; thirty constants of the form `[...a, ...a]` a
 * billion.
 */
const MOST_STEPS = 1000;

const GLOBALS: Readonly<Record<string, unknown>> = { undefined, Infinity: Number.POSITIVE_INFINITY, NaN: Number.NaN };

/** Takes every constant for what it is bound to; whether something changes it later is another question. */
class Evaluator {
  /** The constants that were met. One whose value is still being found depends on itself. */
  readonly constants = new Map<Declaration, HeldValue>();
  readonly #source: SourceTree;
  #steps = 0;

  constructor(source: SourceTree) {
    this.#source = source;
  }

  #unknown(node: Node, why = "is not known until it runs"): never {
    throw new Unknown(`${this.#source.quote(node)} ${why}`);
  }

  #step(count: number, node: Node): void {
    this.#steps += count;
    if (this.#steps > MOST_STEPS) this.#unknown(node, "takes too long to find out");
  }

  known(expression: Expression): unknown {
    this.#step(1, expression);
    const node = withoutTypes(expression);
    switch (node.type) {
      case "Literal":
        return "regex" in node || "bigint" in node ? this.#unknown(node) : node.value;
      case "TemplateLiteral":
        return node.expressions.length > 0 ? this.#unknown(node) : node.quasis[0]?.value.cooked;
      case "ArrayExpression":
        return node.elements.flatMap((element) => (element ? this.#elementsOf(element) : this.#unknown(node)));
      case "ObjectExpression":
        return this.#objectOf(node);
      case "UnaryExpression":
        return this.#unary(node.operator, this.known(node.argument), node);
      case "BinaryExpression":
        if (node.left.type === "PrivateIdentifier") return this.#unknown(node);
        return this.#binary(node.operator, this.known(node.left), this.known(node.right), node);
      case "MemberExpression": {
        if (node.property.type === "PrivateIdentifier") return this.#unknown(node);
        const name = node.computed ? this.known(node.property) : (node.property as { readonly name: string }).name;
        return this.#memberOf(node, this.known(node.object), String(name));
      }
      case "Identifier":
        return this.#constantOf(node);
      default:
        return this.#unknown(node);
    }
  }

  #elementsOf(element: ArrayExpressionElement & object): readonly unknown[] {
    if (element.type !== "SpreadElement") return [this.known(element as Expression)];
    const inner = this.known(element.argument);
    if (!Array.isArray(inner)) return this.#unknown(element, "spreads what is no array");
    this.#step(inner.length, element);
    return inner;
  }

  #objectOf(node: ObjectExpression): object {
    const entries = new Map<string, unknown>();
    for (const property of node.properties) {
      if (property.type === "SpreadElement") {
        const inner = this.known(property.argument);
        for (const [name, value] of Object.entries(Object(inner))) entries.set(name, value);
        this.#step(entries.size, property);
        continue;
      }
      const { key, value, kind, method, computed } = property;
      if (kind !== "init" || method) this.#unknown(property);
      const name = key.type === "Identifier" ? key.name : key.type === "Literal" ? String(key.value) : "__proto__";
      if (computed || name === "__proto__") this.#unknown(property, "has a name that is not known until it runs");
      entries.set(name, this.known(value));
    }
    return Object.fromEntries(entries);
  }

  #unary(operator: string, value: unknown, node: Node): number {
    if (typeof value !== "number") return this.#unknown(node);
    return operator === "-" ? -value : operator === "+" ? value : this.#unknown(node);
  }

  #binary(operator: string, a: unknown, b: unknown, node: Node): number {
    if (typeof a !== "number" || typeof b !== "number") return this.#unknown(node);
    switch (operator) {
      case "+":
        return a + b;
      case "-":
        return a - b;
      case "*":
        return a * b;
      case "/":
        return a / b;
      default:
        return this.#unknown(node);
    }
  }

  #memberOf(node: Node, of: unknown, name: string): unknown {
    const isThere = typeof of === "object" && of !== null && Object.hasOwn(of, name);
    return isThere ? (of as Readonly<Record<string, unknown>>)[name] : this.#unknown(node);
  }

  #constantOf(node: Extract<Node, { type: "Identifier" }>): unknown {
    const declaration = this.#source.declarationOf(node);
    if (!declaration) return Object.hasOwn(GLOBALS, node.name) ? GLOBALS[node.name] : this.#unknown(node);
    if (declaration.type === "FunctionParam") return this.#unknown(node, "is a parameter");
    if (declaration.type === "Import") return this.#unknown(node, "comes from another file");
    if (declaration.type !== "Variable") return this.#unknown(node);
    if (declaration.variableNode.kind !== "const") return this.#unknown(node, "is no constant");
    const init = declaratorOf(declaration, this.#source)?.init;
    if (!init) return this.#unknown(node);
    if (this.constants.has(declaration)) return (this.constants.get(declaration) ?? this.#unknown(node)).value;
    this.constants.set(declaration, undefined);
    const value = this.known(init);
    this.constants.set(declaration, { value });
    return value;
  }
}
