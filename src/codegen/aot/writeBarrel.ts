/**
 * Writes the files that name all kernels: a barrel that exports them, and a registry that makes them known to
 * `compile`.
 */
import { StructureKind, VariableDeclarationKind } from "ts-morph";
import { banner } from "./banner.js";
import { declarationOf, sourceText } from "./sources.js";

const fileOf = (name: string): string => `./${name}/index.js`;

/** The text of the barrel, which serves as its own declaration file. */
export const writeBarrel = (names: readonly string[]): string =>
  sourceText({
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
  sourceText({
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
  declarationOf("All kernels, of which `compile` knows once this is imported.", {
    name: "kernels",
    type: "readonly BuiltKernel[]",
    imported: "BuiltKernel",
    isDefault: false,
  });
