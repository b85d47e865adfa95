/** The import graph of a project, as ts-morph reads it. */
import { dirname, join } from "node:path/posix";
import { type Project, type SourceFile, SyntaxKind } from "ts-morph";

export interface Import {
  /** Importing file, relative to src/. */
  readonly from: string;
  /** Imported file relative to src/, or the package's specifier as written. */
  readonly to: string;
  readonly how: "value" | "type" | "dynamic";
  readonly isPackage: boolean;
}

export const fileName = (file: SourceFile, root: string): string => file.getFilePath().slice(root.length);

/** `root` is the path of src/, with the slash. */
export function importsOf(project: Project, root: string): Import[] {
  return project.getSourceFiles().flatMap((file) => {
    const from = fileName(file, root);
    const arrow = (specifier: string, how: Import["how"]): Import => {
      const isPackage = !specifier.startsWith(".");
      const path = join(dirname(from), specifier);
      const source = path.replace(/\.js$/, ".ts");
      const to = isPackage ? specifier : project.getSourceFile(root + source) ? source : path;
      return { from, to, how, isPackage };
    };
    return [
      ...[...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((declaration) => {
        const specifier = declaration.getModuleSpecifierValue();
        return specifier === undefined ? [] : [arrow(specifier, declaration.isTypeOnly() ? "type" : "value")];
      }),
      ...file.getDescendantsOfKind(SyntaxKind.ImportType).map((node) => {
        return arrow(
          node
            .getArgument()
            .getText()
            .replace(/^["']|["']$/g, ""),
          "type",
        );
      }),
      ...file
        .getDescendantsOfKind(SyntaxKind.CallExpression)
        .filter((call) => call.getExpression().getKind() === SyntaxKind.ImportKeyword)
        .map((call) =>
          arrow(call.getArguments()[0]?.asKind(SyntaxKind.StringLiteral)?.getLiteralText() ?? "?", "dynamic"),
        ),
    ];
  });
}

/** A ring of files that import each other, in whatever way, if there is one. */
export function findRing(imports: readonly Import[]): string[] | undefined {
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of imports.filter((one) => one.from === file && !one.isPackage)) {
      const ring = follow(to, [...path, file]);
      if (ring) return ring;
    }
    done.add(file);
    return undefined;
  };
  for (const { from } of imports) {
    const ring = follow(from, []);
    if (ring) return ring;
  }
  return undefined;
}
