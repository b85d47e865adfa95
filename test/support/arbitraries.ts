/** Random specs, and random schedules that fit them more often than not. */
import fc from "fast-check";
import type { Directive } from "../../src/codegen/schedule.js";
import type { Activation } from "../../src/ir/ops/epilogue.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import type { Stage } from "../../src/ir/program.js";

/** Activations that are exact on small integers. */
const activation: fc.Arbitrary<Activation | undefined> = fc.constantFrom<Activation | undefined>(
  undefined,
  undefined,
  "relu",
  "relu6",
  { kind: "leakyRelu", alpha: 0.5 },
  { kind: "clip", min: -3, max: 5 },
);

const between = (min: number, max: number) => fc.integer({ min, max });

export const specs: fc.Arbitrary<OpSpec> = fc
  .record({
    op: fc.constantFrom("atrousConv2dTranspose" as const, "conv2d" as const),
    batch: fc.constantFrom(1, 1, 1, 2, 0),
    height: between(0, 7),
    width: between(0, 9),
    inputs: fc.oneof(between(0, 6), fc.constantFrom(4, 8)),
    outputs: between(1, 9),
    kernelHeight: between(1, 4),
    kernelWidth: between(1, 4),
    rate: between(1, 4),
    padding: fc.constantFrom("SAME" as const, "VALID" as const),
    bias: fc.boolean(),
    activation,
  })
  .map(({ op, rate, padding, bias, ...s }): OpSpec => {
    const grown = op === "conv2d" && padding === "VALID" ? 1 : 0; // a forward VALID image must hold the kernel
    const size = (image: number, kernel: number) => image + grown * (kernel - 1) * rate;
    const [third, fourth] = op === "conv2d" ? [s.inputs, s.outputs] : [s.outputs, s.inputs];
    return {
      op,
      value: [s.batch, size(s.height, s.kernelHeight), size(s.width, s.kernelWidth), s.inputs],
      filters: [s.kernelHeight, s.kernelWidth, third, fourth],
      rate,
      padding,
      ...(bias ? { bias } : {}),
      ...(s.activation === undefined ? {} : { activation: s.activation }),
    };
  });

interface Loop {
  readonly name: string;
  readonly reduce: boolean;
  readonly axes: readonly string[];
  marked: boolean;
  bound?: "workgroup" | "invocation";
}

const DIMENSIONS = ["x", "y", "z"] as const;

/** Draws directives one by one, keeping track of the loops as they would stand. */
export class ScheduleBuilder {
  #loops: Loop[];
  #names = 0;
  readonly #directives: Directive[] = [];
  readonly #free = {
    workgroup: DIMENSIONS.map((dimension) => `workgroup.${dimension}` as const),
    invocation: DIMENSIONS.map((dimension) => `invocation.${dimension}` as const),
  };

  /** `launches`: whether loops may be bound to workgroups and invocations, which then share caches. */
  constructor(
    readonly draw: fc.GeneratorValue,
    readonly stage: Stage,
    readonly launches = false,
  ) {
    const loop = (reduce: boolean) => (axis: { name: string }) => ({
      name: axis.name,
      reduce,
      axes: [axis.name],
      marked: false,
    });
    this.#loops = [...stage.space.map(loop(false)), ...stage.reduce.map(loop(true))];
  }

  build(): Directive[] {
    const edits = this.#int(0, 6);
    for (let i = 0; i < edits; i++) this.#pick([() => this.#split(), () => this.#fuse(), () => this.#reorder()])();
    if (this.#int(0, 1)) this.#reorder();
    if (this.#int(0, 1)) return this.#vectors();
    for (const loop of this.#loops) this.#mark(loop);
    if (this.#int(0, 3) === 0) this.#accumulate();
    if (this.#int(0, 1)) this.#pack("filters");
    if (this.#int(0, 7) === 0) this.#pack("value");
    if (this.#int(0, 2) === 0) this.#cache();
    if (this.launches) for (const buffer of ["value", "filters"]) if (this.#int(0, 2) > 0) this.#gather(buffer);
    return this.#directives;
  }

  #int(min: number, max: number): number {
    return this.draw(between, min, max);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#int(0, from.length - 1)] as T;
  }

  #split(): void {
    const loop = this.#pick(this.#loops);
    const into = [`a${this.#names}`, `b${this.#names++}`] as const;
    const tail = loop.reduce ? "guard" : this.#pick(["guard", "roundUp", "shiftInwards"] as const);
    this.#directives.push({ do: "split", axis: loop.name, by: this.#int(1, 5), into, tail });
    const part = (name: string): Loop => ({ ...loop, name, marked: tail === "shiftInwards" });
    this.#loops.splice(this.#loops.indexOf(loop), 1, ...into.map(part));
  }

  #fuse(): void {
    const first = this.#int(0, this.#loops.length - 2);
    const [a, b] = [this.#loops[first] as Loop, this.#loops[first + 1] as Loop];
    if (a.reduce !== b.reduce || a.marked || b.marked) return;
    const into = `f${this.#names++}`;
    this.#directives.push({ do: "fuse", axes: [a.name, b.name], into });
    this.#loops.splice(first, 2, { name: into, reduce: a.reduce, axes: [...a.axes, ...b.axes], marked: false });
  }

  #reorder(): void {
    const order = [...this.#loops];
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.#int(0, i);
      [order[i], order[j]] = [order[j] as Loop, order[i] as Loop];
    }
    this.#directives.push({ do: "reorder", axes: order.map((loop) => loop.name) });
    this.#loops = order;
  }

  #mark(loop: Loop): void {
    if (this.launches && !loop.reduce && !loop.marked && this.#int(0, 2) > 0 && this.#bind(loop)) return;
    const what = this.#int(0, 9);
    if (what <= 2 && !loop.marked) this.#directives.push({ do: "unroll", axis: loop.name });
    if (what === 3 && !loop.marked && !loop.reduce) this.#directives.push({ do: "parallel", axis: loop.name });
    if (what === 4 && !loop.marked && loop === this.#loops.at(-1) && !loop.reduce) {
      this.#directives.push({ do: "vectorize", axis: loop.name });
    }
    if (what === 5 && !loop.marked) this.#directives.push({ do: "peel", axis: loop.name });
    if (what >= 8) this.#directives.push({ do: "partition", axis: loop.name });
  }

  #bind(loop: Loop): boolean {
    const unit = this.#pick(["workgroup", "invocation", "invocation"] as const);
    const to = this.#free[unit].pop();
    if (!to) return false;
    this.#directives.push({ do: "bind", axis: loop.name, to });
    loop.bound = unit;
    return true;
  }

  /** An element of its own for each that is read, in any order of the loops that move. */
  #gather(buffer: string): void {
    const space = this.#pick(["local", "workgroup", "workgroup"] as const);
    // Invocations share only what lies inside their loops.
    const outside = space === "local" ? 0 : this.#loops.findLastIndex((loop) => loop.bound === "invocation");
    const place = this.#int(Math.max(0, outside), this.#loops.length - 1);
    const moving = this.#loops.filter((loop, i) => i > place || (space === "workgroup" && loop.bound === "invocation"));
    const layout = this.#loopsOf(buffer, moving).map((loop) => loop.name);
    if (this.#int(0, 1)) layout.reverse();
    const at = (this.#loops[place] as Loop).name;
    this.#directives.push({ do: "cache", buffer: this.#nameOf(buffer), at, space, layout });
  }

  /** Those on which its subscripts depend. */
  #loopsOf(buffer: string, loops: readonly Loop[]): readonly Loop[] {
    const axes = buffer === "value" ? ["n", "oy", "ox", "ky", "kx", "ic"] : ["oc", "ky", "kx", "ic"];
    return loops.filter((loop) => loop.axes.some((axis) => axes.includes(axis)));
  }

  /** The name of the buffer that the term reads, packed or not. */
  #nameOf(buffer: string): string {
    const isPacked = this.#directives.some((one) => one.do === "pack" && one.buffer === buffer);
    return isPacked ? `conv${buffer[0]?.toUpperCase()}${buffer.slice(1)}` : buffer;
  }

  /** Four lanes innermost, and packed weights, as kernels for machines with vectors have them. */
  #vectors(): Directive[] {
    if (this.#int(0, 4) === 0) return this.#sums();
    const space = this.#loops.filter((loop) => !loop.reduce && !loop.marked && loop.axes.includes("oc"));
    const loop = space[0] ?? this.#pick(this.#loops);
    const tail = this.#pick(["guard", "roundUp"] as const);
    this.#directives.push({ do: "split", axis: loop.name, by: 4, into: ["vo", "vi"], tail });
    this.#loops.splice(this.#loops.indexOf(loop), 1, { ...loop, name: "vo" });
    this.#loops.push({ ...loop, name: "vi" });
    this.#directives.push({ do: "reorder", axes: this.#loops.map((other) => other.name) });
    for (const other of this.#loops.slice(0, -1)) this.#mark(other);
    this.#directives.push({ do: "vectorize", axis: "vi" });
    this.#pack("filters");
    if (this.launches) for (const buffer of ["value", "filters"]) if (this.#int(0, 1)) this.#gather(buffer);
    return this.#directives;
  }

  /** Lanes of a reduction axis, each with a sum of its own. Fits where four channels divide what there are. */
  #sums(): Directive[] {
    const loop = this.#loops.find(({ axes }) => axes.join() === "ic");
    if (!loop || this.#names > 0) return this.#directives;
    const others = this.#loops.filter((other) => other !== loop);
    this.#loops = [...others, { ...loop, name: "vo" }, { ...loop, name: "vi" }];
    this.#directives.push({ do: "split", axis: "ic", by: this.#pick([1, 2, 4, 4]), into: ["vo", "vi"], tail: "guard" });
    this.#directives.push({ do: "reorder", axes: this.#loops.map((other) => other.name) });
    for (const other of this.#loops.slice(0, -1)) this.#mark(other);
    this.#directives.push({ do: "vectorize", axis: "vi" });
    if (this.#int(0, 1)) this.#pack("filters");
    return this.#directives;
  }

  #accumulate(): void {
    const reductions = this.#loops.filter((loop) => loop.reduce);
    this.#directives.push({ do: "accumulate", at: this.#pick(reductions).name });
  }

  /** All loops that its subscripts depend on, in any order. */
  #pack(buffer: "value" | "filters"): void {
    const loops = this.#loopsOf(buffer, this.#loops);
    if (loops.some((loop) => loop.axes.length > 1)) return; // an axis inside a fused loop cannot subscript an array
    const layout = loops.map((loop) => loop.name);
    this.#directives.push({ do: "pack", buffer, layout });
  }

  #cache(): void {
    const buffer = this.#nameOf("value");
    this.#directives.push({ do: "cache", buffer, at: this.#pick(this.#loops).name, space: "local" });
  }
}
