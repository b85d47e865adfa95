/**
 * Finds the kernels that a source file defines: calls of `defineKernel`, with the values of their arguments if these
 * are known.
 */
import type { CallExpression, ImportDeclaration, ImportDeclarationSpecifier, ModuleExportName, Node } from "oxc-parser";
import { evaluate } from "./evaluate.js";
import { SourceTree } from "./sourceTree.js";

interface CallPlace {
  /** The offset of the call in the text. */
  readonly start: number;
  readonly end: number;
  /** Lines and columns count from 1. */
  readonly line: number;
  readonly column: number;
}

export type FoundCall = CallPlace &
  (
    | { readonly kind: "static"; readonly spec: unknown; readonly options: unknown }
    /** The call cannot be replaced; `reason` is a sentence that says why. */
    | { readonly kind: "dynamic"; readonly reason: string }
  );

export interface Scan {
  readonly calls: readonly FoundCall[];
  /**
   * Imports that only these calls need. Other bundlers drop such imports by themselves, but esbuild still writes the
   * files that the package would load on demand.
   */
  readonly imports: readonly Pick<CallPlace, "start" | "end">[];
}

const FUNCTION = "defineKernel";
const PACKAGE = "tilewright";

const NOTHING: Scan = { calls: [], imports: [] };

/** @param name the name of the file, whose ending tells the language; a query may follow */
export function scan(text: string, name: string): Scan {
  if (!text.includes(FUNCTION) || !text.includes(PACKAGE) || isTooDeep(text)) return NOTHING;
  try {
    // A file with syntax errors is left alone: the bundler reports them.
    const source = SourceTree.parse(text, name);
    return source ? scanSource(source) : NOTHING;
  } catch (error) {
    // Ten thousand operators in a row overflow the stack. No person writes such a program.
    if (error instanceof RangeError) return NOTHING;
    throw error;
  }
}

/** The most brackets within each other. The parser is native: if its stack overflows, the process ends. */
const MOST_NESTED = 1000;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    depth += "([{".includes(bracket) ? 1 : -1;
    if (depth > MOST_NESTED) return true;
  }
  return false;
}

function scanSource(source: SourceTree): Scan {
  const imports = source.program.body.filter((node) => node.type === "ImportDeclaration");
  const ours = imports.filter((one) => one.source.value === PACKAGE).flatMap(({ specifiers }) => specifiers);
  const uses = ours.flatMap((specifier) => usesOf(specifier, source));
  const calls = new Set<Node>(uses.flatMap((use) => callOf(use, source) ?? []));
  const found = uses.map((use): FoundCall => {
    const call = callOf(use, source);
    return call ? foundCall(call, source, (one) => calls.has(one)) : passedOn(use, source);
  });
  const isUnneeded = ({ source: from, specifiers: [only, another] }: ImportDeclaration) =>
    from.value === PACKAGE &&
    only?.type === "ImportSpecifier" &&
    !another &&
    nameOf(only.imported) === FUNCTION &&
    source.usesOf(only).every((use) => callOf(use, source));
  return {
    calls: found.sort((a, b) => a.start - b.start),
    imports: imports.filter(isUnneeded).map(({ start, end }) => ({ start, end })),
  };
}

/** Where a file names the function, by this import: as `defineKernel`, or as a member of the whole package. */
function usesOf(specifier: ImportDeclarationSpecifier, source: SourceTree): readonly Node[] {
  const uses = source.usesOf(specifier).filter((use) => source.parentOf(use)?.type !== "TSTypeQuery");
  if (specifier.type === "ImportSpecifier") return nameOf(specifier.imported) === FUNCTION ? uses : [];
  if (specifier.type === "ImportDefaultSpecifier") return [];
  return uses.flatMap((use) => {
    const member = source.parentOf(use);
    if (member?.type !== "MemberExpression" || member.object !== use) return [];
    const { property } = member;
    const isNamed = member.computed
      ? property.type === "Literal" && property.value === FUNCTION
      : property.type === "Identifier" && property.name === FUNCTION;
    return isNamed ? [member] : [];
  });
}

const nameOf = (name: ModuleExportName): string => (name.type === "Literal" ? name.value : name.name);

/** The call whose function this is, if it is one. */
function callOf(use: Node, source: SourceTree): CallExpression | undefined {
  const call = source.parentOf(use);
  return call?.type === "CallExpression" && call.callee === use ? call : undefined;
}

const spanOf = ({ start, end }: Node, source: SourceTree): CallPlace => ({ start, end, ...source.placeOf(start) });

/** A use that hands the function on: nobody knows where it is called then. */
const passedOn = (use: Node, source: SourceTree): FoundCall => ({
  ...spanOf(use, source),
  kind: "dynamic",
  reason: `${FUNCTION} is passed on, and not called where it stands`,
});

function foundCall(call: CallExpression, source: SourceTree, isDefinition: (call: Node) => boolean): FoundCall {
  const span = spanOf(call, source);
  const dynamic = (reason: string): FoundCall => ({ ...span, kind: "dynamic", reason });
  const [spec, options, ...more] = call.arguments;
  if (!spec || more.length > 0) return dynamic(`${FUNCTION} takes a spec, and perhaps options`);
  const values: unknown[] = [];
  for (const argument of options ? [spec, options] : [spec]) {
    if (argument.type === "SpreadElement") return dynamic(`${source.quote(argument)} is not known until it runs`);
    const known = evaluate(argument, source, isDefinition);
    if (known.kind === "unknown") return dynamic(known.reason);
    values.push(known.value);
  }
  return { ...span, kind: "static", spec: values[0], options: values[1] };
}
