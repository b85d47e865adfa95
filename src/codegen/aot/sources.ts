/** Where ts-morph puts text together: one project in memory, a file at a time. */
import { IndentationText, Project, type SourceFileStructure } from "ts-morph";

let project: Project | undefined;

/** The text of a file with this structure. */
export function textOf(structure: Omit<SourceFileStructure, "kind">): string {
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
