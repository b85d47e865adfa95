/** One axis of an image as Winograd's tiles cover it: every `rate`-th point makes a dense problem, and those lie side by side. */
import { type Affine, add, affine, scale, subtract } from "../affine.js";
import type { Axis } from "../program.js";
import { cookToom, type Transforms } from "./cookToom.js";

/** One axis of the output and the taps that slide over it: the input is read at `point + step*tap + offset`. */
export interface SlidingAxis {
  readonly point: Axis;
  readonly tap: Axis;
  readonly step: number;
  readonly offset: number;
  /** The dimension of the input along which this moves, and its size. */
  readonly dimension: number;
  readonly size: number;
}

export class TiledAxis {
  readonly transforms: Transforms;
  /** Distance between neighbouring inputs, and outputs, of a tile. */
  readonly rate: number;
  /** Tiles along the axis, over all phases. */
  readonly tiles: number;
  /** Where the first input of the first tile lies. */
  readonly #first: number;

  /** `outputs`: of one tile along this axis. */
  constructor(
    readonly name: "y" | "x",
    readonly slide: SlidingAxis,
    readonly outputs: number,
  ) {
    const { step, offset } = slide;
    const [points, taps] = [slide.point.extent, slide.tap.extent];
    this.transforms = cookToom(outputs, taps);
    this.rate = taps > 1 ? Math.abs(step) : 1;
    this.#first = offset + Math.min(0, step * (taps - 1));
    // Tiles of one place follow each other by phase; those of the last place exist as long as their first output does.
    const places = Math.floor(points / (this.rate * outputs));
    this.tiles = places * this.rate + Math.min(this.rate, points - places * this.rate * outputs);
  }

  /** Place and phase of a tile. */
  get axes(): Axis[] {
    const places = { name: `q${this.name}`, extent: Math.ceil(this.tiles / this.rate) };
    return this.rate === 1 ? [places] : [places, { name: `p${this.name}`, extent: this.rate }];
  }

  get tile(): Affine {
    return affine(0, { [`q${this.name}`]: this.rate, ...(this.rate === 1 ? {} : { [`p${this.name}`]: 1 }) });
  }

  get exists(): Affine {
    return subtract(affine(this.tiles - 1), this.tile);
  }

  /** Output number `o` of the tile. */
  outputAt(o: Affine): Affine {
    const origin = affine(0, { ...this.tile.terms, [`q${this.name}`]: this.rate * this.outputs });
    return add(origin, scale(o, this.rate));
  }

  /** Input number `i` of the tile. */
  inputAt(i: Affine): Affine {
    return add(this.outputAt(i), this.#first);
  }

  /** The tap that meets input o + `place` for output o: taps that walk backwards are taken from the last one on. */
  tapAt(place: Affine): Affine {
    return this.slide.step < 0 ? subtract(affine(this.slide.tap.extent - 1), place) : place;
  }
}
