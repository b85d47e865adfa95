/**
 * Shifts of addresses. An instruction of WebAssembly adds a constant to an unsigned integer, so neither may be below
 * zero. Where a tap lies before the beginning of a buffer, `liftBases` leaves a constant below zero; the function then
 * lowers the address that it is given, once, and all constants of the buffer grow by as much.
 */
import type { Affine } from "../../ir/affine.js";
import { referencesIn } from "../../ir/visit.js";
import type { Lowered } from "../lower.js";

/** Nothing that is read lies so far before a buffer but taps of a distance that no image has. */
const MOST_SHIFT = 2 ** 24;

/** The shift of each buffer that makes up for the lowest of its constants below zero. */
export function shiftsOf({ body }: Lowered): ReadonlyMap<string, number> {
  const shifts = new Map<string, number>();
  for (const { buffer, at } of referencesIn(body)) {
    const { constant } = at[0] as Affine;
    if (-constant > (shifts.get(buffer) ?? 0) && -constant <= MOST_SHIFT) shifts.set(buffer, -constant);
  }
  return shifts;
}
