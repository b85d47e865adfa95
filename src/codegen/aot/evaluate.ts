/** Finds the value of an expression without running it, or the reason why that is impossible. */
import { type Expression, Node, type ObjectLiteralExpression, SyntaxKind, type VariableDeclaration } from "ts-morph";

export type Evaluation =
  | { readonly kind: "value"; readonly value: unknown }
  /** `reason` is a sentence. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Carries the reason out of the recursion. */
class Unknown extends Error {}

export function evaluate(expression: Expression): Evaluation {
  try {
    return { kind: "value", value: known(expression, { constants: new Set(), steps: { left: MOST_STEPS } }) };
  } catch (error) {
    if (error instanceof Unknown) return { kind: "unknown", reason: error.message };
    throw error;
  }
}

interface Way {
  /** The constants whose values are being found. One that is met again depends on itself. */
  readonly constants: ReadonlySet<Node>;
  /** A limit, because thirty constants of the form `[...a, ...a]` make a billion elements. */
  readonly steps: { left: number };
}

/** The most nodes to evaluate. A spec takes about twenty. */
const MOST_STEPS = 1000;

function unknown(node: Node, why = "is not known until it runs"): never {
  const text = node.getText().replace(/\s+/g, " ");
  throw new Unknown(`\`${text.length > 40 ? `${text.slice(0, 40)}...` : text}\` ${why}`);
}

function known(node: Node, way: Way): unknown {
  if (way.steps.left-- <= 0) unknown(node, "takes too long to find out");
  if (Node.isNumericLiteral(node) || Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) {
    return node.getLiteralValue();
  }
  if (Node.isTrueLiteral(node) || Node.isFalseLiteral(node)) return node.getLiteralValue();
  if (Node.isNullLiteral(node)) return null;
  if (Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isSatisfiesExpression(node)) {
    return known(node.getExpression(), way);
  }
  if (Node.isArrayLiteralExpression(node)) return node.getElements().flatMap((element) => elementsOf(element, way));
  if (Node.isObjectLiteralExpression(node)) return objectOf(node, way);
  if (Node.isPrefixUnaryExpression(node)) return unary(node.getOperatorToken(), known(node.getOperand(), way), node);
  if (Node.isBinaryExpression(node)) {
    const [left, right] = [known(node.getLeft(), way), known(node.getRight(), way)];
    return binary(node.getOperatorToken().getKind(), left, right, node);
  }
  if (Node.isPropertyAccessExpression(node)) return memberOf(node, known(node.getExpression(), way), node.getName());
  if (Node.isElementAccessExpression(node)) {
    const index = known(node.getArgumentExpressionOrThrow(), way);
    return memberOf(node, known(node.getExpression(), way), String(index));
  }
  if (Node.isIdentifier(node)) return constantOf(node, way);
  return unknown(node);
}

function elementsOf(element: Node, way: Way): readonly unknown[] {
  if (!Node.isSpreadElement(element)) return [known(element, way)];
  const inner = known(element.getExpression(), way);
  return Array.isArray(inner) ? inner : unknown(element, "spreads what is no array");
}

function objectOf(node: ObjectLiteralExpression, way: Way): object {
  const entries = new Map<string, unknown>();
  for (const property of node.getProperties()) {
    if (Node.isSpreadAssignment(property)) {
      const inner = known(property.getExpression(), way);
      for (const [name, value] of Object.entries(Object(inner))) entries.set(name, value);
    } else if (Node.isPropertyAssignment(property)) {
      const name = property.getNameNode();
      const isPlain = Node.isIdentifier(name) || Node.isStringLiteral(name) || Node.isNumericLiteral(name);
      const key = Node.isStringLiteral(name) ? name.getLiteralText() : name.getText();
      if (!isPlain || key === "__proto__") unknown(property, "has a name that is not known until it runs");
      entries.set(key, known(property.getInitializerOrThrow(), way));
    } else if (Node.isShorthandPropertyAssignment(property)) {
      entries.set(
        property.getName(),
        constantOf(property.getNameNode(), way, property.getValueSymbol()?.getDeclarations()),
      );
    } else unknown(property);
  }
  return Object.fromEntries(entries);
}

function unary(operator: SyntaxKind, value: unknown, node: Node): number {
  if (typeof value !== "number") return unknown(node);
  if (operator === SyntaxKind.MinusToken) return -value;
  return operator === SyntaxKind.PlusToken ? value : unknown(node);
}

function binary(operator: SyntaxKind, a: unknown, b: unknown, node: Node): number {
  if (typeof a !== "number" || typeof b !== "number") return unknown(node);
  switch (operator) {
    case SyntaxKind.PlusToken:
      return a + b;
    case SyntaxKind.MinusToken:
      return a - b;
    case SyntaxKind.AsteriskToken:
      return a * b;
    case SyntaxKind.SlashToken:
      return a / b;
    default:
      return unknown(node);
  }
}

function memberOf(node: Node, of: unknown, name: string): unknown {
  const isThere = typeof of === "object" && of !== null && Object.hasOwn(of, name);
  return isThere ? (of as Readonly<Record<string, unknown>>)[name] : unknown(node);
}

const GLOBALS: Readonly<Record<string, unknown>> = { undefined, Infinity: Number.POSITIVE_INFINITY, NaN: Number.NaN };

function constantOf(node: Node, way: Way, declared = node.getSymbol()?.getDeclarations()): unknown {
  const [declaration, another] = declared ?? [];
  if (!declaration && Object.hasOwn(GLOBALS, node.getText())) return GLOBALS[node.getText()];
  if (!declaration || another) return unknown(node);
  if (Node.isParameterDeclaration(declaration)) return unknown(node, "is a parameter");
  if (Node.isImportSpecifier(declaration) || Node.isImportClause(declaration))
    return unknown(node, "comes from another file");
  if (!Node.isVariableDeclaration(declaration)) return unknown(node);
  if (declaration.getVariableStatement()?.getDeclarationKind() !== "const") return unknown(node, "is no constant");
  const initializer = declaration.getInitializer();
  if (!initializer || !Node.isIdentifier(declaration.getNameNode()) || way.constants.has(declaration))
    return unknown(node);
  const value = known(initializer, { ...way, constants: new Set([...way.constants, declaration]) });
  if (typeof value === "object" && value !== null && mayChange(declaration))
    unknown(node, "may be changed before it is used");
  return value;
}

/** True if something in the file may do more to the constant than read it. */
function mayChange(declaration: VariableDeclaration): boolean {
  const symbol = declaration.getSymbol();
  const uses = declaration
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter((node) => node.getText() === declaration.getName() && node !== declaration.getNameNode());
  return uses.some((use) => {
    const parent = use.getParent();
    const isOther = Node.isShorthandPropertyAssignment(parent) || Node.isExportSpecifier(parent);
    if (!isOther && use.getSymbol() !== symbol) return false;
    return !isRead(use);
  });
}

/**
 * True if a use only reads the constant: `...x`, or `x.name` and `x[0].name` that are neither assigned to nor called,
 * or anything inside the arguments of `defineKernel`.
 */
function isRead(use: Node): boolean {
  const whole = withMembers(use);
  const parent = whole.getParent();
  if (Node.isExportSpecifier(parent) || isAssigned(whole)) return false;
  if (Node.isSpreadAssignment(parent) || Node.isSpreadElement(parent) || Node.isTypeQuery(parent)) return true;
  if (isInDefinition(whole)) return true;
  if (whole === use || Node.isCallExpression(parent) || Node.isDeleteExpression(parent)) return false;
  return !Node.isPostfixUnaryExpression(parent) && !Node.isPrefixUnaryExpression(parent);
}

/** True for x in `x = 1`, `[x] = [1]`, `({ a: x } = y)` and `for (x of y)`. */
function isAssigned(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isBinaryExpression(parent)) {
    return parent.getLeft() === node && /(^|[^=!<>])=$|<<=$|>>=$/.test(parent.getOperatorToken().getText());
  }
  if (Node.isForOfStatement(parent) || Node.isForInStatement(parent)) return parent.getInitializer() === node;
  const isPart =
    Node.isArrayLiteralExpression(parent) ||
    Node.isObjectLiteralExpression(parent) ||
    Node.isPropertyAssignment(parent) ||
    Node.isParenthesizedExpression(parent) ||
    Node.isAsExpression(parent);
  return isPart && isAssigned(parent);
}

/** The longest `x.name[0]...` that begins with the node. */
function withMembers(node: Node): Node {
  const parent = node.getParent();
  const isMember = Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent);
  return isMember && parent.getExpression() === node ? withMembers(parent) : node;
}

const isInDefinition = (node: Node): boolean =>
  node
    .getAncestors()
    .some((outer) => Node.isCallExpression(outer) && /(^|\.)defineKernel$/.test(outer.getExpression().getText()));
