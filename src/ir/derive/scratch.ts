/** The buffers that a gradient computes on its way, and the names of all that it declares. */
import type { FreeNames } from "../freeNames.js";
import type { BufferDecl } from "../program.js";

/** The most characters of a base, so that a name with a number stays within what a program may have. */
const MOST = 48;

export class ScratchBuffers {
  readonly declared: BufferDecl[] = [];

  constructor(readonly names: FreeNames) {}

  /** The name of a new buffer. Capitals within it tell it from every axis and every word of a language. */
  add(base: string, shape: readonly number[]): string {
    const name = this.nameLike(base);
    this.declared.push({ name, shape, dtype: "f32", role: "scratch" });
    return name;
  }

  nameLike(base: string): string {
    return this.names.like(base.length > MOST ? base.slice(0, MOST) : base);
  }
}

/** `row` and `d` are `dRow`. */
export const prefixed = (prefix: string, name: string): string => prefix + name.charAt(0).toUpperCase() + name.slice(1);
