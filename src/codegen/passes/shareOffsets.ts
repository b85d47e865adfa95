/**
 * Computes each offset once per body, if several accesses have it in common.
 *
 * The stores of a tile, `out[at0 + 512*oy + 16]` and `out[at0 + 512*oy + 32]`, share one integer. It also shows an
 * engine which stores are neighbours. The pass resembles `shareLoads`, but nothing in a body changes an integer.
 */

import { type Affine, add, type Bounds, key, range, variable, variablesOf } from "../../ir/affine.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import {
  boundsAtEntry,
  boundsInside,
  flatMapInScope,
  freeNamesIn,
  mapBodies,
  mapOffsets,
  withBody,
} from "../../ir/visit.js";
import type { Target } from "../target.js";

export function shareOffsets(kernel: LoopKernel, { addressing }: Target): LoopKernel {
  // If offsets count elements, the language's own indexing does this better.
  if (addressing !== "bytes") return kernel;
  const names = freeNamesIn(kernel);

  function shareBody(body: readonly Stmt[], bounds: Bounds): readonly Stmt[] {
    const uses = new Map<string, number>();
    const count = (form: Affine): Affine => {
      if (isComputed(form)) uses.set(movingKey(form), (uses.get(movingKey(form)) ?? 0) + 1);
      return form;
    };
    for (const stmt of body) mapOffsets(stmt, count);
    const shared = new Map<string, string>();
    return flatMapInScope(body, bounds, (stmt, known) => {
      const indices: Stmt[] = [];
      const share = (form: Affine): Affine => {
        const id = movingKey(form);
        if (!isComputed(form) || (uses.get(id) ?? 0) < 2) return form;
        const name = shared.get(id) ?? names.numbered("offset");
        const value = movingPart(form);
        if (!shared.has(id)) indices.push({ kind: "index", name, value, divisor: 1, ...range(value, known) });
        shared.set(id, name);
        return add(variable(name), form.constant);
      };
      const changed = mapOffsets(stmt, share);
      const inside = boundsInside(changed, known);
      return [...indices, mapBodies(changed, (inner) => shareBody(inner, inside))];
    });
  }

  return withBody(kernel, shareBody(kernel.body, boundsAtEntry(kernel)));
}

/** True for anything but a constant or a variable by itself. */
const isComputed = (form: Affine): boolean => {
  const names = variablesOf(form);
  return names.length > 1 || (names.length === 1 && form.terms[names[0] as string] !== 1);
};

const movingPart = (form: Affine): Affine => add(form, -form.constant);

const movingKey = (form: Affine): string => key(movingPart(form));
