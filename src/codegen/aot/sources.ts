/** Prints files with ts-morph: one project in memory, which holds one file at a time. */
import { IndentationText, Project, type SourceFileStructure, StructureKind, VariableDeclarationKind } from "ts-morph";
import { banner } from "./banner.js";

let project: Project | undefined;

/** The text of a file with this structure. */
export function sourceText(structure: Omit<SourceFileStructure, "kind">): string {
  project ??= new Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces },
  });
  const file = project.createSourceFile("/file.ts", structure, { overwrite: true });
  try {
    return file.getFullText();
  } finally {
    project.removeSourceFile(file);
  }
}

interface DeclaredConstant {
  readonly name: string;
  readonly type: string;
  /** The type of `tilewright/runtime` that `type` names. */
  readonly imported: string;
  readonly docs?: string;
  /** True if the constant is the default export, false if it is exported under its name. */
  readonly isDefault: boolean;
}

/** The text of a file that declares one constant. */
export function declarationOf(summary: string, { name, type, imported, docs, isDefault }: DeclaredConstant): string {
  return sourceText({
    statements: [
      banner(summary),
      {
        kind: StructureKind.ImportDeclaration,
        isTypeOnly: true,
        namedImports: [imported],
        moduleSpecifier: "tilewright/runtime",
      },
      {
        kind: StructureKind.VariableStatement,
        declarationKind: VariableDeclarationKind.Const,
        isExported: !isDefault,
        hasDeclareKeyword: true,
        docs: docs === undefined ? [] : [docs],
        declarations: [{ name, type }],
      },
      ...(isDefault
        ? [{ kind: StructureKind.ExportAssignment as const, isExportEquals: false, expression: name }]
        : []),
    ],
  });
}
