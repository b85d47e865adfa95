/** Records: what is written is read again, altered lines are left out, sets merge in any order, and no line reaches code. */
import fc from "fast-check";
import { compile, interpret, type OpSpec } from "tilewright";
import { afterAll, describe, expect, test } from "vitest";
import { type Features, targetOf } from "../../src/codegen/target.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { canonicalKey } from "../../src/ir/key.js";
import { finite } from "../../src/ir/ops/plainSpec.js";
import { checkSpec } from "../../src/ir/ops/spec.js";
import { elementCount } from "../../src/ir/program.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { tuningKey } from "../../src/runtime/keys.js";
import { useTuned } from "../../src/runtime/tuned.js";
import {
  idOf,
  type Measurement,
  makeRecord,
  parseRecord,
  printRecord,
  type TuningRecord,
} from "../../src/tune/record.js";
import { mergeRecords, printRecords, readRecords } from "../../src/tune/records.js";
import { pointKey } from "../../src/tune/selection.js";
import { type Candidate, chooseAlgorithm, findPoint, spaceOf } from "../support/algorithms.js";
import { HAS_TIME, PAIRS, SEED } from "../support/effort.js";
import { firstDifference, smallIntegers } from "../support/run.js";
import { FEATURES, measurements, recordWith, SPEC, WASM } from "../support/tuning.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const plainOf = (record: TuningRecord | Measurement) =>
  JSON.parse(JSON.stringify(record, finite)) as { [key: string]: Json };

/** A line whose id is right, whatever it holds. */
function lineOf(content: { readonly [key: string]: Json }): string {
  const { format = "tilewright-tuning", version = 1, id: _, ...rest } = content;
  return JSON.stringify({ format, version, id: idOf(rest), ...rest });
}

/** The record of a line that must be one. */
function recordOf(line: string): TuningRecord {
  const read = parseRecord(line);
  if (typeof read === "string") throw new Error(`${read}: ${line}`);
  return read;
}

/** The same data, its properties the other way round. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

describe("a record", () => {
  test("is read as it was made", () => {
    fc.assert(
      fc.property(measurements, (measurement) => {
        const record = makeRecord(measurement);
        expect(parseRecord(printRecord(record))).toEqual(record);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  test.each<[string, Partial<OpSpec>]>([
    ["a clip without a lower bound", { activation: { kind: "clip", min: Number.NEGATIVE_INFINITY, max: 6 } }],
    ["a clip without an upper bound", { activation: { kind: "clip", min: -1.5, max: Number.POSITIVE_INFINITY } }],
    ["leakyRelu", { activation: { kind: "leakyRelu", alpha: 0.1 } }],
    ["a bias", { bias: true }],
    ["a bias and tanh", { bias: true, activation: "tanh" }],
  ])("of %s is read as it was made, in one line", (_, change) => {
    const record = recordWith({ spec: checkSpec({ ...SPEC, ...change }) });
    const line = printRecord(record);
    expect(line).not.toContain("\n");
    expect(parseRecord(line)).toEqual(record);
  });

  test("has an id that the order of properties does not change", () => {
    fc.assert(
      fc.property(measurements, (measurement) => {
        const record = makeRecord(measurement);
        const other = recordOf(JSON.stringify(turned(plainOf(record))));
        expect(other).toEqual(record);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  test("that is read is printed as a line that is read as the same", () => {
    const strange: { readonly [key: string]: Json }[] = [
      { spec: { ...(plainOf(recordWith()).spec as { [key: string]: Json }), bias: false } },
      {
        spec: {
          ...(SPEC as unknown as { [key: string]: Json }),
          activation: { kind: "clip", min: 0, max: 1, more: 2 },
        },
      },
      { knobs: { row: "ox", constructor: 1 } },
      { knobs: [] },
    ];
    const lines = strange.map((change) => lineOf({ ...plainOf(recordWith()), ...change }));
    const {
      id: _,
      format,
      version,
      ...rest
    } = plainOf(recordWith({ spec: { ...SPEC, activation: { kind: "clip", min: 0, max: 1 } } }));
    const infinite = JSON.stringify({ format, version, id: "ID", ...rest }).replace('"max":1', '"max":1e999');
    lines.push(
      infinite.replace(
        "ID",
        idOf(JSON.parse(infinite.replace('"id":"ID",', "").replace(/"format":.*?"version":1,/, ""))),
      ),
    );
    for (const line of lines) {
      const read = parseRecord(line);
      if (typeof read !== "string") expect(parseRecord(printRecord(read)), line).toEqual(read);
    }
  });
});

describe("an altered line", () => {
  const LINES = [
    recordWith(),
    recordWith({
      spec: checkSpec({ ...SPEC, bias: true, activation: { kind: "clip", min: Number.NEGATIVE_INFINITY, max: 6 } }),
      wanted: { accuracy: "fast", algorithm: { kind: "winograd", tile: [4, 4] } },
      algorithm: { kind: "winograd", tile: [4, 4] },
    }),
    recordWith({ outcome: "crashed", samples: [], baseline: [], check: null, code: "", target: { language: "js" } }),
  ].map(printRecord);

  /** A fault, or what the line said before. */
  function expectUnchanged(altered: string, line: string): void {
    const read = parseRecord(altered);
    if (typeof read === "string") return;
    if (canonicalKey(plainOf(read)) !== canonicalKey(JSON.parse(line)))
      throw new Error(`another record under the old id: ${altered}`);
  }

  test("is a fault or says the same, whichever character was changed, left out or put in", () => {
    const characters = [..."09aA\"',:{}[]-+.eE \\\t\ud800_$\u0000"];
    for (const line of LINES)
      for (let i = 0; i < line.length; i++) {
        const [before, own, after] = [line.slice(0, i), line[i] as string, line.slice(i + 1)];
        expectUnchanged(before + after, line);
        expectUnchanged(before + own + own + after, line);
        for (let j = 0; j < 6; j++) {
          const other = characters[(i * 7 + j * 5) % characters.length] as string;
          expectUnchanged(before + other + after, line);
          expectUnchanged(before + other + own + after, line);
        }
        expectUnchanged(before + String.fromCharCode(own.charCodeAt(0) + 1) + after, line);
        expectUnchanged(before + String.fromCharCode(own.charCodeAt(0) ^ 32) + after, line);
      }
  });

  const OTHERS: readonly Json[] = [
    ...[null, true, false, 0, 1, 2, -1, 0.5, 1e308, 2 ** 53, "", "0", "a", "ox", "js", "direct", "relu", "Infinity"],
    ...[[], [1], [1, 1, 1, 1], {}, { kind: "direct" }, { a: 1 }],
  ];

  /** All copies with one value replaced, left out or added, at any depth. */
  function* changesOf(value: Json): Generator<Json> {
    yield* OTHERS;
    if (typeof value === "number") yield* [value + 1, -value, value * (1 + 2 ** -50), String(value)];
    if (typeof value === "string") yield* [`${value} `, value.toUpperCase(), value.slice(1), [value]];
    if (typeof value === "boolean") yield !value;
    if (Array.isArray(value)) {
      yield [...value, ...value];
      yield value.slice(1);
      for (const [i, inner] of value.entries()) for (const one of changesOf(inner)) yield value.with(i, one);
    } else if (typeof value === "object" && value !== null) {
      for (const key of ["more", "__proto__", "constructor", "prototype", "toString"]) {
        for (const more of [1, {}]) yield Object.fromEntries([...Object.entries(value), [key, more]]);
      }
      for (const key of Object.keys(value)) {
        yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
        for (const one of changesOf(value[key] as Json))
          yield Object.fromEntries(Object.entries(value).map(([other, old]) => [other, other === key ? one : old]));
      }
    }
  }

  test("is a fault or says the same, whichever field was changed, left out or put in", () => {
    for (const line of LINES)
      for (const change of changesOf(JSON.parse(line) as Json)) expectUnchanged(JSON.stringify(change), line);
  });

  test("is told by what is wrong with it", () => {
    const [line = ""] = LINES;
    expect(parseRecord(line.slice(0, -1))).toBe("no JSON, or half a line");
    expect(parseRecord("null")).toBe("no JSON, or half a line");
    expect(parseRecord(line.replace('"version":1', '"version":2'))).toBe("of another format or version");
    expect(parseRecord(line.replace("tilewright-tuning", "tuning"))).toBe("of another format or version");
    expect(parseRecord(line.replace('"pixels":4', '"pixels":4.5'))).toBe("not of the form of a record");
    expect(parseRecord(line.replace('"pixels":4', '"pixels":5'))).toBe("altered since it was written");
  });

  test("with a right id is a fault where it cannot have been measured", () => {
    const plain = plainOf(recordWith());
    for (const change of [
      { samples: [] },
      { samples: [], baseline: [] },
      { samples: [1, 2] },
      { samples: [0, 1, 1, 1, 1, 1] },
      { samples: [-1, 1, 1, 1, 1, 1] },
      { check: null },
      { check: { error: 1, tolerance: 0.5 } },
      { spec: { ...(plain.spec as { [key: string]: Json }), rate: 0 } },
      { spec: { ...(plain.spec as { [key: string]: Json }), value: [1, 8, 8, 7] } },
      { wanted: { accuracy: "exact", algorithm: "winograd" } },
      { wanted: { accuracy: "exact", algorithm: "fastest" } },
      { target: { language: "wasm" } },
      { target: { language: "js", simd: "relaxed" } },
      { date: "yesterday" },
      { machine: { engine: "", processor: "", threads: 0 } },
    ] as { [key: string]: Json }[])
      expect(parseRecord(lineOf({ ...plain, ...change })), JSON.stringify(change)).toBe("not of the form of a record");
    expect(parseRecord(lineOf(plain))).toEqual(recordWith());
  });
});

describe("merging", () => {
  const pool = fc.array(measurements, { minLength: 1, maxLength: 8 });
  const drawn = fc.array(fc.nat(), { maxLength: 12 });
  const sets = fc.tuple(pool, drawn, drawn, drawn).map(([all, ...choices]) => {
    const records = all.map(makeRecord);
    return choices.map((some) => some.map((i) => records[i % records.length] as TuningRecord));
  });
  const law = (check: (a: TuningRecord[], b: TuningRecord[], c: TuningRecord[]) => void) =>
    fc.assert(
      fc.property(sets, ([a = [], b = [], c = []]) => {
        check(a, b, c);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  const printed = (...given: readonly TuningRecord[][]) => printRecords(mergeRecords(...given));

  test("is commutative", () => law((a, b) => expect(printed(a, b)).toBe(printed(b, a))));

  test("is associative", () =>
    law((a, b, c) => {
      expect(printed(mergeRecords(a, b), c)).toBe(printed(a, mergeRecords(b, c)));
      expect(printed(a, b, c)).toBe(printed(mergeRecords(a, b), c));
    }));

  test("is idempotent", () =>
    law((a) => {
      expect(printed(a, a)).toBe(printed(a));
      expect(printed(mergeRecords(a))).toBe(printed(a));
    }));

  test("has an identity", () =>
    law((a) => {
      expect(printed(a, [])).toBe(printed(a));
      expect(printed([], a)).toBe(printed(a));
    }));

  test("loses nothing and adds nothing", () =>
    law((a, b) => {
      const ids = new Set([...a, ...b].map(({ id }) => id));
      const merged = mergeRecords(a, b);
      expect(merged.length).toBe(ids.size);
      expect(new Set(merged.map(({ id }) => id))).toEqual(ids);
      const dates = merged.map(({ date }) => date);
      expect(dates).toEqual([...dates].sort());
    }));

  test("does not depend on the order of a file, nor on how often a line is in it", () =>
    law((a, b) => {
      const lines = [...a, ...b].map(printRecord);
      const merged = (some: readonly string[]) => printRecords(mergeRecords(readRecords(some.join("\n")).records));
      expect(merged([...lines].reverse())).toBe(merged(lines));
      expect(merged([...lines, ...lines])).toBe(merged(lines));
    }));

  test("gives the same bytes, whoever wrote a record, and in whatever order its properties are", () =>
    law((a) => {
      const read = a.map((record) => recordOf(printRecord(record)));
      const other = a.map((record) => recordOf(JSON.stringify(turned(plainOf(record)))));
      expect(printed(a, read)).toBe(printed(read, a));
      expect(printed(a, other)).toBe(printed(other, a));
      expect(printed(read, other)).toBe(printed(other, read));
    }));

  test("leaves a file as it is that was written by merging", () =>
    law((a, b) => {
      const file = printed(a, b);
      expect(printRecords(mergeRecords(readRecords(file).records))).toBe(file);
    }));
});

const CODE = [
  `\${process.exit()}`,
  '"); process.exit(1); ("',
  "`;process.exit(1)//",
  "</script><script>throw 1</script>",
  "*/process.exit(1)/*",
  "require('child_process').execSync('false')",
  "\u2028throw 1",
  "constructor.constructor('throw 1')()",
];
const WORDS = [
  "NaN",
  "Infinity",
  "-Infinity",
  "undefined",
  "null",
  "1e3",
  "0x10",
  "١",
  " 1",
  "true",
  "\ud800",
  "\udfff\ud83d",
];
const NUMBERS = [1e308, -1e308, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), -0, 0, 1e-320, 4097, 2 ** 31, 2 ** 32, 0.1, -1];
const KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];

const poison: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(...CODE, ...WORDS, ...NUMBERS, null, true, [], {}),
  fc.constantFrom(...KEYS).map((key): Json => Object.fromEntries([[key, { polluted: true }]])),
  fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json),
  fc.nat(3000).map((count): Json => new Array<Json>(count).fill(1)),
);

/** All places in a value, as ways from the root. */
function waysInto(value: Json): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, inner]) => waysInto(inner).map((way) => [key, ...way]))];
}

/** With another value there; of the same prototype, whatever the key. */
function replaced(value: Json, way: readonly string[], by: Json): Json {
  const [first, ...others] = way;
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((inner, i) => (String(i) === first ? replaced(inner, others, by) : inner));
  const entries = Object.entries(value as { [key: string]: Json });
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === first ? replaced(inner, others, by) : inner]));
}

/** With one more property there, if it is an object. */
function grown(value: Json, way: readonly string[], key: string, more: Json): Json {
  const at = way.reduce<Json>((inner, step) => (inner as { [key: string]: Json })[step] as Json, value);
  if (typeof at !== "object" || at === null || Array.isArray(at)) return replaced(value, way, more);
  return replaced(value, way, Object.fromEntries([...Object.entries(at), [key, more]]));
}

const GOOD = [
  recordWith(),
  recordWith({ date: "2026-01-02T03:04:06.678Z", target: { language: "wgsl", storage: "f16" } }),
  recordWith({
    spec: checkSpec({ ...SPEC, bias: true, activation: { kind: "clip", min: Number.NEGATIVE_INFINITY, max: 6 } }),
    wanted: { accuracy: "fast", algorithm: { kind: "winograd", tile: [4, 4] } },
    algorithm: { kind: "winograd", tile: [4, 4] },
  }),
];

/** A few brackets in the place of a spec's op. `deep`: how many. */
const nested = (deep: number, open: string, close: string) =>
  printRecord(GOOD[0] as TuningRecord).replace('"conv2d"', `${open.repeat(deep)}1${close.repeat(deep)}`);

const base = fc.constantFrom(...GOOD).map(plainOf);
/** With an id that is right, if it is still an object. */
const sealed = (value: Json) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? lineOf(value) : JSON.stringify(value);

const altered = fc
  .tuple(base, fc.nat(), poison, fc.option(fc.constantFrom("more", ...KEYS)), fc.boolean())
  .map(([plain, at, by, key, isSealed]) => {
    const ways = waysInto(plain);
    const way = ways[at % ways.length] as string[];
    const value = key === null ? replaced(plain, way, by) : grown(plain, way, key, by);
    return isSealed ? sealed(value) : JSON.stringify(value);
  });

const hostile: fc.Arbitrary<string> = fc.oneof(
  { weight: 1000, arbitrary: altered },
  { weight: 100, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  { weight: 100, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1")) },
  { weight: 100, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("utf8")) },
  { weight: 100, arbitrary: fc.json({ maxDepth: 5 }) },
  { weight: 50, arbitrary: fc.constantFrom("", " ", "\t", "\r", "\ufeff", "\u00a0", "{}", "[]", "null", "0", '""') },
  { weight: 50, arbitrary: fc.constantFrom(...CODE, ...WORDS, ...NUMBERS.map(String)) },
  {
    weight: 100, // the same property twice, with what comes later in force
    arbitrary: fc.tuple(base, poison, fc.nat()).map(([plain, by, at]) => {
      const key = Object.keys(plain)[at % Object.keys(plain).length] as string;
      return `{${JSON.stringify(key)}:${JSON.stringify(by)},${JSON.stringify(plain).slice(1)}`;
    }),
  },
  {
    weight: 50,
    arbitrary: fc
      .tuple(base, fc.constantFrom<Json>(0, 2, "1", null, [1]), fc.boolean())
      .map(([plain, by, isFormat]) => lineOf({ ...plain, [isFormat ? "format" : "version"]: by })),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom("x".repeat(100_000), `"${"y".repeat(100_000)}"`, `{"format":"${"z".repeat(100_000)}"}`),
  },
  {
    weight: 4,
    arbitrary: fc
      .nat(60_000)
      .map((length) => lineOf({ ...plainOf(GOOD[0] as TuningRecord), compiler: "v".repeat(length) })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 31_000 }), fc.constantFrom<[string, string]>(["[", "]"], ['{"a":', "}"]))
      .map(([deep, [open, close]]) => nested(Math.floor(deep / open.length), open, close)),
  },
);

/** Of a line that makes reading throw; it then counts as unreadable here too. */
function thrownBy(line: string): unknown {
  try {
    parseRecord(line);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("10,000 hostile lines", () => {
  const torn = GOOD.map(printRecord).flatMap((line) => Array.from(line, (_, i) => line.slice(0, i)));
  const drawn = fc.sample(hostile, { seed: SEED, numRuns: 10_000 - torn.length - 2 * GOOD.length });
  const good = GOOD.map(printRecord);
  const all = [...drawn, ...torn];
  // Good lines between them, some with the line ends of other systems.
  for (const [i, line] of good.entries()) {
    all.splice((i + 1) * 1000, 0, line);
    all.push(`${line}\r`);
  }
  const before = [Object.prototype, Array.prototype, Function.prototype].map(Reflect.ownKeys);
  const lines = all.join("\n").split("\n");

  test("are at least so many", () => expect(lines.length).toBeGreaterThanOrEqual(10_000));

  test("make no line throw", () => {
    const thrown = lines.flatMap((line) => {
      const error = thrownBy(line);
      return error === undefined ? [] : [`seed ${SEED}: ${String(error)}: ${line.slice(0, 300)} (${line.length})`];
    });
    expect(thrown.slice(0, 3)).toEqual([]);
  });

  test("are each counted once, and leave what is good", () => {
    const text = lines.filter((line) => thrownBy(line) === undefined);
    const { records, faults } = readRecords(text.join("\n"));
    const some = text.filter((line) => line.trim() !== "");
    const ids = some.map(parseRecord).flatMap((read) => (typeof read === "string" ? [] : read.id));
    const faulty = [...faults.values()].reduce((sum, count) => sum + count, 0);
    const duplicates = ids.length - new Set(ids).size;
    expect(records.length + faulty, `seed ${SEED}`).toBe(some.length - duplicates);
    expect(new Set(records.map(({ id }) => id))).toEqual(new Set(ids));
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const record of GOOD) expect(byId.get(record.id)).toEqual(record);
    expect(faulty, `seed ${SEED}`).toBeGreaterThan(7000);
    // Files of other systems hold the same.
    expect(readRecords(some.join("\r\n")).records).toEqual(records);
  });

  test("change no prototype", () => {
    expect([Object.prototype, Array.prototype, Function.prototype].map(Reflect.ownKeys)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test.each([
  ["arrays", "[", "]"],
  ["objects", '{"a":', "}"],
])("a line of %s in each other is a fault, however many", (_, open, close) => {
  for (const deep of [10, 1000, 5000, 10_000, 32_000, 100_000]) {
    for (const line of [nested(deep, open, close), open.repeat(deep), `${open.repeat(deep)}1${close.repeat(deep)}`])
      expect(typeof parseRecord(line), `${deep} deep`).toBe("string");
  }
});

describe("a record with a right id that names no schedule", () => {
  const spec = checkSpec({ ...SPEC, value: [1, 3, 4, 4], filters: [2, 2, 4, 5], bias: true });

  /** Names that are like those of a point, and others. */
  function namesNear({ algorithm, knobs }: Candidate): { readonly [key: string]: Json }[] {
    const bad: Json[] = [...CODE, ...WORDS, 0, -1, 3, 7, 4096, 2 ** 53 - 1, -(2 ** 53) + 1, true, false, ""];
    const known = plainOf({ algorithm, knobs } as Measurement) as { algorithm: Json; knobs: { [key: string]: Json } };
    const strange = (own: Json): { readonly [key: string]: Json }[] => [
      ...Object.keys(known.knobs).flatMap((key) => bad.map((value) => ({ ...known.knobs, [key]: value }))),
      ...Object.keys(known.knobs).map((key) => ({ ...known.knobs, [key]: String(known.knobs[key]) })),
      ...Object.keys(known.knobs).map((key) =>
        Object.fromEntries(Object.entries(known.knobs).filter(([other]) => other !== key)),
      ),
      { ...known.knobs, constructor: 1 },
      { ...known.knobs, toString: "x" },
      {},
      ...(own === null ? [] : [own as { [key: string]: Json }]),
    ];
    const algorithms: Json[] = [
      { kind: "direct", parts: 1 },
      { kind: "direct", parts: 3 },
      { kind: "direct", parts: 4096 },
      { kind: "winograd", tile: [2, 2] },
      { kind: "winograd", tile: [7, 7] },
      { kind: "winograd", tile: [4096, 4096] },
    ];
    return [
      ...strange(null).map((some) => ({ algorithm: known.algorithm, knobs: some })),
      ...algorithms.map((other) => ({ algorithm: other, knobs: known.knobs })),
    ];
  }

  const WANTED: readonly Measurement["wanted"][] = [
    { accuracy: "exact", algorithm: "auto" },
    { accuracy: "fast", algorithm: "auto" },
    { accuracy: "fast", algorithm: { kind: "winograd", tile: [4096, 4096] } },
    { accuracy: "fast", algorithm: { kind: "winograd", tile: [2 ** 53 - 1, 1] } },
    { accuracy: "exact", algorithm: { kind: "direct", parts: 3 } },
    { accuracy: "exact", algorithm: { kind: "direct", parts: 4096 } },
    { accuracy: "exact", algorithm: { kind: "direct", parts: 2 ** 53 - 1 } },
  ];
  const LANGUAGES = FEATURES.filter(
    (one) => one.language !== "wasm" || (one.simd !== "simd128" && !one.hoistsLoads && !one.pairs),
  );

  for (const features of LANGUAGES)
    test(`reaches no code for ${JSON.stringify(features)}`, () => {
      const target = targetOf(features);
      /** By what is wanted, the points of the space by name. */
      const spaces = new Map<string, Map<string, Candidate>>();
      let read = 0;
      for (const wanted of WANTED) {
        const [some] = spaceOf(spec, target, { accuracy: "exact", algorithm: "auto" });
        for (const [i, name] of namesNear(some as Candidate).entries()) {
          // All of the strange algorithms, and some of the strange knobs.
          if (canonicalKey(name.algorithm) === canonicalKey(some?.algorithm) && i % 16 >= (HAS_TIME ? 8 : 2)) continue;
          const line = lineOf({ ...plainOf(recordWith({ spec, wanted, target: features })), ...name });
          const record = parseRecord(line);
          if (typeof record === "string") continue;
          read++;
          const point = findPoint(record.spec, target, record.wanted, record);
          if (!point) continue;
          const key = JSON.stringify(wanted);
          const space =
            spaces.get(key) ?? new Map(Array.from(spaceOf(spec, target, wanted), (one) => [pointKey(one), one]));
          spaces.set(key, space);
          const known = space.get(pointKey(point));
          expect(known?.algorithm).toEqual(point.algorithm);
          expect(known?.plan().schedule).toEqual(point.plan().schedule);
        }
      }
      expect(read).toBeGreaterThan(100);
    });

  for (const features of LANGUAGES)
    test(`has no point where the compiler refuses the algorithm, for ${JSON.stringify(features)}`, () => {
      const target = targetOf(features);
      const refused = WANTED.filter((wanted) => {
        try {
          chooseAlgorithm(spec, target, wanted);
          return false;
        } catch (error) {
          return error instanceof TilewrightError;
        }
      });
      expect(refused.length).toBeGreaterThan(1);
      for (const wanted of refused) {
        const [first] = spaceOf(spec, target, wanted);
        expect(first, JSON.stringify(wanted)).toBeUndefined();
      }
    });

  const HERE: Features = { ...(WASM as Extract<Features, { language: "wasm" }>), ...wasmFeatures() };

  test.each([
    ["js", { language: "js" } as Features],
    ["wasm", HERE],
  ] as const)("leaves a %s kernel as it is", async (language, features) => {
    const target = targetOf(features);
    const wanted = { accuracy: "exact", algorithm: "auto" } as const;
    const [value, filters, bias] = [
      smallIntegers(elementCount(spec.value), 1),
      smallIntegers(elementCount(spec.filters), 2),
      smallIntegers(5, 3),
    ];
    const expected = [...interpret(spec, value, filters, bias)];
    const scheduleOf = async () => {
      const kernel = await compile(spec, { target: language });
      expect(firstDifference([...kernel.runSync(value, kernel.prepare(filters, bias))], expected)).toBeUndefined();
      const { schedule } = kernel;
      kernel.dispose();
      return schedule;
    };
    const untuned = await scheduleOf();
    const key = tuningKey(spec, wanted, features);
    const points = [...spaceOf(spec, target, wanted)];
    const names = namesNear(points[0] as Candidate);
    for (const name of names.filter((_, i) => i % 7 === 0 || i > names.length - 14)) {
      const record = parseRecord(lineOf({ ...plainOf(recordWith({ spec, wanted, target: features })), ...name }));
      if (typeof record === "string" || findPoint(spec, target, wanted, record)) continue;
      useTuned([[key, record]]);
      expect(await scheduleOf()).toBe(untuned);
    }
    // One that names a schedule does change it, or all of this says nothing.
    const other = points[Math.floor(points.length / 2)] as Candidate;
    useTuned([[key, { algorithm: other.algorithm, knobs: other.knobs }]]);
    expect(await scheduleOf()).not.toBe(untuned);
  });
});

afterAll(() => {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
