/** The order of candidates: each once, the model's best first, and soon what is best indeed where the model is wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { targetOf } from "../../src/codegen/target.js";
import { checkSpec } from "../../src/ir/ops/spec.js";
import { Order } from "../../src/tune/order.js";
import { pointKey } from "../../src/tune/selection.js";
import { type Candidate, spaceOf } from "../support/algorithms.js";
import { PAIRS, SEED } from "../support/effort.js";
import { pointOf, SPEC, titleOf, WASM } from "../support/tuning.js";

const keysOf = (points: readonly Candidate[]) => points.map(pointKey);

/** All in batches, measured as `time` says. */
function* batches(points: readonly Candidate[], time: (point: Candidate) => number | undefined, size = 8) {
  const order = new Order(points);
  for (;;) {
    const batch = order.next(size);
    if (batch.length === 0) return;
    yield batch;
    for (const point of batch) order.note(point, time(point));
  }
}

/** Every combination of four knobs; a model that is right but for noise that it cannot know. */
function madeUp(seed: number): Candidate[] {
  const random = (i: number) => Math.abs(Math.sin(seed + i * 12.9898) * 43_758.5453) % 1;
  const points: Candidate[] = [];
  for (let rows = 1; rows <= 8; rows++)
    for (let columns = 1; columns <= 6; columns++)
      for (const depth of [1, 2, 4, 8])
        for (const packed of [true, false]) {
          const shape = 1 + Math.abs(rows - 5) / 4 + Math.abs(columns - 3) / 5 + (packed ? 0 : 0.2) + 0.3 / depth;
          points.push(pointOf(1e6 * shape * (1 + 0.05 * random(points.length)), { rows, columns, depth, packed }));
        }
  return points;
}

const cyclesOf = ({ cycles }: Candidate) => cycles;
const shuffled = (points: readonly Candidate[]): Candidate[] =>
  points.toSorted((a, b) => (pointKey(a) < pointKey(b) ? -1 : 1));

const anyPoints: fc.Arbitrary<Candidate[]> = fc
  .uniqueArray(
    fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      lanes: fc.constantFrom("pixels", "channels"),
      packed: fc.boolean(),
      tile: fc.constantFrom(0, 0, 2, 4),
    }),
    { selector: (knobs) => JSON.stringify(knobs), maxLength: 40 },
  )
  .chain((all) =>
    fc
      .array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: all.length, maxLength: all.length })
      .map((cycles) =>
        all.map(({ tile, ...knobs }, i) =>
          pointOf(cycles[i] as number, knobs, tile ? { kind: "winograd", tile: [tile, tile] } : { kind: "direct" }),
        ),
      ),
  );

describe("an order", () => {
  test("gives each candidate once and all in the end, whatever comes of them and however many are asked for", () => {
    const times = fc.array(fc.option(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), { nil: undefined }));
    fc.assert(
      fc.property(
        anyPoints,
        times,
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
        (points, ms, sizes) => {
          const order = new Order(points);
          expect(order.size).toBe(points.length);
          const given: Candidate[] = [];
          for (const size of [...sizes, points.length + 1]) {
            const batch = order.next(size);
            expect(batch.length).toBe(Math.min(size, points.length - given.length));
            for (const [i, point] of batch.entries())
              order.note(point, ms[(given.length + i) % Math.max(1, ms.length)]);
            given.push(...batch);
          }
          expect(order.next(5)).toEqual([]);
          expect(new Set(keysOf(given)).size).toBe(points.length);
          expect(new Set(given)).toEqual(new Set(points));
        },
      ),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  test("of nothing gives nothing", () => {
    const order = new Order([]);
    expect(order.size).toBe(0);
    expect(order.next(3)).toEqual([]);
    order.note({ algorithm: { kind: "direct" }, knobs: {} }, 1);
    expect(order.next(3)).toEqual([]);
  });

  test("starts with what the model likes best", () => {
    const points = shuffled(madeUp(1));
    const first = points.toSorted((a, b) => a.cycles - b.cycles)[0];
    expect(new Order(points).next(1)).toEqual([first]);
  });

  test("starts with what the model likes best of several algorithms, however many knobs they have", () => {
    const winograd = { kind: "winograd", tile: [4, 4] } as const;
    const direct = { rows: 1, columns: 1, unrolled: 1, peeled: true, band: 0, packed: true };
    const points = [pointOf(105, direct), pointOf(100, { tiles: 1, pixels: 1 }, winograd)];
    expect(new Order(points).next(1)).toEqual([points[1]]);
    expect(new Order(points.toReversed()).next(1)).toEqual([points[1]]);
  });

  test.each([WASM, { language: "js" } as const, { language: "wgsl", storage: "f32" } as const])(
    "starts with what the model likes best of a real space: %j",
    (features) => {
      const spec = checkSpec({ ...SPEC, value: [1, 12, 12, 16], filters: [3, 3, 16, 16] });
      const points = [...spaceOf(spec, targetOf(features), { accuracy: "exact", algorithm: "direct" })];
      const least = Math.min(...points.map(cyclesOf));
      const [first] = new Order(points).next(1);
      expect(first?.cycles, titleOf(features)).toBe(least);
    },
  );

  test("gives what was noted no more, though it had not given it", () => {
    const points = madeUp(2);
    const order = new Order(points);
    const known = points.filter((_, i) => i % 3 === 0);
    for (const { algorithm, knobs } of known) order.note({ algorithm, knobs: { ...knobs } }, 1);
    const rest = keysOf(order.next(points.length));
    expect(rest.length).toBe(points.length - known.length);
    for (const key of keysOf(known)) expect(rest).not.toContain(key);
  });

  test("may be told twice of a candidate", () => {
    const points = madeUp(3);
    const order = new Order(points);
    const [one] = order.next(1);
    for (let i = 0; i < 3; i++) order.note(one as Candidate, 1 + i);
    expect(new Set(keysOf(order.next(points.length))).size).toBe(points.length - 1);
  });

  test("passes over what it is told of strange points", () => {
    const points = madeUp(4);
    const [order, same] = [new Order(points), new Order(points)];
    for (const knobs of [{}, { rows: 99, columns: 1 }, { rows: "1", columns: 3, depth: 4, packed: true }])
      order.note({ algorithm: { kind: "direct" }, knobs }, 1e-9);
    order.note({ algorithm: { kind: "winograd", tile: [2, 2] }, knobs: points[0]?.knobs ?? {} }, undefined);
    expect(order.size).toBe(points.length);
    expect(keysOf(order.next(10))).toEqual(keysOf(same.next(10)));
  });

  test("learns nothing from the scale of times", () => {
    const points = madeUp(5);
    const firsts = [1e-9, 1e-6, 1].map((scale) => {
      const all = [...batches(points, ({ cycles, knobs }) => scale * cycles * (knobs.depth === 4 ? 3 : 1))];
      return keysOf(all.flat().slice(0, 40));
    });
    expect(firsts[1]).toEqual(firsts[0]);
    expect(firsts[2]).toEqual(firsts[0]);
  });
});

describe("an order that learns", () => {
  /** How many candidates until the truly best one was given. */
  function triesUntilBest(points: readonly Candidate[], time: (point: Candidate) => number | undefined): number {
    const best = points.reduce((a, b) => ((time(b) ?? Infinity) < (time(a) ?? Infinity) ? b : a));
    return [...batches(points, time)].flat().indexOf(best) + 1;
  }

  /** By the model's own order. */
  function triesOfModel(points: readonly Candidate[], time: (point: Candidate) => number | undefined): number {
    const best = points.reduce((a, b) => ((time(b) ?? Infinity) < (time(a) ?? Infinity) ? b : a));
    return points.toSorted((a, b) => a.cycles - b.cycles).indexOf(best) + 1;
  }

  /** And the share of the space in which the best is found. */
  const WRONG: readonly [string, number, (knobs: Candidate["knobs"]) => number][] = [
    ["one value is twice as fast as it says", 1 / 6, ({ depth }) => (depth === 1 ? 0.5 : 1)],
    ["one value is three times as slow as it says", 1 / 6, ({ columns }) => (columns === 3 ? 3 : 1)],
    ["the likely values of two knobs are slow", 1 / 6, ({ rows, packed }) => (rows === 5 ? 2 : 1) * (packed ? 1.7 : 1)],
    ["what it likes least is fast", 1 / 3, ({ rows }) => (rows === 1 ? 0.4 : 1)],
  ];

  test.each(WRONG)("finds the best soon where the model is wrong: %s", (_, share, factor) => {
    for (let seed = 1; seed <= 10; seed++) {
      const points = shuffled(madeUp(seed));
      const time = ({ cycles, knobs }: Candidate) => (cycles * factor(knobs)) / 1e6;
      const tries = triesUntilBest(points, time);
      expect(tries, `seed ${seed} of ${points.length}`).toBeLessThanOrEqual(share * points.length);
      expect(tries, `seed ${seed}`).toBeLessThan(Math.max(33, triesOfModel(points, time)));
    }
  });

  test("takes far fewer tries on the whole than the model's own order", () => {
    let [own, model] = [0, 0];
    for (const [, , factor] of WRONG)
      for (let seed = 1; seed <= 10; seed++) {
        const points = shuffled(madeUp(seed));
        const time = ({ cycles, knobs }: Candidate) => (cycles * factor(knobs)) / 1e6;
        own += triesUntilBest(points, time);
        model += triesOfModel(points, time);
      }
    console.log(`the best was found in ${own} tries, by the model's own order in ${model}`);
    expect(own).toBeLessThan(model / 2);
  });

  test("finds the best at once where the model is right", () => {
    const points = shuffled(madeUp(7));
    expect(triesUntilBest(points, ({ cycles }) => cycles / 1e6)).toBe(1);
  });

  test("counts failures as slow: it turns to other values of their knobs", () => {
    const points = shuffled(madeUp(8));
    const fails = ({ knobs }: Candidate) => knobs.rows === 5;
    const order = new Order(points);
    const model = points.toSorted((a, b) => a.cycles - b.cycles).slice(0, 48);
    const given: Candidate[] = [];
    while (given.length < 48) {
      const batch = order.next(8);
      for (const point of batch) order.note(point, fails(point) ? undefined : point.cycles / 1e6);
      given.push(...batch);
    }
    // The model would have tried far more of what fails.
    expect(model.filter(fails).length).toBeGreaterThan(12);
    expect(given.filter(fails).length).toBeLessThan(model.filter(fails).length / 2 + 4);
  });

  test("goes on where everything fails", () => {
    const points = madeUp(9);
    expect([...batches(points, () => undefined)].flat().length).toBe(points.length);
  });
});
