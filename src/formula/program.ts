/**
 * From formula to program.
 *
 * Names are checked, extents and shapes inferred, and each line is proved to write what no other does. Then lines become
 * stages, and stages that read nothing but weights and constants run once for each set of weights.
 */
import { range } from "../ir/affine.js";
import { fail, show } from "../ir/errors.js";
import { FreeNames } from "../ir/freeNames.js";
import { TAKEN } from "../ir/names.js";
import type { BufferDecl, Program } from "../ir/program.js";
import { checkSize } from "../ir/size.js";
import { checkFormula } from "./check.js";
import { checkWrites, type Writer } from "./coverage.js";
import { Drafting } from "./drafts.js";
import { extentsOf, type LineAxes } from "./extents.js";
import type { Formula, FormulaLine } from "./formula.js";
import { IndexForms } from "./indices.js";
import { type FormulaOptions, type ReadOptions, readOptions } from "./options.js";
import { checkRoles, inParts } from "./roles.js";
import { stagesOf } from "./stages.js";

/**
 * The program of a formula, for tensors of these shapes.
 * @throws TilewrightError `invalid-formula`, `invalid-argument`, `too-large`
 */
export function formulaProgram(formula: Formula, given: FormulaOptions): Program {
  if (typeof formula !== "object" || formula === null || !Array.isArray(formula.lines)) {
    return fail("invalid-argument", `a formula is what parseFormula returns; got ${show(formula)}`);
  }
  const options = readOptions(given);
  checkFormula(formula, new Map([...options.shapes].map(([name, { length }]) => [name, length])));
  checkRoles(formula, options);
  const { shapes, axes } = inferShapes(formula.lines, options);
  const names = new FreeNames([...TAKEN, ...shapes.keys()]);
  const drafting = new Drafting(names);
  for (const line of formula.lines) drafting.line(line, axes.get(line) as LineAxes);
  const temporary: BufferDecl[] = [...drafting.scratch];
  const shapeOf = (name: string) => shapes.get(name) ?? temporary.find((one) => one.name === name)?.shape ?? [];
  const titles = new FreeNames(TAKEN);
  const stages = drafting.drafts.flatMap((draft) => {
    const made = stagesOf(draft, shapeOf, names);
    temporary.push(...made.constants);
    return made.stages.map((stage) => ({ ...stage, name: titles.like(draft.stage.name.slice(0, 56)) }));
  });
  return { name: options.name, ...inParts(formula, options, { shapes, temporary, stages }) };
}

/** Shapes of all tensors in the order in which callers see them, and the axes of each line. */
function inferShapes(lines: readonly FormulaLine[], options: ReadOptions) {
  const shapes = new Map(options.shapes);
  const axes = new Map<FormulaLine, LineAxes>();
  const writers = new Map<string, Writer[]>();
  const linesOf = (tensor: string) => lines.filter((line) => line.tensor === tensor).length;
  for (const line of lines) {
    const { tensor, at, conditions } = line;
    const isGiven = options.shapes.has(tensor);
    // What a line writes is known of no tensor before all of it is.
    const shapeOf = (name: string) => (name === tensor && !isGiven ? undefined : shapes.get(name));
    const own = extentsOf(line, shapeOf, linesOf(tensor) === 1);
    axes.set(line, own);
    const left = new IndexForms();
    const writer: Writer = {
      line,
      space: own.line,
      where: conditions.map((condition) => left.guard(condition, "left")),
      at: at.map((index) => left.form(index, "left")),
    };
    writers.set(tensor, [...(writers.get(tensor) ?? []), writer]);
    if (!isGiven) shapes.set(tensor, largest(shapes.get(tensor), writer));
  }
  for (const [tensor, all] of writers) {
    const shape = shapes.get(tensor) as readonly number[];
    checkSize(tensor, shape);
    checkWrites(tensor, shape, all);
  }
  return { shapes, axes };
}

/** The least shape that holds what a line writes, and what others do. */
function largest(shape: readonly number[] | undefined, { space, at }: Writer): readonly number[] {
  const bounds = new Map(space.map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  return at.map((form, i) => Math.max(shape?.[i] ?? 0, range(form, bounds).max + 1));
}
