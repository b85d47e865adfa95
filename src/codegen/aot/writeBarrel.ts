/** The files that name all kernels: a barrel to import them from, and a registry that tells `compile` of them. */
import { StructureKind, VariableDeclarationKind } from "ts-morph";
import { banner } from "./banner.js";
import { textOf } from "./sources.js";

const fileOf = (name: string): string => `./${name}/index.js`;

/** The same text for JavaScript and for its declarations. */
export const writeBarrel = (names: readonly string[]): string =>
  textOf({
    statements: [
      banner("All kernels by name."),
      ...(names.length === 0
        ? ["export {};"]
        : names.map((name) => ({
            kind: StructureKind.ExportDeclaration as const,
            namedExports: [name],
            moduleSpecifier: fileOf(name),
          }))),
    ],
  });

export const writeRegistry = (names: readonly string[]): string =>
  textOf({
    statements: [
      banner("Import it for its effect: `compile` then takes these kernels instead of compiling."),
      { kind: StructureKind.ImportDeclaration, namedImports: ["register"], moduleSpecifier: "tilewright/runtime" },
      ...names.map((name) => ({
        kind: StructureKind.ImportDeclaration as const,
        namedImports: [name],
        moduleSpecifier: fileOf(name),
      })),
      {
        kind: StructureKind.VariableStatement,
        declarationKind: VariableDeclarationKind.Const,
        isExported: true,
        declarations: [{ name: "kernels", initializer: `[${names.join(", ")}]` }],
      },
      "register(kernels);",
    ],
  });

export const writeRegistryTypes = (): string =>
  textOf({
    statements: [
      banner("All kernels, of which `compile` knows once this is imported."),
      {
        kind: StructureKind.ImportDeclaration,
        isTypeOnly: true,
        namedImports: ["BuiltKernel"],
        moduleSpecifier: "tilewright/runtime",
      },
      {
        kind: StructureKind.VariableStatement,
        declarationKind: VariableDeclarationKind.Const,
        isExported: true,
        hasDeclareKeyword: true,
        declarations: [{ name: "kernels", type: "readonly BuiltKernel[]" }],
      },
    ],
  });
