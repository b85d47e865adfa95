/**
 * Finds the kernels that a source file defines: calls of `defineKernel`, with the values of their arguments if these
 * are known.
 */
import { type CallExpression, Node, Project, ScriptKind, type SourceFile, SyntaxKind, ts } from "ts-morph";
import { evaluate } from "./evaluate.js";

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

/** @param name the name of the file, whose ending tells the language */
export function scan(text: string, name: string): Scan {
  if (!text.includes(FUNCTION) || !text.includes(PACKAGE)) return NOTHING;
  try {
    return scanProgram(text, name);
  } catch (error) {
    // Ten thousand nested brackets overflow the stack of the parser. No person writes such a program.
    if (error instanceof RangeError) return NOTHING;
    throw error;
  }
}

function scanProgram(text: string, name: string): Scan {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noLib: true, allowJs: true, noResolve: true, target: ts.ScriptTarget.ESNext },
  });
  // ts-morph would drop a byte order mark, and all offsets would be wrong by one.
  const marked = text.replace(/^\uFEFF/, " ");
  const file = project.createSourceFile(`/source.${endingOf(name)}`, marked, { scriptKind: kindOf(name) });
  // A file with syntax errors is left alone: the bundler reports them.
  if (project.getProgram().getSyntacticDiagnostics(file).length > 0) return NOTHING;
  const calls = file.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => isOurs(call, file));
  return { calls: calls.map((call) => foundCall(call, file)), imports: importsFor(calls, file) };
}

function importsFor(calls: readonly CallExpression[], file: SourceFile): Scan["imports"] {
  const names = file.getDescendantsOfKind(SyntaxKind.Identifier);
  return file.getImportDeclarations().flatMap((declaration) => {
    const [specifier, another] = declaration.getNamedImports();
    const isOnly = !another && !declaration.getDefaultImport() && specifier?.getName() === FUNCTION;
    if (!isOnly || declaration.getModuleSpecifierValue() !== PACKAGE) return [];
    const local = specifier.getAliasNode()?.getText() ?? FUNCTION;
    const uses = names.filter(
      (node) => node.getText() === local && !node.getFirstAncestorByKind(SyntaxKind.ImportDeclaration),
    );
    const isNeeded = uses.some((use) => !calls.some((call) => call.getExpression() === use));
    return isNeeded ? [] : [{ start: declaration.getStart(), end: declaration.getEnd() }];
  });
}

const endingOf = (name: string): string => /\.([mc]?[jt]sx?)$/.exec(name)?.[1] ?? "ts";

const kindOf = (name: string): ScriptKind => {
  const ending = endingOf(name);
  if (ending.endsWith("sx")) return ending.startsWith("t") ? ScriptKind.TSX : ScriptKind.JSX;
  // A .js file often has JSX in it.
  return ending.endsWith("js") ? ScriptKind.JSX : ScriptKind.TS;
};

/** True if the callee is the package's `defineKernel`, under any name, and no other declaration hides that name. */
function isOurs(call: CallExpression, file: SourceFile): boolean {
  const callee = call.getExpression();
  if (Node.isIdentifier(callee)) {
    const declaration = onlyDeclaration(callee);
    return (
      Node.isImportSpecifier(declaration) &&
      declaration.getName() === FUNCTION &&
      declaration.getImportDeclaration().getModuleSpecifierValue() === PACKAGE &&
      declaration.getSourceFile() === file
    );
  }
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== FUNCTION) return false;
  const declaration = onlyDeclaration(callee.getExpression());
  const from = declaration?.getFirstAncestorByKind(SyntaxKind.ImportDeclaration);
  return Node.isNamespaceImport(declaration) && from?.getModuleSpecifierValue() === PACKAGE;
}

function onlyDeclaration(node: Node): Node | undefined {
  const declarations = node.getSymbol()?.getDeclarations() ?? [];
  return declarations.length === 1 ? declarations[0] : undefined;
}

function foundCall(call: CallExpression, file: SourceFile): FoundCall {
  const start = call.getStart();
  const place = { start, end: call.getEnd(), ...file.getLineAndColumnAtPos(start) };
  const [spec, options, ...more] = call.getArguments();
  if (!spec || more.length > 0)
    return { ...place, kind: "dynamic", reason: `${FUNCTION} takes a spec, and perhaps options` };
  const values: unknown[] = [];
  for (const argument of options ? [spec, options] : [spec]) {
    const known = Node.isExpression(argument)
      ? evaluate(argument)
      : ({ kind: "unknown", reason: `\`${argument.getText()}\` is not known until it runs` } as const);
    if (known.kind === "unknown") return { ...place, kind: "dynamic", reason: known.reason };
    values.push(known.value);
  }
  return { ...place, kind: "static", spec: values[0], options: values[1] };
}
