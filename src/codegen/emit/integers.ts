/**
 * Integers of 32 bits, as WebAssembly and WGSL have them.
 *
 * Parts of an offset may wrap around. With taps 2^20 rows apart a part is far outside the buffer, in a direction that
 * another part makes up for: what is read lies within 2^31, so the sum is right again. Guards and quotients compare
 * and divide, so they must be exact.
 */
import { type Bounds, type Range, range } from "../../ir/affine.js";
import { fail } from "../../ir/errors.js";
import { Scope } from "../../ir/scope.js";
import type { Stmt } from "../../ir/stmt.js";
import { addBounds, bodiesOf, boundsAtEntry, boundsInside } from "../../ir/visit.js";
import type { Lowered } from "../lower.js";

export const MAX_INTEGER = 2 ** 31 - 1;

export const fits = ({ min, max }: Range): boolean => min >= -MAX_INTEGER && max <= MAX_INTEGER;

/** Throws `too-large` if a guard or a quotient does not fit 32 bits. */
export function checkIntegers(kernel: Lowered): void {
  const { name, body } = kernel;
  const check = (stmts: readonly Stmt[], outer: Bounds): void => {
    const bounds = new Scope(outer);
    for (const stmt of stmts) {
      const forms = stmt.kind === "if" || stmt.kind === "flag" ? stmt.guard : isQuotient(stmt) ? [stmt.value] : [];
      const inside = boundsInside(stmt, bounds);
      const ends = stmt.kind === "for" && stmt.while ? [range(stmt.while, inside)] : [];
      const wide = [...forms.map((form) => range(form, bounds)), ...ends].find((one) => !fits(one));
      if (wide) fail("too-large", `${name} compares numbers from ${wide.min} to ${wide.max}; they must fit 32 bits`);
      addBounds(stmt, bounds);
      for (const inner of bodiesOf(stmt)) check(inner, inside);
    }
  };
  check(body, boundsAtEntry(kernel));
}

const isQuotient = (stmt: Stmt): stmt is Extract<Stmt, { kind: "index" }> =>
  stmt.kind === "index" && stmt.divisor !== 1;
