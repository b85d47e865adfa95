/**
 * Looks for what may change an object that a constant holds. The object is safe if nothing else can get hold of it:
 * each use of the constant is a read of a number or a text in it, a spread of such values, the argument of a
 * definition, or a part of a literal or another constant of which the same holds. Every other use counts as a change.
 */
import type { Expression, MemberExpression, Node, VariableDeclarator } from "oxc-parser";
import { type Declaration, isTyping, type SourceTree } from "./sourceTree.js";

/** A value, or undefined if it is not known. */
export type HeldValue = { readonly value: unknown } | undefined;

export interface SourceFacts {
  readonly source: SourceTree;
  /** True for calls that only read their arguments. */
  isDefinition(call: Node): boolean;
  valueOf(expression: Expression): HeldValue;
}

/** The first place that may change what the constant holds, if there is one. */
export function changeOf(declaration: Declaration, held: HeldValue, file: SourceFacts): Node | undefined {
  return isPrimitive(held?.value) ? undefined : new Holders(file).changeOf(declaration, held);
}

const isPrimitive = (value: unknown): boolean => typeof value !== "object" || value === null;

class Holders {
  readonly #file: SourceFacts;
  /** Constants that were looked at. */
  readonly #seen = new Set<Declaration>();

  constructor(file: SourceFacts) {
    this.#file = file;
  }

  changeOf(declaration: Declaration, held: HeldValue): Node | undefined {
    if (this.#seen.has(declaration)) return undefined;
    this.#seen.add(declaration);
    const { source } = this.#file;
    const exported = this.#parentOf(this.#parentOf(this.#parentOf(declaration.node)));
    if (exported.type === "ExportNamedDeclaration") return exported;
    if (source.evalCall) return source.evalCall;
    for (const use of source.usesOf(declaration.node)) {
      const change = this.#changeAt(use, held);
      if (change) return change;
    }
    return undefined;
  }

  /** Every node but the program has a parent. */
  #parentOf(node: Node): Node {
    return this.#file.source.parentOf(node) ?? node;
  }

  /** The change that an object may undergo, by the place of the expression that gives it. */
  #changeAt(node: Node, held: HeldValue): Node | undefined {
    const parent = this.#parentOf(node);
    switch (parent.type) {
      // `typeof x` as a type
      case "TSTypeQuery":
        return undefined;
      case "MemberExpression":
        return parent.object === node ? this.#changeOfMember(parent, held) : parent;
      case "SpreadElement": {
        const isFlat = held && Object.values(held.value as object).every(isPrimitive);
        return isFlat ? undefined : this.#changeOfLiteral(this.#parentOf(parent));
      }
      case "Property":
        return parent.value === node ? this.#changeOfLiteral(this.#parentOf(parent)) : parent;
      case "ArrayExpression":
        return this.#changeOfLiteral(parent);
      case "VariableDeclarator":
        return this.#changeOfAlias(parent, held);
      case "CallExpression":
        return this.#file.isDefinition(parent) ? undefined : parent;
      default:
        return isTyping(parent) || parent.type === "ChainExpression" ? this.#changeAt(parent, held) : parent;
    }
  }

  #changeOfMember(member: MemberExpression, held: HeldValue): Node | undefined {
    const object = held?.value;
    const key = member.computed ? this.#file.valueOf(member.property as Expression)?.value : undefined;
    const name = member.computed ? key : (member.property as { readonly name?: string }).name;
    if ((typeof name !== "string" && typeof name !== "number") || !Object.hasOwn(Object(object), name))
      return this.#parentOf(member);
    const inner = (object as Readonly<Record<string, unknown>>)[name];
    return isPrimitive(inner) ? this.#writeTo(member) : this.#changeAt(member, { value: inner });
  }

  /** The change by way of a literal that holds the object. */
  #changeOfLiteral(literal: Node): Node | undefined {
    const isLiteral = literal.type === "ObjectExpression" || literal.type === "ArrayExpression";
    return isLiteral ? this.#changeAt(literal, this.#file.valueOf(literal)) : literal;
  }

  #changeOfAlias(declarator: VariableDeclarator, held: HeldValue): Node | undefined {
    const declaration = this.#file.source.declarationAt(declarator.id);
    const isConstant = declaration?.type === "Variable" && declaration.variableNode.kind === "const";
    return isConstant ? this.changeOf(declaration, held) : declarator;
  }

  /** The write to a member: `x.a = 1`, `x.a++`, `delete x.a`, `[x.a] = y`, `({ b: x.a } = y)`, `for (x.a of y)`. */
  #writeTo(node: Node): Node | undefined {
    const parent = this.#parentOf(node);
    switch (parent.type) {
      case "AssignmentExpression":
      case "AssignmentPattern":
      case "ForInStatement":
      case "ForOfStatement":
        return parent.left === node ? parent : undefined;
      case "UnaryExpression":
        return parent.operator === "delete" ? parent : undefined;
      case "UpdateExpression":
      case "ArrayPattern":
      case "RestElement":
        return parent;
      case "Property":
        return this.#parentOf(parent).type === "ObjectPattern" ? parent : undefined;
      default:
        return isTyping(parent) || parent.type === "ChainExpression" ? this.#writeTo(parent) : undefined;
    }
  }
}
