/**
 * One name, one meaning: whoever meets an exported name, or a type, in two files may take it for the same thing. Exporting again
 * what another file declares is fine.
 */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { expectOnly } from "../support/ratchet.js";
import { SOURCES, type Source } from "../support/sources.js";

/** How many declarations a name has that has several. Renaming one takes it off; nothing is put on. */
const DOUBLES: Readonly<Record<string, number>> = {
  Axis: 2,
  Body: 2,
  Box: 2,
  BuiltKernel: 2,
  Cache: 2,
  Candidate: 2,
  Code: 2,
  CompileOptions: 2,
  Group: 2,
  Inputs: 3,
  Inside: 2,
  Instance: 2,
  Interval: 2,
  Kernel: 3,
  Loaded: 2,
  Machine: 3,
  NamedKernel: 2,
  Node: 2,
  Packed: 2,
  Place: 2,
  Plan: 3,
  Progress: 3,
  RULES: 2,
  Request: 2,
  Row: 2,
  Rule: 3,
  Scope: 3,
  Shape: 2,
  Shapes: 2,
  Step: 3,
  Tensor: 2,
  TuneOptions: 2,
  Verdict: 2,
  WasmModule: 2,
  Window: 2,
  Work: 2,
  allocate: 2,
  atrousConv2dTranspose: 2,
  buffersOf: 2,
  checkSchedule: 2,
  convolutionShape: 2,
  counted: 2,
  evaluate: 2,
  gainOf: 2,
  intOf: 2,
  intsOf: 2,
  kernelKey: 2,
  layoutOf: 2,
  load: 2,
  namesOf: 2,
  sourceOf: 2,
  targetOf: 2,
  textOf: 3,
  warmUp: 2,
  workOf: 2,
};

interface Declaration {
  readonly name: string;
  readonly path: string;
  readonly isType: boolean;
  readonly isExported: boolean;
}

function declarationsOf({ path, text }: Source): Declaration[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const listed = new Set(
    file.statements.flatMap((stmt) => {
      const isList = ts.isExportDeclaration(stmt) && !stmt.moduleSpecifier;
      const clause =
        isList && stmt.exportClause && ts.isNamedExports(stmt.exportClause) ? stmt.exportClause : undefined;
      return clause?.elements.map(({ name, propertyName }) => (propertyName ?? name).text) ?? [];
    }),
  );
  return file.statements.flatMap((stmt) => {
    const isType = ts.isInterfaceDeclaration(stmt) || ts.isTypeAliasDeclaration(stmt) || ts.isClassDeclaration(stmt);
    const named = ts.isVariableStatement(stmt)
      ? stmt.declarationList.declarations.map(({ name }) => name)
      : isType || ts.isFunctionDeclaration(stmt)
        ? [stmt.name]
        : [];
    const modifiers = ts.canHaveModifiers(stmt) ? (ts.getModifiers(stmt) ?? []) : [];
    const isMarked = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    // Overloads and merged declarations of one file are one thing.
    const names = new Set(named.flatMap((name) => (name && ts.isIdentifier(name) ? [name.text] : [])));
    return [...names].map((name) => ({ name, path, isType, isExported: isMarked || listed.has(name) }));
  });
}

/** Files by name, for names that more than one file declares, of which one at least exports it. */
function doublesIn(sources: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  const exported = new Set<string>();
  const places = new Map<string, Set<string>>();
  for (const { name, path, isType, isExported } of sources.flatMap(declarationsOf)) {
    if (isExported) exported.add(name);
    if (isType || isExported) places.set(name, (places.get(name) ?? new Set()).add(path));
  }
  const doubles = [...places].filter(([name, files]) => exported.has(name) && files.size > 1);
  return new Map(doubles.sort().map(([name, files]) => [name, [...files]]));
}

test("each name has one meaning", () => {
  expectOnly(doublesIn(SOURCES), DOUBLES);
});

describe("a double is found", () => {
  const inFiles = (...texts: readonly string[]) =>
    [...doublesIn(texts.map((text, i) => ({ path: `${i}.ts`, text })))].map(([name, files]) => [name, ...files]);

  test.each([
    ["two types", "export interface A {}", "export type A = 1;"],
    ["two functions, however they are written", "export function A() {}", "export const A = () => 1;"],
    ["a list of exports", "const A = 1; export { A };", "export class A {}"],
    ["a type that one file keeps to itself", "export class A {}", "interface A {}"],
  ])("%s", (_, first, second) => {
    expect(inFiles(first, second)).toEqual([["A", "0.ts", "1.ts"]]);
  });

  test.each([
    [
      "what is exported again",
      "export class A {}",
      'export { A } from "./0.js"; export type { A as B } from "./0.js";',
    ],
    ["a function that one file keeps to itself", "export function A() {}", "function A() {} A();"],
    ["two types that two files keep to themselves", "interface A {}", "interface A {}"],
    ["overloads", "export function A(x: 1): 1; export function A(x: 2): 2; export function A(x) { return x; }", ""],
  ])("but not %s", (_, first, second) => {
    expect(inFiles(first, second)).toEqual([]);
  });
});
