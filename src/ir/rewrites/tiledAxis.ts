/**
 * One axis of an image, covered by Winograd's tiles.
 *
 * Every `rate`-th point belongs to one dense problem, a phase. The phases lie side by side.
 */
import { type Affine, add, affine, scale, subtract } from "../affine.js";
import type { Axis } from "../program.js";
import { cookToom, type Transforms } from "./cookToom.js";

/** One axis of the output, and the taps that slide over it. The input is read at `point + step*tap + offset`. */
export interface SlidingAxis {
  readonly point: Axis;
  readonly tap: Axis;
  readonly step: number;
  readonly offset: number;
  /** The dimension of the input along which the axis moves, and its size. */
  readonly dimension: number;
  readonly size: number;
}

export class TiledAxis {
  readonly transforms: Transforms;
  /** The distance between neighbouring inputs of a tile, and between neighbouring outputs. */
  readonly rate: number;
  /** The number of tiles along the axis, over all phases. */
  readonly tiles: number;
  /** The position of the first input of the first tile. */
  readonly #first: number;

  /** `outputs` counts the outputs of one tile along this axis. */
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
    // Tiles of one place follow each other by phase. A tile of the last place exists if its first output does.
    const places = Math.floor(points / (this.rate * outputs));
    this.tiles = places * this.rate + Math.min(this.rate, points - places * this.rate * outputs);
  }

  /** The axes of place and phase, which together name a tile. */
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

  /** The tap that meets input o + `place` for output o. If taps walk backwards, the last tap comes first. */
  tapAt(place: Affine): Affine {
    return this.slide.step < 0 ? subtract(affine(this.slide.tap.extent - 1), place) : place;
  }
}
