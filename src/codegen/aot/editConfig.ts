/**
 * Adds a model to the text of a config file. The text changes in one place; everything else, comments and layout
 * included, stays as it is.
 */
import {
  type ArrayLiteralExpression,
  Node,
  type ObjectLiteralExpression,
  Project,
  type SourceFile,
  ts,
} from "ts-morph";
import { fail } from "../../ir/errors.js";

export interface ModelEntry {
  /** Relative to the config file, with forward slashes. */
  readonly path: string;
  readonly dims: Readonly<Record<string, number>>;
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

/** The text of a new config file with this model alone. */
export const newConfig = (entry: ModelEntry): string =>
  'import { defineConfig } from "tilewright/config";\n\n' +
  `export default defineConfig({\n  models: [${entryText(entry)}],\n});\n`;

/** The config with the entry in its `models`. The entry replaces one of the same path. */
export function addModel(configText: string, entry: ModelEntry): string {
  const text = entryText(entry);
  const edited = edit(parse(configText), entry.path, text);
  // The next command must be able to read the config, so an edit that breaks an unusual config is refused.
  if (syntaxErrorOf(parse(edited)) !== undefined) byHand(text);
  return edited;
}

function edit(file: SourceFile, path: string, entry: string): string {
  const broken = syntaxErrorOf(file);
  if (broken !== undefined)
    fail("invalid-argument", `the config is no TypeScript that can be read: ${broken}; correct it first`);
  const config = configOf(file) ?? byHand(entry);
  const property = config.getProperty("models");
  if (property === undefined) {
    // A spread may contain `models`, which a second property of that name would hide.
    if (config.getProperties().some(Node.isSpreadAssignment)) byHand(entry);
    return append(file.getFullText(), config, `models: [${entry}]`);
  }
  const models = Node.isPropertyAssignment(property) ? withoutTypes(property.getInitializer()) : undefined;
  if (!Node.isArrayLiteralExpression(models)) return byHand(entry);
  const same = models.getElements().find((element) => pathOf(element) === path);
  return same === undefined
    ? append(file.getFullText(), models, entry)
    : splice(file.getFullText(), same.getStart(), same.getEnd(), entry);
}

const byHand = (entry: string): never =>
  fail(
    "invalid-argument",
    "the config is not an object literal given to defineConfig or exported as default; " +
      `add ${entry} to its models by hand`,
  );

function parse(text: string): SourceFile {
  return new Project({ useInMemoryFileSystem: true, compilerOptions: { noLib: true } }).createSourceFile(
    "config.ts",
    text,
  );
}

function syntaxErrorOf(file: SourceFile): string | undefined {
  const program = file.getProject().getProgram();
  const [first] = program.getSyntacticDiagnostics(file);
  if (first === undefined) return undefined;
  return `line ${first.getLineNumber()}: ${ts.flattenDiagnosticMessageText(first.compilerObject.messageText, " ")}`;
}

/**
 * The object literal of `export default defineConfig({ ... })` or `export default { ... }`. The default export may also
 * be the name of a constant with such a value.
 */
function configOf(file: SourceFile): ObjectLiteralExpression | undefined {
  const exported = withoutTypes(file.getExportAssignment((one) => !one.isExportEquals())?.getExpression());
  const named = Node.isIdentifier(exported)
    ? file.getVariableDeclaration(exported.getText())?.getInitializer()
    : exported;
  const value = withoutTypes(named);
  const isCall = Node.isCallExpression(value) && value.getExpression().getText() === "defineConfig";
  const config = isCall ? withoutTypes(value.getArguments()[0]) : value;
  return Node.isObjectLiteralExpression(config) ? config : undefined;
}

/** The expression inside `as const`, `satisfies` and parentheses. */
function withoutTypes(node: Node | undefined): Node | undefined {
  const isWrapped =
    Node.isAsExpression(node) || Node.isSatisfiesExpression(node) || Node.isParenthesizedExpression(node);
  return isWrapped ? withoutTypes(node.getExpression()) : node;
}

/** The path of an element of `models`, which is `"model.onnx"` or `{ path: "model.onnx" }`. */
function pathOf(element: Node): string | undefined {
  if (Node.isStringLiteral(element)) return element.getLiteralValue();
  const property = Node.isObjectLiteralExpression(element) ? element.getProperty("path") : undefined;
  const path = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  return Node.isStringLiteral(path) || Node.isNoSubstitutionTemplateLiteral(path) ? path.getLiteralValue() : undefined;
}

const splice = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

/** Puts `item` behind the last one of a list, and keeps the layout of the list. */
function append(text: string, list: ArrayLiteralExpression | ObjectLiteralExpression, item: string): string {
  const isArray = Node.isArrayLiteralExpression(list);
  const last = (isArray ? list.getElements() : list.getProperties()).at(-1);
  const [open, close] = [list.getStart() + 1, list.getEnd() - 1];
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const outer = indentAt(text, close);
  if (last === undefined) {
    const inside = text.slice(open, close).trimEnd();
    if (inside === "" && isArray) return splice(text, open, close, item);
    return splice(text, open, close, `${inside}${newline}${outer}  ${item},${newline}${outer}`);
  }
  if (!text.slice(list.getStart(), close).includes("\n")) {
    const rest = text.slice(last.getEnd(), close);
    return splice(text, last.getEnd(), close, `, ${item}${rest.replace(/^\s*,/, "")}`);
  }
  // A comment on the line of the last item belongs to that item.
  const [tail = "", comma, comment = ""] =
    /^(\s*,)?([ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/))?/.exec(text.slice(last.getEnd(), close)) ?? [];
  const added = `,${comment}${newline}${indentAt(text, last.getStart())}${item}${comma === undefined ? "" : ","}`;
  return splice(text, last.getEnd(), last.getEnd() + tail.length, added);
}

/** The white space at the beginning of the line of this position. */
const indentAt = (text: string, position: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", position - 1) + 1))?.[0] ?? "";

function entryText({ path, dims, shapes = {} }: ModelEntry): string {
  const sizes = Object.entries(dims).map(([name, size]) => `${keyText(name)}: ${size}`);
  const lists = Object.entries(shapes).map(([name, shape]) => `${keyText(name)}: [${shape.join(", ")}]`);
  const fields = [
    `path: ${JSON.stringify(path)}`,
    ...(sizes.length === 0 ? [] : [`dims: { ${sizes.join(", ")} }`]),
    ...(lists.length === 0 ? [] : [`shapes: { ${lists.join(", ")} }`]),
  ];
  return `{ ${fields.join(", ")} }`;
}

/** The name of a property as a literal has it. `__proto__: 1` would set the prototype and make no property. */
const keyText = (name: string): string => {
  if (name === "__proto__") return `["${name}"]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
};
