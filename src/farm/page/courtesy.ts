/** Courtesy to whoever lends a phone: when it should not measure now. */

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

/** How many times as slow the model's pick becomes before the device counts as hot. */
const HOT = 1.4;
/** The most kernels that are remembered. */
const MOST = 100;

/** Tells from the times of the same code that a device has slowed itself down. */
export class Heat {
  readonly #best = new Map<string, number>();

  /** Notes the time of a kernel's pick. True if it was much faster before: then the device should cool down. */
  isHot(kernel: string, milliseconds: number): boolean {
    const best = Math.min(this.#best.get(kernel) ?? Number.POSITIVE_INFINITY, milliseconds);
    if (this.#best.size < MOST || this.#best.has(kernel)) this.#best.set(kernel, best);
    return milliseconds > HOT * best;
  }
}
