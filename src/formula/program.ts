/**
 * From formula to program.
 *
 * Names are checked, extents and shapes inferred, and lines proved to write every element once. Then lines become
 * stages, and those that read nothing but weights and constants run once for each set of weights.
 */
import { range } from "../ir/affine.js";
import { fail, failInternally, show } from "../ir/errors.js";
import { FreeNames } from "../ir/freeNames.js";
import { TAKEN } from "../ir/names.js";
import type { Program } from "../ir/program.js";
import { checkSize } from "../ir/size.js";
import { checkFormula } from "./check.js";
import { checkWrites, type Writer } from "./coverage.js";
import { Drafting } from "./drafts.js";
import { extentsOf, type LineAxes } from "./extents.js";
import type { Formula, FormulaLine } from "./formula.js";
import { IndexForms } from "./indices.js";
import { rangesOf } from "./inside.js";
import { type FormulaOptions, readOptions } from "./options.js";
import { buffersOf, checkRoles, rolesOf } from "./roles.js";
import { stagesOf } from "./stages.js";

/** Stages are named after tensors, with a number behind. */
const LONGEST_STEM = 56;

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
  const outputs = checkRoles(formula, options);
  const { shapes, axes } = inferShapes(formula.lines, options.shapes);
  const names = new FreeNames([...TAKEN, ...shapes.keys()]);
  const drafting = new Drafting(names);
  for (const line of formula.lines) drafting.line(line, axes.get(line) as LineAxes);
  for (const { name, shape } of drafting.scratch) {
    checkSize(name, shape);
    shapes.set(name, shape);
  }
  const shapeOf = (name: string) => shapes.get(name) ?? failInternally(`there is no tensor ${name}`);
  const drafted = drafting.drafts.map((draft) => stagesOf(draft, shapeOf, names));
  const titles = new FreeNames(TAKEN);
  const stages = drafted
    .flatMap((made) => made.stages)
    .map((stage) => ({ ...stage, name: titles.like(stage.output.buffer.slice(0, LONGEST_STEM)) }));
  const counts = drafted.flatMap((made) => made.constants);
  const roles = rolesOf(stages, options, outputs, counts);
  const isEarly = roles.isEarly;
  return {
    name: options.name,
    buffers: [...buffersOf(shapes, options, roles), ...counts],
    prepare: stages.filter(isEarly),
    run: stages.filter((stage) => !isEarly(stage)),
  };
}

/** Shapes of all tensors in the order in which callers see them, and the axes of each line. */
function inferShapes(lines: readonly FormulaLine[], given: ReadonlyMap<string, readonly number[]>) {
  const shapes = new Map(given);
  const axes = new Map<FormulaLine, LineAxes>();
  const writers = new Map<string, Writer[]>(lines.map(({ tensor }) => [tensor, []]));
  const counts = new Map<string, number>();
  for (const { tensor } of lines) counts.set(tensor, (counts.get(tensor) ?? 0) + 1);
  for (const line of lines) {
    const { tensor, at, conditions } = line;
    const isGiven = given.has(tensor);
    // What is written so far of a tensor is not all of it.
    const shapeOf = (name: string) => (name === tensor && !isGiven ? undefined : shapes.get(name));
    const own = extentsOf(line, shapeOf, counts.get(tensor) === 1);
    axes.set(line, own);
    const left = new IndexForms();
    const writer: Writer = {
      line,
      space: own.line,
      where: conditions.map((condition) => left.guard(condition, "left")),
      at: at.map((index) => left.form(index, "left")),
    };
    writers.get(tensor)?.push(writer);
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
const largest = (shape: readonly number[] | undefined, { space, at }: Writer): readonly number[] =>
  at.map((form, i) => Math.max(shape?.[i] ?? 0, range(form, rangesOf(space)).max + 1));
