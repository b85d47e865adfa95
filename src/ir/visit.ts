/** Walking and rebuilding statements, so that a pass shows only what it changes. */
import { type Affine, type Bounds, type Range, range, substitute, variablesOf } from "./affine.js";
import { type Expr, type Load, loadsOf, mapOperands, type Reference } from "./expr.js";
import { FreeNames } from "./freeNames.js";
import type { Stage } from "./program.js";
import { Scope } from "./scope.js";
import { addressOf, type For, type Index, type LoopKernel, type Stmt } from "./stmt.js";

type Body = readonly Stmt[];

/** The bodies directly inside a statement. */
export function bodiesOf(stmt: Stmt): readonly Body[] {
  switch (stmt.kind) {
    case "for":
    case "alloc":
      return [stmt.body];
    case "if":
      return [stmt.body, stmt.otherwise];
    default:
      return [];
  }
}

/** The statement with each of its bodies replaced; unchanged ones come back as they are. */
export function mapBodies(stmt: Stmt, f: (body: Body) => Body): Stmt {
  switch (stmt.kind) {
    case "for":
    case "alloc": {
      const body = f(stmt.body);
      return body === stmt.body ? stmt : { ...stmt, body };
    }
    case "if": {
      const body = f(stmt.body);
      const otherwise = f(stmt.otherwise);
      return body === stmt.body && otherwise === stmt.otherwise ? stmt : { ...stmt, body, otherwise };
    }
    default:
      return stmt;
  }
}

/** The statement with its own expression replaced. Inner statements stay. */
export function mapValue(stmt: Stmt, f: (expr: Expr) => Expr): Stmt {
  switch (stmt.kind) {
    case "local":
    case "set":
    case "store": {
      const value = f(stmt.value);
      return value === stmt.value ? stmt : { ...stmt, value };
    }
    default:
      return stmt;
  }
}

/** The expression of a statement that has one. */
export function ownValue(stmt: Stmt): Expr | undefined {
  return stmt.kind === "local" || stmt.kind === "set" || stmt.kind === "store" ? stmt.value : undefined;
}

/** Every statement in the body, outer before inner, in written order. */
export function statements(body: Body): readonly Stmt[] {
  const all: Stmt[] = [];
  const collect = (part: Body): void => {
    for (const stmt of part) {
      all.push(stmt);
      for (const inner of bodiesOf(stmt)) collect(inner);
    }
  };
  collect(body);
  return all;
}

/** True for a serial loop without another loop in it. */
export const isInnermost = (stmt: Stmt): stmt is For =>
  stmt.kind === "for" && stmt.loop === "serial" && !hasLoop(stmt.body);

const hasLoop = (body: Body): boolean => body.some((stmt) => stmt.kind === "for" || bodiesOf(stmt).some(hasLoop));

/** The names of all loops, indices, flags and locals in the body. */
export const namesIn = (body: Body): ReadonlySet<string> =>
  new Set(
    statements(body).flatMap((stmt) => {
      if (stmt.kind === "for") return [stmt.name, ...stmt.steps.map((step) => step.name)];
      return stmt.kind === "index" || stmt.kind === "flag" || stmt.kind === "local" ? [stmt.name] : [];
    }),
  );

/** Names that nothing in the kernel has, neither its buffers nor what its body declares. */
export const freeNamesIn = (kernel: LoopKernel): FreeNames =>
  new FreeNames([...namesIn(kernel.body), ...shapesOf(kernel).keys(), ...parameterNames(kernel)]);

export const parameterNames = ({ parameter }: LoopKernel): string[] => (parameter ? [parameter.name] : []);

/** The shape of everything that the kernel subscripts. */
export function shapesOf({ buffers, body }: LoopKernel): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map(buffers.map(({ name, shape }) => [name, shape]));
  for (const stmt of statements(body)) if (stmt.kind === "alloc") shapes.set(stmt.buffer, stmt.shape);
  return shapes;
}

/** Addresses have 32 bits. */
const ADDRESS: Range = { min: 0, max: 2 ** 32 - 1 };

/** The bounds of what a kernel gets from its caller: its parameter, and addresses of buffers if offsets count bytes. */
export function boundsAtEntry(kernel: LoopKernel): Scope<Range> {
  const known = new Scope<Range>();
  const { parameter } = kernel;
  if (parameter) known.set(parameter.name, parameter);
  if (kernel.addressing === "bytes") for (const name of shapesOf(kernel).keys()) known.set(addressOf(name), ADDRESS);
  return known;
}

/** Rebuilds a body bottom-up; `f` sees each statement after its inner bodies and may return any number in its place. */
export const rewriteBody = (body: Body, f: (stmt: Stmt) => Body): Body =>
  replaceEach(body, (stmt) => f(mapBodies(stmt, (inner) => rewriteBody(inner, f))));

/** The body with any number of statements in the place of each. A body of which nothing changes comes back as it is. */
function replaceEach(body: Body, f: (stmt: Stmt) => Body): Body {
  const result: Stmt[] = [];
  let isSame = true;
  for (const stmt of body) {
    const made = f(stmt);
    isSame &&= made.length === 1 && made[0] === stmt;
    for (const one of made) result.push(one);
  }
  return isSame ? body : result;
}

/** Rebuilds each straight run of statements that compute something. Any other statement ends a run. */
export function mapRuns(body: Body, f: (run: Body) => Body): Body {
  const result: Stmt[] = [];
  let run: Stmt[] = [];
  for (const stmt of body) {
    if (ownValue(stmt)) run.push(stmt);
    else {
      result.push(
        ...f(run),
        mapBodies(stmt, (inner) => mapRuns(inner, f)),
      );
      run = [];
    }
  }
  return [...result, ...f(run)];
}

/** Every value of the body, rewritten by `f`. */
export const mapValues = (body: Body, f: (expr: Expr) => Expr): Body =>
  rewriteBody(body, (stmt) => [mapValue(stmt, f)]);

/** The list itself, where `f` changes none of its forms. */
function mapForms(forms: readonly Affine[], f: (form: Affine) => Affine): readonly Affine[] {
  const changed = forms.map(f);
  return changed.every((form, i) => form === forms[i]) ? forms : changed;
}

function mapLoad(load: Load, f: (form: Affine) => Affine): Load {
  const at = mapForms(load.at, f);
  return at === load.at ? load : { ...load, at };
}

export function mapSubscripts(expr: Expr, f: (form: Affine) => Affine): Expr {
  const map = (operand: Expr): Expr => (operand.kind === "load" ? mapLoad(operand, f) : mapOperands(operand, map));
  return map(expr);
}

/** The stage with each of its forms rewritten. */
export const mapStageForms = (stage: Stage, f: (form: Affine) => Affine): Stage => ({
  ...stage,
  ...(stage.where ? { where: stage.where.map(f) } : {}),
  domain: stage.domain.map(f),
  term: mapSubscripts(stage.term, f),
  finish: mapSubscripts(stage.finish, f),
  output: { ...stage.output, at: stage.output.at.map(f) },
});

/**
 * The statement with its own forms rewritten: subscripts, guard, value of an index, start of a step, end of a loop.
 * Inner statements stay.
 */
export function mapOwnForms(stmt: Stmt, f: (form: Affine) => Affine): Stmt {
  const changed = mapValue(stmt, (value) => mapSubscripts(value, f));
  switch (changed.kind) {
    case "for":
      if (changed.steps.length === 0 && !changed.while) return changed;
      return {
        ...changed,
        ...(changed.while ? { while: f(changed.while) } : {}),
        steps: changed.steps.map((step) => ({ ...step, start: f(step.start) })),
      };
    case "if":
    case "flag": {
      const guard = mapForms(changed.guard, f);
      return guard === changed.guard ? changed : { ...changed, guard };
    }
    case "index": {
      const value = f(changed.value);
      return value === changed.value ? changed : { ...changed, value };
    }
    case "store": {
      const at = mapForms(changed.at, f);
      return at === changed.at ? changed : { ...changed, at };
    }
    default:
      return changed;
  }
}

/** The statement with the offsets of its own accesses rewritten. */
export function mapOffsets(stmt: Stmt, f: (form: Affine) => Affine): Stmt {
  return ownValue(stmt) === undefined ? stmt : mapOwnForms(stmt, f);
}

/** Every access in the body, loads and stores. */
export function* referencesIn(body: Body): Generator<Reference> {
  for (const stmt of statements(body)) {
    const value = ownValue(stmt);
    if (value) yield* loadsOf(value);
    if (stmt.kind === "store") yield { ...stmt, lanes: stmt.value.lanes };
  }
}

/** Every variable that a form in the body names. */
export function variablesIn(body: Body): ReadonlySet<string> {
  const seen = new Set<string>();
  const note = (form: Affine) => {
    for (const name of variablesOf(form)) seen.add(name);
    return form;
  };
  for (const stmt of statements(body)) mapOwnForms(stmt, note);
  return seen;
}

/** Replaces index variables by affine forms throughout. */
export function substituteBody(body: Body, by: ReadonlyMap<string, Affine>): Body {
  const form = (one: Affine) => substitute(one, by);
  const inner = (part: Body): Body => part.map((stmt) => mapBodies(mapOwnForms(stmt, form), inner));
  return inner(body);
}

/** Bounds inside the bodies of a statement. */
export const boundsInside = (stmt: Stmt, bounds: Bounds): Bounds =>
  stmt.kind === "for" ? loopBounds(stmt, bounds) : bounds;

function loopBounds({ name, extent, steps }: For, bounds: Bounds): Bounds {
  const inside = new Scope(bounds).set(name, { min: 0, max: extent - 1 });
  for (const step of steps) {
    const { min, max } = range(step.start, bounds);
    const way = step.by * (extent - 1);
    inside.set(step.name, { min: min + Math.min(0, way), max: max + Math.max(0, way) });
  }
  return inside;
}

const FLAG: Range = { min: -1, max: 0 };

/** Adds the bounds of an index or a flag that is declared here. */
export function addBounds(stmt: Stmt, known: Scope<Range>): void {
  if (stmt.kind === "index") known.set(stmt.name, indexRange(stmt, known));
  if (stmt.kind === "flag") known.set(stmt.name, FLAG);
}

/** Rebuilds a body statement by statement, in order. `f` gets the bounds that are known where the statement stands. */
export function flatMapInScope(body: Body, bounds: Bounds, f: (stmt: Stmt, known: Bounds) => Body): Body {
  const known = new Scope(bounds);
  return replaceEach(body, (stmt) => {
    addBounds(stmt, known);
    return f(stmt, known);
  });
}

/** The values that an index can take, limited by its statement and by the range of its form. */
function indexRange(stmt: Index, bounds: Bounds): Range {
  const { min, max } = range(stmt.value, bounds);
  return {
    min: Math.max(stmt.min, Math.floor(min / stmt.divisor)),
    max: Math.min(stmt.max, Math.floor(max / stmt.divisor)),
  };
}

export const withBody = (kernel: LoopKernel, body: Body): LoopKernel => ({ ...kernel, body });
