/** A source file as a tree, with the declaration that each name means and the places where it is used. */
import {
  type Expression,
  type Node,
  type ParserOptions,
  type Program,
  parseSync,
  type VariableDeclarator,
} from "oxc-parser";
import { isReferenceIdentifier, ScopeTracker, type ScopeTrackerNode, walk } from "oxc-walker";

/** A name that is declared, by the node that `ScopeTracker` keeps of it. */
export type Declaration = ScopeTrackerNode;

export class SourceTree {
  readonly text: string;
  readonly program: Program;
  /** A use of `eval`, which may change whatever the file names. */
  readonly evalCall: Node | undefined;
  readonly #parents = new Map<Node, Node>();
  readonly #declared = new Map<Node, Declaration>();
  readonly #declarations = new Map<Node, Declaration>();
  readonly #uses = new Map<Node, Node[]>();

  private constructor(text: string, program: Program) {
    this.text = text;
    this.program = program;
    const scopes = new ScopeTracker({ preserveExitedScopes: true });
    walk(program, { scopeTracker: scopes });
    // In the second walk names are found that are declared further down.
    scopes.freeze();
    let evalCall: Node | undefined;
    walk(program, {
      scopeTracker: scopes,
      enter: (node, parent) => {
        if (parent) this.#parents.set(node, parent);
        if (node.type !== "Identifier" && node.type !== "JSXIdentifier") return;
        const declaration = scopes.getDeclaration(node.name);
        if (declaration?.node === node) this.#declared.set(node, declaration);
        if (!isReferenceIdentifier(node, parent) || declaration?.node === node) return;
        if (node.name === "eval" && !declaration) evalCall ??= node;
        if (declaration && !this.#isAhead(node, declaration)) this.#use(node, declaration);
      },
    });
    this.evalCall = evalCall;
  }

  /**
   * Reads JavaScript or TypeScript, perhaps with JSX. Returns undefined for text with syntax errors.
   * @param name the name of the file, perhaps with a query as bundlers have it, whose ending tells the language
   */
  static parse(text: string, name: string): SourceTree | undefined {
    const { program, errors } = parseSync(name, text, {
      lang: languageOf(name),
      sourceType: "module",
      preserveParens: false,
    });
    return errors.length > 0 ? undefined : new SourceTree(text, program);
  }

  #use(node: Node, declaration: Declaration): void {
    this.#declarations.set(node, declaration);
    const uses = this.#uses.get(declaration.node);
    if (uses) uses.push(node);
    else this.#uses.set(declaration.node, [node]);
  }

  /** The tracker takes what a `switch` declares for known in the value that it looks at, where it is not. */
  #isAhead(node: Node, declaration: Declaration): boolean {
    for (let [inner, outer] = [node, this.parentOf(node)]; outer; [inner, outer] = [outer, this.parentOf(outer)]) {
      if (outer.type === "SwitchStatement" && outer.discriminant === inner && contains(outer, declaration.node))
        return true;
    }
    return false;
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  /** The declaration that a used name means; undefined for globals and for what is no name. */
  declarationOf(node: Node): Declaration | undefined {
    return this.#declarations.get(node);
  }

  /** The declaration that a name makes where it stands; undefined for a name that is used, and for a pattern. */
  declarationAt(node: Node): Declaration | undefined {
    return this.#declared.get(node);
  }

  /** Where a name is used, in the order of the text. @param declared the node of its declaration */
  usesOf(declared: Node): readonly Node[] {
    return this.#uses.get(declared) ?? [];
  }

  /** The text of a node in one short line, for messages. */
  quote({ start, end }: Node): string {
    const text = this.text.slice(start, end).replace(/\s+/g, " ");
    return `\`${text.length > 40 ? `${text.slice(0, 40)}...` : text}\``;
  }

  /** The place of an offset; both count from 1. */
  placeOf(offset: number): { line: number; column: number } {
    const lines = this.text.slice(0, offset).split("\n");
    return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
  }
}

const contains = (outer: Node, inner: Node): boolean => outer.start <= inner.start && inner.end <= outer.end;

function languageOf(name: string): NonNullable<ParserOptions["lang"]> {
  const [, typed, jsx] = /\.[mc]?([jt])s(x?)(?=\?|$)/.exec(name) ?? [];
  // A .js file often has JSX in it.
  if (typed !== "t") return "jsx";
  return jsx ? "tsx" : "ts";
}

/** The declarator of `const x = ...`; undefined for names out of a pattern. */
export function declaratorOf({ node }: Declaration, source: SourceTree): VariableDeclarator | undefined {
  const parent = source.parentOf(node);
  return parent?.type === "VariableDeclarator" && parent.id === node ? parent : undefined;
}

/** The expression inside `as const`, `satisfies`, `<T>` and `!`. */
export function withoutTypes(node: Expression): Expression {
  return isTyping(node) ? withoutTypes(node.expression) : node;
}

/** True for what wraps an expression and does nothing when it runs. */
export const isTyping = (node: Node) =>
  node.type === "TSAsExpression" ||
  node.type === "TSSatisfiesExpression" ||
  node.type === "TSNonNullExpression" ||
  node.type === "TSTypeAssertion" ||
  node.type === "ParenthesizedExpression";
