/**
 * Computes the parts of offsets that do not move in a loop before the loop.
 *
 * Inside the loop over ic, the offset `8448*oy + 512*ox - 512*kx + ic + 256` becomes `at3 + ic + 256`. Offsets that
 * differ by a constant share one base, so a tile of pixels costs one base. The pass works from the innermost loop
 * outwards, and hoists each base again in turn.
 */

import {
  type Affine,
  add,
  type Bounds,
  key,
  range,
  restrict,
  subtract,
  variable,
  variablesOf,
} from "../../ir/affine.js";
import { Scope } from "../../ir/scope.js";
import { type For, isInvocationLoop, isWorkgroupLoop, type LoopKernel, type Stmt } from "../../ir/stmt.js";
import {
  addBounds,
  bodiesOf,
  boundsAtEntry,
  boundsInside,
  flatMapInScope,
  freeNamesIn,
  mapBodies,
  mapOwnForms,
  withBody,
} from "../../ir/visit.js";
import type { Target } from "../target.js";

export function hoistAddresses(kernel: LoopKernel, { workgroups }: Target): LoopKernel {
  const names = freeNamesIn(kernel);

  const hoistBody = (body: readonly Stmt[], bounds: Bounds): readonly Stmt[] =>
    flatMapInScope(body, bounds, (stmt, known) => {
      const inside = boundsInside(stmt, known);
      const rebuilt = mapBodies(stmt, (inner) => hoistBody(inner, inside));
      return rebuilt.kind === "for" && repeats(rebuilt) ? hoistLoop(rebuilt, known) : [rebuilt];
    });

  /** False for the loops of a launch, of which each invocation runs one iteration. */
  const repeats = (loop: For) => !workgroups || !(isWorkgroupLoop(loop) || isInvocationLoop(loop));

  /** True for a loop inside: its offsets have lost what stands still in it, and what is left moves out here, too. */
  const isDone = (stmt: Stmt) => stmt.kind === "for" && repeats(stmt);

  function hoistLoop(loop: For, bounds: Bounds): readonly Stmt[] {
    const moving = new Set([loop.name]);
    const note = (body: readonly Stmt[]): void => {
      for (const stmt of body) {
        if (stmt.kind === "for" || stmt.kind === "index") moving.add(stmt.name);
        if (!isDone(stmt)) for (const inner of bodiesOf(stmt)) note(inner);
      }
    };
    note(loop.body);
    const known = new Scope(bounds);
    // A base of an inner loop that does not move in this loop either leaves as it is, if registers can hold it
    // meanwhile.
    const leaving: Stmt[] = [];
    const stay = (body: readonly Stmt[]): readonly Stmt[] =>
      body.flatMap((stmt) => {
        if (stmt.kind === "if") return [mapBodies(stmt, stay)];
        if (stmt.kind !== "index" || variablesOf(stmt.value).some((name) => moving.has(name))) return [stmt];
        addBounds(stmt, known);
        moving.delete(stmt.name);
        leaving.push(stmt);
        return [];
      });
    const staying = workgroups ? stay(loop.body) : loop.body;
    const bases = new Map<string, { name: string; value: Affine }>();
    const split = (form: Affine): Affine => {
      const all = variablesOf(form);
      const still = restrict(form, (name) => !moving.has(name));
      const isWorthwhile = all.some((name) => moving.has(name)) ? variablesOf(still).length > 0 : all.length > 1;
      if (!isWorthwhile || isBase(still)) return form;
      const id = key(still);
      const base = bases.get(id) ?? { name: names.numbered("at"), value: still };
      bases.set(id, base);
      return add(subtract(form, still), variable(base.name));
    };
    const body = staying.map((stmt) => mapOffsets(stmt, isDone, split));
    const indices = [...bases.values()].map(({ name, value }): Stmt => {
      return { kind: "index", name, value, divisor: 1, ...range(value, known) };
    });
    return [...leaving, ...indices, { ...loop, body }];
  }

  return withBody(kernel, hoistBody(kernel.body, boundsAtEntry(kernel)));
}

/** True if the form is a variable with coefficient 1, which is as cheap as a base. */
const isBase = (form: Affine): boolean => {
  const coefficients = Object.values(form.terms);
  return coefficients.length === 1 && coefficients[0] === 1;
};

/**
 * Rewrites offsets and index values, but those in statements that are done. Guards and ends of loops stay, because they
 * are tested once, where they stand.
 */
function mapOffsets(stmt: Stmt, isDone: (stmt: Stmt) => boolean, f: (form: Affine) => Affine): Stmt {
  if (isDone(stmt)) return stmt;
  const changed = mapBodies(stmt, (body) => body.map((inner) => mapOffsets(inner, isDone, f)));
  return changed.kind === "if" || changed.kind === "flag" || changed.kind === "for" ? changed : mapOwnForms(changed, f);
}
