/** Random chains of stages that are computed in each other's loops. */
import fc from "fast-check";
import type { Directive, Schedule } from "../../src/codegen/schedule.js";
import { binary, local, number, plus } from "../../src/ir/expr.js";
import { type Program, SUM } from "../../src/ir/program.js";
import { at, buffer } from "./kernels.js";
import { programWith, stageOf } from "./programs.js";
import { accumulate, computeAt, parallel, partition, peel, reorder, split, unroll, vectorize } from "./schedules.js";

const relu = binary("maximum", local(SUM), number(0));

const between = (min: number, max: number) => fc.integer({ min, max });

/** Where a stage runs: in the first `depth` loops of another one. */
interface Place {
  readonly host: number;
  readonly depth: number;
}

/**
 * Draws a chain of stages over rows, columns and channels, each summing rows of the one before it, or taking the
 * largest or smallest, and where each of them runs.
 */
export class ChainBuilder {
  readonly #int: (min: number, max: number) => number;
  readonly #stages: number;
  readonly #windows: readonly number[];
  /** Whether the last stage reads the first one as well. */
  readonly #returns: boolean;

  constructor(draw: fc.GeneratorValue) {
    this.#int = (min, max) => draw(between, min, max);
    this.#stages = this.#int(2, 4);
    this.#windows = Array.from({ length: this.#stages }, () => this.#int(1, 3));
    this.#returns = this.#stages > 2 && this.#int(0, 2) === 0;
  }

  build(): readonly [program: Program, schedule: Schedule] {
    const [columns, channels] = [this.#int(1, 7), this.#int(2, 9)];
    const program = this.#program(columns, channels);
    const tilings = [
      ...(this.#int(0, 1) ? [split("x", this.#int(1, Math.min(4, columns)), ["xo", "xi"], this.#tail())] : []),
      ...(this.#int(0, 1) ? [split("c", channels < 4 ? 2 : this.#int(2, 4), ["co", "ci"], this.#tail())] : []),
    ];
    const tiled = tilings.flatMap((directive) => (directive.do === "split" ? [directive.axis] : []));
    const parts = ["x", "c"].map((axis) => (tiled.includes(axis) ? [`${axis}o`, `${axis}i`] : [axis]));
    const shared = this.#shuffled(parts.map(([outer]) => outer as string)).slice(0, this.#int(1, 2));
    const inner = ["y", "k", ...parts.flat().filter((loop) => !shared.includes(loop))];
    const places = this.#places(shared.length);
    const schedule = program.run.map(({ name }, i) => {
      const order = this.#vectorsLast(this.#shuffled(inner));
      const place = places[i];
      const home = place ? [computeAt(`s${place.host}`, shared[place.depth - 1] as string)] : this.#marks(shared);
      const sums = this.#int(0, 9) === 0 && !place ? [accumulate("k")] : [];
      return [name, [...tilings, reorder([...shared, ...order].join(" ")), ...this.#kinds(order), ...sums, ...home]];
    });
    return [program, Object.fromEntries(schedule)];
  }

  #program(columns: number, channels: number): Program {
    const last = this.#stages - 1;
    const named = (i: number): string => (i < 0 ? "value" : i === last ? "output" : `b${i}`);
    let height = this.#int(1, 3);
    const heights: number[] = [];
    for (let i = last; i >= 0; i--) {
      heights[i] = height;
      height += (this.#windows[i] as number) - 1;
    }
    const shape = (rows: number) => [rows, columns, channels];
    const stages = heights.map((rows, i) =>
      stageOf(`s${i}`, {
        space: `y<${rows} x<${columns} c<${channels}`,
        reduce: `k<${this.#windows[i]}`,
        combine: this.#pick(["sum", "sum", "maximum", "minimum"] as const),
        term: at(named(i - 1), "y + k", "x", "c"),
        finish:
          i === last && this.#returns ? plus(local(SUM), at("b0", "y", "x", "c")) : this.#pick([local(SUM), relu]),
        to: [named(i), "y", "x", "c"],
      }),
    );
    const between = heights.map((rows, i) => buffer(named(i), shape(rows), i === last ? "output" : "scratch"));
    return programWith([buffer("value", shape(height), "input"), ...between], stages);
  }

  /** From the last stage to the first: alone, or where all who read it run, too, as deep or deeper. */
  #places(depths: number): readonly (Place | undefined)[] {
    const places: (Place | undefined)[] = [];
    for (let i = this.#stages - 2; i >= 0; i--) {
      const readers = i === 0 && this.#returns ? [1, this.#stages - 1] : [i + 1];
      const legal: Place[] = [];
      for (let host = i + 1; host < this.#stages; host++) {
        for (let depth = (places[host]?.depth ?? 0) + 1; depth <= depths; depth++) {
          if (readers.every((reader) => depthIn(host, reader, places) >= depth)) legal.push({ host, depth });
        }
      }
      places[i] = legal.length > 0 && this.#int(0, 5) > 0 ? this.#pick(legal) : undefined;
    }
    return places;
  }

  /** Lanes of four channels are the innermost loop, where they are vectors. */
  #vectorsLast(order: readonly string[]): readonly string[] {
    return order.includes("ci") && this.#int(0, 1) ? [...order.filter((loop) => loop !== "ci"), "ci"] : order;
  }

  #kinds(order: readonly string[]): Directive[] {
    return order.flatMap((loop) => {
      if (loop === "ci" && loop === order.at(-1) && this.#int(0, 3) > 0) return [vectorize(loop)];
      const what = this.#int(0, 7);
      return what <= 2 ? [unroll(loop)] : what === 3 ? [partition(loop)] : [];
    });
  }

  #marks(shared: readonly string[]): Directive[] {
    return shared.flatMap((loop, i) => {
      const what = this.#int(0, 5);
      if (what <= 1) return i === 0 ? [parallel(loop)] : [];
      return what === 2 ? [partition(loop)] : what === 3 ? [peel(loop)] : what === 4 ? [unroll(loop)] : [];
    });
  }

  #tail(): "guard" | "shiftInwards" {
    return this.#pick(["guard", "guard", "shiftInwards"] as const);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#int(0, from.length - 1)] as T;
  }

  #shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.#int(0, rest.length - 1), 1)[0] as T);
  }
}

/** Of how many loops of the host a stage sees the iterations; 0 where it runs elsewhere. */
function depthIn(host: number, stage: number, places: readonly (Place | undefined)[]): number {
  if (stage === host) return Number.POSITIVE_INFINITY;
  const place = places[stage];
  if (!place) return 0;
  return place.host === host ? place.depth : depthIn(host, place.host, places);
}
