/** Signals that end a search early. */

/** The part of an `AbortSignal` that a search uses, as not every program knows the type of that name. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
