/** The laws of affine forms: everything the compiler knows about subscripts and guards rests on them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Affine,
  add,
  affine,
  type Bounds,
  coefficientOf,
  decide,
  divide,
  equals,
  guardKey,
  holds,
  isConstant,
  key,
  range,
  restrict,
  scale,
  substitute,
  substituteGuard,
  subtract,
  valueAt,
  variable,
  variablesOf,
  within,
} from "../../src/ir/affine.js";
import { SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { form } from "../support/kernels.js";

const NAMES = ["a", "b", "c"] as const;
const small = fc.integer({ min: -9, max: 9 });
const terms = fc.record({ a: small, b: small, c: small }, { requiredKeys: [] });
const affines: fc.Arbitrary<Affine> = fc.tuple(small, terms).map(([constant, given]) => affine(constant, given));
const points: fc.Arbitrary<ReadonlyMap<string, number>> = fc
  .tuple(small, small, small)
  .map((values) => new Map(values.map((value, i) => [NAMES[i] as string, value])));
const interval = fc
  .tuple(fc.integer({ min: -3, max: 3 }), fc.nat({ max: 3 }))
  .map(([min, size]) => ({ min, max: min + size }));
const boxes: fc.Arbitrary<Bounds> = fc
  .tuple(interval, interval, interval)
  .map((intervals) => new Map(intervals.map((value, i) => [NAMES[i] as string, value])));

function* pointsOf(box: Bounds): Generator<Map<string, number>> {
  const [a, b, c] = NAMES.map((name) => box.get(name) as { min: number; max: number });
  if (!a || !b || !c) return;
  for (let i = a.min; i <= a.max; i++)
    for (let j = b.min; j <= b.max; j++)
      for (let k = c.min; k <= c.max; k++)
        yield new Map([
          ["a", i],
          ["b", j],
          ["c", k],
        ]);
}

const law = <T extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  holds: (...values: T) => void,
) => test(name, () => fc.assert(fc.property(...arbitraries, holds), { seed: SEED, numRuns: 500 }));

describe("arithmetic is arithmetic at every point", () => {
  law("add", [affines, affines, points], (x, y, p) => {
    expect(valueAt(add(x, y), p)).toBe(valueAt(x, p) + valueAt(y, p));
  });
  law("add a number", [affines, small, points], (x, n, p) => {
    expect(valueAt(add(x, n), p)).toBe(valueAt(x, p) + n);
  });
  law("subtract", [affines, affines, points], (x, y, p) => {
    expect(valueAt(subtract(x, y), p)).toBe(valueAt(x, p) - valueAt(y, p));
  });
  law("scale", [affines, small, points], (x, n, p) => {
    expect(valueAt(scale(x, n), p)).toBe(valueAt(x, p) * n + 0); // + 0: no form is -0
  });
});

describe("canonical form", () => {
  law("equal everywhere means equal content, equal key and equal()", [affines, affines], (x, y) => {
    // Two ways to one value: content must not tell them apart.
    const [left, right] = [subtract(add(x, y), y), scale(scale(x, -1), -1)];
    expect(left).toEqual(x);
    expect(right).toEqual(x);
    expect(key(left)).toBe(key(x));
    expect(equals(right, x)).toBe(true);
  });
  law("zero is one object, however it came about", [affines], (x) => {
    for (const zero of [subtract(x, x), scale(x, 0), scale(affine(0), -1)]) expect(zero).toEqual(affine(0));
  });
  law("different somewhere means different keys", [affines, affines], (x, y) => {
    const differ = x.constant !== y.constant || NAMES.some((name) => coefficientOf(x, name) !== coefficientOf(y, name));
    expect(key(x) !== key(y)).toBe(differ);
    expect(equals(x, y)).toBe(!differ);
  });
  law("holds no zero coefficient, and its names in order", [affines, affines, small], (x, y, n) => {
    for (const made of [add(x, y), subtract(x, y), scale(x, n), substitute(x, new Map([["a", y]]))]) {
      expect(Object.values(made.terms)).not.toContain(0);
      expect(variablesOf(made)).toEqual([...variablesOf(made)].sort());
    }
  });
  law("the key can be read back", [affines], (x) => {
    expect(form(key(x))).toEqual(x);
  });
  test("keys read like formulas", () => {
    expect(key(affine(3, { ky: -1, oy: 2 }))).toBe("-ky + 2*oy + 3");
    expect(key(affine(-3, { oy: 1 }))).toBe("oy - 3");
    expect(key(affine(0, { oy: -4 }))).toBe("-4*oy");
    expect(key(affine(0))).toBe("0");
    expect(key(affine(-1))).toBe("-1");
  });
  test("isConstant", () => {
    expect(isConstant(subtract(variable("a"), variable("a")))).toBe(true);
    expect(isConstant(variable("a"))).toBe(false);
  });
});

describe("substitution", () => {
  law("commutes with evaluation", [affines, affines, affines, points], (x, forA, forB, p) => {
    const by = new Map([
      ["a", forA],
      ["b", forB],
    ]);
    const moved = new Map(p).set("a", valueAt(forA, p)).set("b", valueAt(forB, p));
    expect(valueAt(substitute(x, by), p)).toBe(valueAt(x, moved));
  });
  test("replaces all at once: a and b can change places", () => {
    const swapped = substitute(
      form("2*a + 5*b"),
      new Map([
        ["a", variable("b")],
        ["b", variable("a")],
      ]),
    );
    expect(key(swapped)).toBe("5*a + 2*b");
  });
  law("of a guard is substitution of its forms", [affines, affines, affines], (x, y, forA) => {
    const by = new Map([["a", forA]]);
    expect(substituteGuard([x, y], by)).toEqual([substitute(x, by), substitute(y, by)]);
  });
});

describe("restriction", () => {
  law("a part and the part of all other variables add up to the form without its constant", [affines], (x) => {
    const isA = (name: string) => name === "a";
    const [part, rest] = [restrict(x, isA), restrict(x, (name) => !isA(name))];
    expect(add(part, rest)).toEqual(affine(0, x.terms));
    expect(subtract(x, part)).toEqual(add(rest, x.constant));
    expect(variablesOf(part)).toEqual(variablesOf(x).filter(isA));
  });
  test("keeps the coefficients and drops the constant", () => {
    expect(key(restrict(form("2*y + ky - 1"), (name) => name === "y"))).toBe("2*y");
    expect(restrict(form("2*y - 1"), () => false)).toEqual(affine(0));
  });
});

describe("division", () => {
  // 49 * (1 / 49) is less than 1.
  law("undoes multiplication to the last bit", [affines], (x) => {
    for (let by = 1; by <= 200; by++) expect(divide(scale(x, by), by)).toEqual(x);
  });
});

describe("intervals", () => {
  law("the range is attained, and never left", [affines, boxes], (x, box) => {
    const values = [...pointsOf(box)].map((p) => valueAt(x, p));
    expect(range(x, box)).toEqual({ min: Math.min(...values), max: Math.max(...values) });
  });
  law(
    "a guard is decided as its points are, one form at a time",
    [fc.array(affines, { maxLength: 3 }), boxes],
    (guard, box) => {
      const holds = [...pointsOf(box)].map((p) => guard.map((x) => valueAt(x, p) >= 0));
      const verdict = decide(guard, box);
      expect(verdict === "always").toBe(holds.every((forms) => forms.every(Boolean)));
      if (verdict === "never") expect(holds.some((forms) => forms.every(Boolean))).toBe(false);
      const neverAlone = guard.some((_, i) => holds.every((forms) => !forms[i]));
      expect(verdict === "never").toBe(neverAlone);
    },
  );
  law("within is 0 <= form < extent", [affines, fc.integer({ min: 1, max: 9 }), points], (x, extent, p) => {
    const value = valueAt(x, p);
    expect(within(x, extent).every((one) => valueAt(one, p) >= 0)).toBe(value >= 0 && value < extent);
  });
  law("the key of a guard does not depend on its order", [affines, affines], (x, y) => {
    expect(guardKey([x, y])).toBe(guardKey([y, x]));
    expect(guardKey([x]) === guardKey([y])).toBe(equals(x, y));
  });
});

test("a name without a value or bounds is a bug, and says which", () => {
  expect(errorOf(thrownBy(() => valueAt(form("2*a + b"), new Map([["a", 1]]))))).toBe(
    "internal: tilewright bug: variable b is not bound in 2*a + b",
  );
  expect(errorOf(thrownBy(() => range(form("a"), new Map())))).toBe(
    "internal: tilewright bug: variable a has no bounds in a",
  );
});

test("a property that a page gives to all objects is no variable", () => {
  const prototype = Object.prototype as { stranger?: number };
  prototype.stranger = 1; // enumerable, as some old libraries leave it
  try {
    const x = affine(1, { a: 2 });
    const at = new Map([["a", 3]]);
    expect(key(add(x, x))).toBe("4*a + 2");
    expect(key(scale(x, 3))).toBe("6*a + 3");
    expect(key(substitute(x, new Map([["a", affine(1, { b: 1 })]])))).toBe("2*b + 3");
    expect(key(restrict(x, () => true))).toBe("2*a");
    expect(valueAt(x, at)).toBe(7);
    expect(range(x, new Map([["a", { min: 0, max: 3 }]]))).toEqual({ min: 1, max: 7 });
  } finally {
    delete prototype.stranger;
  }
});

describe("what follows from conditions", () => {
  test("is drawn from integers: 3*p <= 2 leaves p = 0", () => {
    const bounds = new Map([
      ["p", { min: 0, max: 1 }],
      ["q", { min: 0, max: 0 }],
    ]);
    const known = affine(2, { p: -3, q: 2 });
    expect(holds(affine(1, { p: -3, q: 2 }), [known], bounds)).toBe(true);
    expect(holds(affine(-1, { p: -3, q: 2 }), [known], bounds)).toBe(false);
  });

  law("and never wrong", [affines, fc.array(affines, { maxLength: 3 }), boxes], (x, held, box) => {
    if (!holds(x, held, box)) return;
    const points = [...pointsOf(box)].filter((p) => held.every((known) => valueAt(known, p) >= 0));
    expect(points.filter((p) => valueAt(x, p) < 0)).toEqual([]);
  });
});
