/** The program of a gradient in the making: its buffers, its stages, and names that nothing else has. */
import { failInternally } from "../errors.js";
import type { FreeNames } from "../freeNames.js";
import type { BufferDecl, Stage } from "../program.js";
import { withOwnAxes } from "./renamed.js";

/** The most characters of a base, so that a name with a number stays within what a program may have. */
const MOST = 48;

export class GradientDraft {
  readonly buffers: BufferDecl[];
  /** In the order in which they run. */
  readonly stages: Stage[] = [];
  readonly #names: FreeNames;

  constructor(buffers: readonly BufferDecl[], names: FreeNames) {
    this.buffers = [...buffers];
    this.#names = names;
  }

  /** The name of a new scratch buffer. A base with capitals is no axis, and no word of a language. */
  addBuffer(base: string, shape: readonly number[]): string {
    const name = this.nameLike(base);
    this.buffers.push({ name, shape, dtype: "f32", role: "scratch" });
    return name;
  }

  addStage(stage: Stage): void {
    this.stages.push({ ...withOwnAxes(stage), name: this.nameLike(stage.name) });
  }

  nameLike(base: string): string {
    return this.#names.like(base.length > MOST ? base.slice(0, MOST) : base);
  }

  shapeOf(buffer: string): readonly number[] {
    const found = this.buffers.find(({ name }) => name === buffer);
    return found?.shape ?? failInternally(`no buffer ${buffer} is declared`);
  }
}

/** `row` and `d` are `dRow`. */
export const prefixed = (prefix: string, name: string): string => prefix + name.charAt(0).toUpperCase() + name.slice(1);
