/** Courtesy to whoever lends a phone: when it should not measure now. */
import { GONE_MS } from "../roll.js";

/** The state of a device, as far as its browser tells; the rest is undefined. */
export interface DeviceState {
  readonly isHidden: boolean;
  readonly isCharging: boolean | undefined;
  /** The charge of the battery, from 0 to 1. */
  readonly charge: number | undefined;
}

/** The charge below which a battery is left alone, unless it charges. */
const LOW = 0.5;

/** Why the device should rest, in words, or undefined if it may measure. */
export function reasonToRest({ isHidden, isCharging, charge }: DeviceState): string | undefined {
  if (isHidden) return "the page is hidden";
  if (isCharging === false && charge !== undefined && charge < LOW) return "the battery is low; plug it in";
  return undefined;
}

/**
 * Milliseconds that a hot device is left alone. It greets nobody meanwhile, so it must be back well before its farm
 * counts it as gone, and gives its class up.
 */
export const COOLING_MS = GONE_MS / 2;

/** How many times as slow the model's pick becomes before the device counts as hot. */
const HOT = 1.4;
/** How often in a row it must be so slow. A device that is busy for a moment is so once. */
const IN_A_ROW = 2;
/** The most kernels that are remembered. */
const MOST = 100;

/** Tells from the times of the same code that a device has slowed itself down. */
export class Heat {
  readonly #best = new Map<string, number>();
  #slow = 0;

  /** Notes the time of a kernel's pick. True if it was much faster before, twice in a row: it should cool down. */
  isHot(kernel: string, milliseconds: number): boolean {
    const best = Math.min(this.#best.get(kernel) ?? Number.POSITIVE_INFINITY, milliseconds);
    if (this.#best.size < MOST || this.#best.has(kernel)) this.#best.set(kernel, best);
    this.#slow = milliseconds > HOT * best ? this.#slow + 1 : 0;
    if (this.#slow < IN_A_ROW) return false;
    // What it can do once it has cooled down counts from then on: it may be slower for good, as others use it too.
    this.#best.clear();
    this.#slow = 0;
    return true;
  }
}
