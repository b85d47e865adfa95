/** The limits of what a model may ask for: dimensions of a tensor, and sizes and convolutions in all. */
import { fail } from "../ir/errors.js";
import { MAX_DIMENSIONS } from "../ir/size.js";
import { quoted } from "./report.js";
import { type Info, isGap } from "./shapes.js";

/** The most sizes that all nodes read and write. A network of 10,000 nodes has some 200,000. */
const MAX_SIZES = 2_000_000;
/** Each convolution is checked like a spec that a person writes, which takes some microseconds. */
const MAX_CONVOLUTIONS = 10_000;

/** The limits are far above any model. They keep a small file from asking for memory or time without end. */
export class ReadingBudget {
  private sizes = 0;
  private convolutions = 0;

  constructor(private readonly path: string) {}

  /** Counts the sizes of a tensor that a node reads or makes. Refuses a tensor with too many dimensions. */
  tensor(name: string, { shape }: Info): void {
    if (isGap(shape)) return;
    const rank = shape.length;
    this.rank(name, rank);
    this.sizes += rank;
    if (this.sizes > MAX_SIZES) this.refuse(`its tensors have more than ${MAX_SIZES} sizes in all`);
  }

  rank(name: string, rank: number): void {
    if (rank > MAX_DIMENSIONS) this.refuse(`tensor ${quoted(name)} has more than ${MAX_DIMENSIONS} dimensions`);
  }

  convolution(): void {
    if (++this.convolutions > MAX_CONVOLUTIONS) this.refuse(`it has more than ${MAX_CONVOLUTIONS} convolutions`);
  }

  private refuse(why: string): never {
    return fail(
      "invalid-argument",
      `${this.path} is too large for a network: ${why}; export a part of the model alone`,
    );
  }
}
