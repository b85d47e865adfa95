/**
 * The order in which candidates are measured: by the cost model, which it corrects, and by evolution.
 *
 * Measurements tell by how much the model is wrong for each value of a knob. Half of a batch are the best candidates by
 * the corrected model. The other half are children of the fastest so far: each differs from a parent in one knob. A
 * value that was tried seldom gets some credit.
 */

import type { Candidate } from "../codegen/search/approach.js";
import type { PointName } from "../codegen/search/space.js";
import { canonicalKey } from "../ir/key.js";
import { pointKey } from "./selection.js";

/** The logarithm of the slowdown that a candidate without a time counts as having. */
const FAILED = Math.log(4);
const PARENTS = 4;
/** The credit of a candidate whose values were never tried, in logarithms of time. */
const CREDIT = 0.3;
/** Measurements of a value after which half of its mean deviation is believed. */
const DOUBT = 1;
const SWEEPS = 4;

interface Entry {
  readonly point: Candidate;
  /** The numbers of its algorithm and of its knobs' values. */
  readonly features: readonly number[];
  /** The logarithm of the cycles that the model predicts. */
  readonly predicted: number;
}

interface Known {
  readonly entry: Entry;
  /** The logarithm of the time. */
  readonly measured: number;
}

export class Order {
  readonly #entries: readonly Entry[];
  readonly #byName = new Map<string, Entry>();
  readonly #taken = new Set<Entry>();
  readonly #noted = new Set<Entry>();
  readonly #known: Known[] = [];
  /** The sum over `#known` of what was measured beyond what was predicted, in logarithms. */
  #excess = 0;
  /** For each feature: how often it was tried, and the correction of the model's logarithm for it. */
  readonly #tries: number[];
  readonly #corrections: number[];

  constructor(points: Iterable<Candidate>) {
    const numbers = new Map<string, number>();
    const numberOf = (feature: string) => {
      const number = numbers.get(feature) ?? numbers.size;
      numbers.set(feature, number);
      return number;
    };
    this.#entries = Array.from(points, (point) => ({
      point,
      features: featuresOf(point).map(numberOf),
      predicted: Math.log(Math.max(point.cycles, 1)),
    }));
    for (const entry of this.#entries) this.#byName.set(pointKey(entry.point), entry);
    this.#tries = new Array<number>(numbers.size).fill(0);
    this.#corrections = new Array<number>(numbers.size).fill(0);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The number of candidates that were noted. */
  get noted(): number {
    return this.#noted.size;
  }

  /** Notes the time of a candidate, in any unit, or undefined if it failed. A name of no point here is ignored. */
  note(name: PointName, time: number | undefined): void {
    const entry = this.#byName.get(pointKey(name));
    if (!entry) return;
    if (!this.#taken.has(entry)) this.#take(entry);
    this.#noted.add(entry);
    const measured = time === undefined ? entry.predicted + this.#offset() + FAILED : Math.log(time);
    this.#known.push({ entry, measured });
    this.#excess += measured - entry.predicted;
  }

  /** The next candidates to measure, each returned once. */
  next(count: number): Candidate[] {
    this.#learn();
    const parents = this.#known.toSorted((a, b) => a.measured - b.measured).slice(0, PARENTS);
    const isChild = (entry: Entry) => parents.some((parent) => isRelated(parent.entry, entry));
    const batch: Candidate[] = [];
    for (let i = 0; i < count; i++) {
      const children = i % 2 === 1 ? this.#best(isChild) : undefined;
      const entry = children ?? this.#best(() => true);
      if (!entry) break;
      this.#take(entry);
      batch.push(entry.point);
    }
    return batch;
  }

  #best(isMeant: (entry: Entry) => boolean): Entry | undefined {
    let best: { entry: Entry; score: number } | undefined;
    for (const entry of this.#entries) {
      if (this.#taken.has(entry)) continue;
      const score = this.#score(entry);
      if ((!best || score < best.score) && isMeant(entry)) best = { entry, score };
    }
    return best?.entry;
  }

  #score({ predicted, features }: Entry): number {
    let score = predicted;
    for (const feature of features) {
      score +=
        (this.#corrections[feature] as number) -
        CREDIT / features.length / Math.sqrt(1 + (this.#tries[feature] as number));
    }
    return score;
  }

  #take(entry: Entry): void {
    this.#taken.add(entry);
    for (const feature of entry.features) (this.#tries[feature] as number)++;
  }

  /** The logarithm of the factor from the model's unit to the unit of times: the mean over all measurements. */
  #offset(): number {
    return this.#known.length === 0 ? 0 : this.#excess / this.#known.length;
  }

  /** Fits the corrections to all measurements, each in turn to the rest that the others leave. */
  #learn(): void {
    if (this.#known.length === 0) return;
    const offset = this.#offset();
    const left = this.#known.map(({ entry, measured }) => ({ entry, rest: measured - entry.predicted - offset }));
    const width = Math.max(...this.#known.map(({ entry }) => entry.features.length));
    this.#corrections.fill(0);
    for (let sweep = 0; sweep < SWEEPS; sweep++) for (let place = 0; place < width; place++) this.#fit(place, left);
  }

  #fit(place: number, left: readonly { readonly entry: Entry; rest: number }[]): void {
    const sums = new Map<number, { sum: number; count: number }>();
    for (const { entry, rest } of left) {
      const feature = entry.features[place];
      if (feature === undefined) continue;
      const { sum, count } = sums.get(feature) ?? { sum: 0, count: 0 };
      sums.set(feature, { sum: sum + rest, count: count + 1 });
    }
    const steps = new Map([...sums].map(([feature, { sum, count }]) => [feature, sum / (count + DOUBT)]));
    for (const [feature, step] of steps) (this.#corrections[feature] as number) += step;
    for (const one of left) one.rest -= steps.get(one.entry.features[place] ?? -1) ?? 0;
  }
}

const featuresOf = ({ algorithm, knobs }: PointName): string[] => [
  canonicalKey(algorithm),
  ...Object.entries(knobs).map(([name, value]) => `${algorithm.kind} ${name} ${value}`),
];

/** True if two candidates differ in one knob, or in the algorithm alone. */
function isRelated(a: Entry, b: Entry): boolean {
  if (a.features.length !== b.features.length) return false;
  let differences = 0;
  for (let i = 0; i < a.features.length && differences < 2; i++) if (a.features[i] !== b.features[i]) differences++;
  return differences === 1;
}
