/** The time that kernels share. It begins with the first measurement, as no user asked to wait for compilers. */

export class Budget {
  #end: number | undefined;

  /** @param milliseconds may be infinite */
  constructor(readonly milliseconds: number) {}

  get isUp(): boolean {
    return this.#end !== undefined && performance.now() >= this.#end;
  }

  /** An equal share of the milliseconds left, for one of so many kernels. The first call starts the clock. */
  share(kernels: number): number {
    const now = performance.now();
    this.#end ??= now + this.milliseconds;
    return Math.max(0, this.#end - now) / kernels;
  }
}
