/**
 * One name, one meaning: whoever meets an exported name, or a type, in two files may take it for the same thing. Exporting again
 * what another file declares is fine.
 */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { SOURCES, type Source } from "../support/sources.js";

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
  expect([...doublesIn(SOURCES)].map(([name, files]) => `${name}: ${files.join(", ")}`)).toEqual([]);
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
