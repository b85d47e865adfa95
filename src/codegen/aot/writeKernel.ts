/** Writes the file of one kernel that callers import. It imports the code for a target when that target is needed. */
import { StructureKind } from "ts-morph";
import type { SpecFacts } from "../../ir/module.js";
import { specRow } from "../../ir/ops/specRow.js";
import { banner } from "./banner.js";
import { docOf, kernelType, kernelTypeName } from "./kernelType.js";
import { literal, Verbatim } from "./literal.js";
import { declarationOf, sourceText } from "./sources.js";

export interface KernelHead extends SpecFacts {
  readonly format: number;
  readonly request: string;
  readonly compiled: true | undefined;
}

interface VariantFile {
  readonly variant: string;
  /** The only devices that load the file; by default all others do. */
  readonly kind?: string;
}

/** The name of a file of a kernel's code, without its ending. */
export const fileName = ({ variant, kind }: VariantFile): string => (kind ? `${variant}-${kind}` : variant);

interface KernelForm {
  /** Each has its file beside that of the kernel. */
  readonly variants: readonly string[];
  readonly kinds: readonly Required<VariantFile>[];
  readonly imports: "dynamic" | "static";
}

export function writeKernel(name: string, head: KernelHead, { variants, kinds, imports }: KernelForm): string {
  const { format, request, spec, outputShape, tensors, compiled } = head;
  const isStatic = imports === "static";
  const files = [...variants.map((variant): VariantFile => ({ variant })), ...kinds].map((one) => {
    const local = localName(fileName(one), name);
    const path = `./${fileName(one)}.js`;
    const code = new Verbatim(isStatic ? `async () => ${local}` : `() => import(${JSON.stringify(path)})`);
    return { ...one, local, path, code };
  });
  const codeFor = (wanted?: string) =>
    Object.fromEntries(files.filter(({ kind }) => kind === wanted).map(({ variant, code }) => [variant, code]));
  const perKind = Object.fromEntries(kinds.map(({ kind }) => [kind, codeFor(kind)]));
  const built = literal({ format, request, spec, outputShape, tensors, compiled });
  const code = [codeFor(), ...(kinds.length > 0 ? [perKind] : [])].map((files) => literal(files)).join(", ");
  return sourceText({
    statements: [
      banner(specRow(spec)),
      {
        kind: StructureKind.ImportDeclaration,
        namedImports: ["builtKernel"],
        moduleSpecifier: isStatic ? "tilewright/runtime/static" : "tilewright/runtime",
      },
      ...(isStatic ? files : []).map(({ path, local }) => ({
        kind: StructureKind.ImportDeclaration as const,
        namespaceImport: local,
        moduleSpecifier: path,
      })),
      `export const ${name} = /* @__PURE__ */ builtKernel(${built}, ${code});`,
    ],
  });
}

/** A name in a kernel's file for the module of a variant. The kernel may have the first choice itself. */
function localName(variant: string, kernel: string): string {
  const name = variant.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return name === kernel ? `${name}Code` : name;
}

/**
 * The declaration of a kernel. Shapes of an op are tuples of numbers, so a tensor of another shape is a type error.
 * The kernel of a formula knows its names, so another name is one as well.
 */
export function writeKernelTypes(name: string, facts: SpecFacts): string {
  return declarationOf(specRow(facts.spec), {
    ...{ name, type: kernelType(facts), docs: docOf(facts) },
    imported: kernelTypeName(facts),
    isDefault: false,
  });
}
