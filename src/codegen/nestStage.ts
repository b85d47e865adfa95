/** From a stage and its directives to a nest. Each directive edits the list of loops, or refuses with a reason. */
import { type Affine, add, affine, coefficientOf, substitute, subtract, variable, variablesOf } from "../ir/affine.js";
import { fail, unreachable } from "../ir/errors.js";
import { type Expr, loadsOf } from "../ir/expr.js";
import { AXIS_NAME, RESERVED } from "../ir/names.js";
import type { Axis, Stage } from "../ir/program.js";
import { mapSubscripts } from "../ir/visit.js";
import { beginningsOf, endOfTiles, fusedLoop, markedLoop } from "./ends.js";
import {
  type CacheDirective,
  type ComputeAt,
  type FusedIndex,
  type Loop,
  type Nest,
  overLoops,
  type Pack,
  type TailGuard,
  withDependents,
} from "./nest.js";
import { type Directive, printDirective } from "./schedule.js";

export function nestStage(stage: Stage, directives: readonly Directive[]): Nest {
  const editor = new NestEditor(stage);
  for (const directive of directives) editor.apply(directive);
  return editor.nest();
}

/**
 * Iterations by which a tile may exceed its axis. Three channels may fill a vector; much wider tiles would be all but
 * empty.
 */
const MOST_EMPTY = 63;

class NestEditor {
  #loops: Loop[];
  /** Each axis of the stage as a form over the current loops. */
  #axes: Map<string, Affine>;
  #indices: FusedIndex[] = [];
  #tails: TailGuard[] = [];
  #where: Affine[];
  #computeAt: ComputeAt | undefined;
  #accumulateAt: string | undefined;
  readonly #packs: Pack[] = [];
  readonly #caches: CacheDirective[] = [];
  readonly #taken: Set<string>;

  constructor(readonly stage: Stage) {
    const loopOf =
      (reduce: boolean) =>
      (axis: Axis): Loop => ({ ...axis, reduce, kind: "serial", partition: false });
    this.#loops = [...stage.space.map(loopOf(false)), ...stage.reduce.map(loopOf(true))];
    this.#axes = new Map(this.#loops.map(({ name }) => [name, variable(name)]));
    this.#where = [...(stage.where ?? []), ...beginningsOf(stage)];
    const buffers = [...loadsOf(stage.term), ...loadsOf(stage.finish), stage.output].map(({ buffer }) => buffer);
    // In code an axis is a variable beside the buffers, and would hide one of its own name.
    const hidden = [...this.#axes.keys()].find((name) => buffers.includes(name) || RESERVED.has(name));
    if (hidden !== undefined) {
      const what = buffers.includes(hidden) ? "a buffer is called so" : "code has the word for itself";
      fail("invalid-argument", `${stage.name}: no axis may be called ${hidden}, as ${what}; give it another name`);
    }
    this.#taken = new Set([...this.#axes.keys(), ...buffers, ...RESERVED]);
  }

  apply(directive: Directive): void {
    switch (directive.do) {
      case "split":
        this.#split(directive);
        break;
      case "fuse":
        this.#fuse(directive);
        break;
      case "reorder":
        this.#reorder(directive);
        break;
      case "unroll":
        this.#mark(directive, directive.axis, { kind: "unrolled" });
        break;
      case "vectorize":
        this.#mark(directive, directive.axis, { kind: "vectorized" });
        break;
      case "parallel":
        this.#spaceOnly(directive, directive.axis, { kind: "parallel" });
        break;
      case "partition":
        this.#mark(directive, directive.axis, { partition: true });
        break;
      case "peel":
        this.#mark(directive, directive.axis, { kind: "peeled" });
        break;
      case "bind":
        this.#spaceOnly(directive, directive.axis, { kind: directive.to });
        break;
      case "accumulate":
        this.#accumulate(directive);
        break;
      case "pack":
        this.#packs.push(directive);
        break;
      case "computeAt":
        if (this.#computeAt) this.#refuse(directive, "a stage is computed in one place");
        this.#computeAt = directive;
        break;
      case "cache":
        this.#find(directive, directive.at);
        this.#caches.push(directive);
        break;
      default:
        unreachable(directive);
    }
  }

  nest(): Nest {
    this.#checkShifts();
    this.#checkLanes();
    const form = (a: Affine) => overLoops(substitute(a, this.#axes), this.#indices);
    const over = (expr: Expr) => mapSubscripts(expr, form);
    const stage: Stage = {
      ...this.stage,
      domain: this.stage.domain.map(form),
      term: over(this.stage.term),
      finish: over(this.stage.finish),
      output: { ...this.stage.output, at: this.stage.output.at.map(form) },
    };
    return {
      stage,
      loops: this.#loops,
      indices: this.#usedIndices(stage),
      tails: this.#tails,
      where: this.#where.map((where) => overLoops(where, this.#indices)),
      computeAt: this.#computeAt,
      accumulateAt: this.#accumulateAt,
      packs: this.#packs,
      caches: this.#caches,
    };
  }

  /** The indices that some form still names, directly or through the value of another index. */
  #usedIndices(stage: Stage): readonly FusedIndex[] {
    const loads = [...loadsOf(stage.term), ...loadsOf(stage.finish), stage.output];
    const forms = [...loads.flatMap(({ at }) => at), ...stage.domain, ...this.#where];
    const used = new Set<string>();
    const use = (form: Affine): void => {
      for (const name of variablesOf(form).filter((part) => !used.has(part))) {
        used.add(name);
        const index = this.#indices.find((one) => one.name === name);
        if (index) use(index.value);
      }
    };
    for (const form of [...forms, ...this.#tails.map((tail) => tail.form)]) use(form);
    return this.#indices.filter(({ name }) => used.has(name));
  }

  #split(directive: Extract<Directive, { do: "split" }>): void {
    const { axis, by, into, tail } = directive;
    const place = this.#find(directive, axis);
    const loop = this.#loops[place] as Loop;
    if (!Number.isSafeInteger(by) || by < 1) this.#refuse(directive, `a split needs an integer factor >= 1, not ${by}`);
    // No iterations are as good as one: where points exist may say so of a launch.
    const most = Math.max(1, loop.extent) + MOST_EMPTY;
    if (by > most) {
      this.#refuse(
        directive,
        `tiles of ${by} over ${loop.extent} iterations are all but empty; split by at most ${most}`,
      );
    }
    this.#needSerial(directive, loop);
    const [outer, inner] = into;
    this.#claim(directive, outer);
    this.#claim(directive, inner);
    const end = endOfTiles(loop, this.stage.parameter, by, into);
    const exact = end ? end.isFull : loop.extent % by === 0;
    // The place where the last tile would move back to is not known before the call.
    const shifts = !exact && tail === "shiftInwards" && !end;
    if (shifts && (loop.reduce || loop.extent < by)) {
      this.#refuse(
        directive,
        "only a space axis of at least one full tile can be shifted inwards; use guard or roundUp",
      );
    }
    if (!exact && tail === "roundUp" && loop.reduce) {
      this.#refuse(directive, "a rounded-up reduction would sum terms that do not exist; use guard");
    }
    if (!exact && tail === "roundUp" && withDependents([axis], this.#indices).size > 1) {
      this.#refuse(directive, `past its end ${axis}, which is fused, names no point; use guard or shiftInwards`);
    }
    const base = `${outer}Base`;
    const sum = tail !== "roundUp";
    const { while: _, ...whole } = loop;
    const parts: Loop[] = [
      {
        ...whole,
        name: outer,
        extent: shifts ? Math.floor(loop.extent / by) : Math.ceil(loop.extent / by),
        ...(shifts ? { shift: { base, by, last: loop.extent - by } } : {}),
        // Full tiles must not be guarded in the innermost loop, and for the longest call all of them may be full.
        ...(end ? { while: end.ofTiles, partition: loop.partition || (sum && !end.isFull) } : {}),
      },
      { ...whole, name: inner, extent: by },
    ];
    this.#loops.splice(place, 1, ...parts);
    this.#replace(axis, add(shifts ? variable(base) : variable(outer, by), variable(inner)));
    if (!exact && !shifts) {
      const form = end?.ofPoints ?? affine(loop.extent - 1, { [outer]: -by, [inner]: -1 });
      this.#tails.push({ form, sum, reduce: loop.reduce });
    }
  }

  #fuse(directive: Extract<Directive, { do: "fuse" }>): void {
    const [first, second] = directive.axes;
    const place = this.#find(directive, first);
    const a = this.#loops[place] as Loop;
    const b = this.#loops[this.#find(directive, second)] as Loop;
    if (this.#loops[place + 1] !== b) this.#refuse(directive, `${second} must be the loop directly inside ${first}`);
    if (a.reduce !== b.reduce) this.#refuse(directive, "an output axis cannot fuse with a reduction axis");
    this.#needSerial(directive, a);
    this.#needSerial(directive, b);
    this.#claim(directive, directive.into);
    const loop = fusedLoop(a, b, directive.into);
    if (!loop)
      this.#refuse(directive, `calls choose how long ${b.while ? second : first} is; fuse it outside, before a split`);
    this.#loops.splice(place, 2, loop);
    // Both axes live on as integers computed from the fused loop. Each has a range of its own, which interval analysis
    // uses.
    const fused = variable(directive.into);
    this.#indices.push({ name: first, value: fused, divisor: Math.max(1, b.extent), extent: a.extent });
    const rest = subtract(fused, variable(first, b.extent));
    this.#indices.push({ name: second, value: rest, divisor: 1, extent: b.extent });
    this.#shorten(place);
  }

  /** A form of `where` that ends this loop, and names no other, becomes the loop's extent. */
  #shorten(place: number): void {
    const loop = this.#loops[place] as Loop;
    const isEnd = (form: Affine) => variablesOf(form).join() === loop.name && coefficientOf(form, loop.name) < 0;
    const forms = this.#where.map((form) => overLoops(form, this.#indices));
    const ends = forms.filter(isEnd).map((form) => Math.floor(form.constant / -coefficientOf(form, loop.name)) + 1);
    this.#where = this.#where.filter((_, i) => !isEnd(forms[i] as Affine));
    this.#loops[place] = { ...loop, extent: Math.max(0, Math.min(loop.extent, ...ends)) };
  }

  #reorder(directive: Extract<Directive, { do: "reorder" }>): void {
    const places = directive.axes.map((axis) => this.#find(directive, axis));
    if (new Set(places).size !== places.length) this.#refuse(directive, "each loop may be named once");
    const wanted = places.map((place) => this.#loops[place] as Loop);
    [...places]
      .sort((a, b) => a - b)
      .forEach((place, i) => {
        this.#loops[place] = wanted[i] as Loop;
      });
  }

  #accumulate(directive: Extract<Directive, { do: "accumulate" }>): void {
    if (!(this.#loops[this.#find(directive, directive.at)] as Loop).reduce) {
      this.#refuse(directive, `${directive.at} is not a reduction loop`);
    }
    this.#accumulateAt = directive.at;
  }

  #mark(directive: Directive, axis: string, change: Partial<Loop>): void {
    const place = this.#find(directive, axis);
    const loop = this.#loops[place] as Loop;
    if (change.kind) this.#needSerial(directive, loop);
    const { marked, where } = markedLoop(loop, change);
    this.#where.push(...where);
    this.#loops[place] = marked;
  }

  #spaceOnly(directive: Directive, axis: string, change: Partial<Loop>): void {
    if ((this.#loops[this.#find(directive, axis)] as Loop).reduce) {
      this.#refuse(directive, `${axis} is a reduction loop, whose iterations depend on each other`);
    }
    this.#mark(directive, axis, change);
  }

  #replace(name: string, by: Affine): void {
    const map = new Map([[name, by]]);
    this.#axes = new Map([...this.#axes].map(([axis, form]) => [axis, substitute(form, map)]));
    this.#indices = this.#indices.map((index) => ({ ...index, value: substitute(index.value, map) }));
    this.#tails = this.#tails.map((tail) => ({ ...tail, form: substitute(tail.form, map) }));
    this.#where = this.#where.map((form) => substitute(form, map));
  }

  #find(directive: Directive, axis: string): number {
    const place = this.#loops.findIndex((loop) => loop.name === axis);
    if (place < 0)
      this.#refuse(directive, `there is no loop ${axis}; there are ${this.#loops.map((l) => l.name).join(" ")}`);
    return place;
  }

  /** Names reach the generated code, so their form is checked here. */
  #claim(directive: Directive, name: string): void {
    if (!AXIS_NAME.pattern.test(name))
      this.#refuse(directive, `"${name}" is no loop name; use up to 16 small letters and digits`);
    if (this.#taken.has(name)) this.#refuse(directive, `the name ${name} is taken`);
    this.#taken.add(name);
  }

  #needSerial(directive: Directive, loop: Loop): void {
    if (loop.kind !== "serial") this.#refuse(directive, `${loop.name} is already ${loop.kind}`);
    if (loop.shift) this.#refuse(directive, `the tiles of ${loop.name} are shifted inwards and stay one serial loop`);
  }

  /**
   * A shifted tile computes some points twice, and both times must give the same result. So its loop lies outside all
   * sums, and no sum rests in memory.
   */
  #checkShifts(): void {
    const firstReduce = this.#loops.findIndex((loop) => loop.reduce);
    this.#loops.forEach((loop, place) => {
      if (!loop.shift) return;
      if (this.#accumulateAt !== undefined || (firstReduce >= 0 && place > firstReduce)) {
        fail(
          "invalid-schedule",
          `${this.stage.name}: ${loop.name} shifts inwards and must stay outside every reduction loop`,
        );
      }
    });
  }

  /**
   * Each lane of a vectorized reduction loop has a sum of its own. Their total is the sum only if every lane takes part
   * in every iteration.
   */
  #checkLanes(): void {
    this.#loops.forEach(({ name, reduce, kind }, place) => {
      if (!reduce || kind !== "vectorized") return;
      const hasTail = this.#tails.some((tail) => variablesOf(tail.form).includes(name));
      if (place !== this.#loops.length - 1 || hasTail || this.#accumulateAt !== undefined) {
        fail(
          "invalid-schedule",
          `${this.stage.name}: ${name} is a vectorized reduction loop; it must be innermost, without a tail, ` +
            "and its sums cannot rest in memory",
        );
      }
    });
  }

  #refuse(directive: Directive, why: string): never {
    return fail("invalid-schedule", `${this.stage.name}: ${printDirective(directive)}: ${why}`);
  }
}
