/**
 * The form of records: schemas of what strangers may send, with bounds for each part. They stand apart from
 * `record.ts`, whose types callers see, as the types of schemas are those of a package that callers need not have.
 */
import * as v from "valibot";

/** The most characters of a line. */
export const MAX_LINE = 65_536;
const MAX_SAMPLES = 1000;
const MAX_KNOBS = 24;
const MAX_TEXT = 200;

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(4096));
/** No call takes less or more. So no quotient of two samples is 0 or infinite. */
const milliseconds = v.pipe(v.number(), v.minValue(1e-9), v.maxValue(1e9));
const rounds = v.pipe(v.array(milliseconds), v.maxLength(MAX_SAMPLES));
const error = v.pipe(v.number(), v.finite(), v.minValue(0));
const knob = v.union([v.boolean(), v.pipe(v.number(), v.safeInteger()), text]);
const knobs = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[a-z][A-Za-z]{0,30}$/)), knob),
  v.check((all) => Object.keys(all).length <= MAX_KNOBS),
);
const algorithm = v.variant("kind", [
  v.strictObject({ kind: v.literal("direct"), parts: v.optional(size) }),
  v.strictObject({ kind: v.literal("winograd"), tile: v.strictTuple([size, size]) }),
]);
const target = v.variant("language", [
  v.strictObject({ language: v.literal("js") }),
  v.strictObject({
    language: v.literal("wasm"),
    simd: v.picklist(["none", "simd128", "relaxed"]),
    hoistsLoads: v.boolean(),
    pairs: v.boolean(),
    threads: v.boolean(),
    registers: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(64))),
    slowSplats: v.optional(v.literal(true)),
    storage: v.optional(v.literal("f16")),
  }),
  v.strictObject({ language: v.literal("wgsl"), storage: v.picklist(["f32", "f16"]) }),
]);

const scalar = v.union([v.boolean(), v.pipe(v.number(), v.finite()), text]);
const shape = v.pipe(v.array(v.number()), v.maxLength(64));
const words = v.pipe(v.array(text), v.maxLength(64));
const formula = v.pipe(v.string(), v.maxLength(MAX_LINE));

/** Schemas of data from strangers, by the names that records have for it. */
export const FIELDS = {
  compiler: text,
  spec: v.record(v.string(), v.union([scalar, formula, shape, words, v.record(v.string(), v.union([scalar, shape]))])),
  wanted: v.strictObject({ accuracy: text, algorithm: v.union([text, algorithm]) }),
  target,
  machine: v.strictObject({ engine: text, processor: text, threads: size }),
  algorithm,
  knobs,
  effort: v.picklist(["quick", "balanced", "exhaustive"]),
};

/** A record as it is read; `record.ts` says what its fields mean. */
export const RECORD = v.strictObject({
  ...FIELDS,
  format: v.literal("tilewright-tuning"),
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  code: v.pipe(v.string(), v.regex(/^([0-9a-f]{64})?$/)),
  outcome: v.picklist(["measured", "wrong", "crashed", "hung", "refused"]),
  samples: rounds,
  baseline: rounds,
  check: v.nullable(v.strictObject({ error, tolerance: error })),
  date: v.pipe(v.string(), v.isoTimestamp()),
});
