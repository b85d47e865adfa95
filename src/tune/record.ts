/**
 * Records: what came of measuring one schedule of one kernel on one machine, as a line of JSON that stands for itself. Lines are
 * taken from strangers: data of a known form and size, and nothing of it reaches code (see `pointNamed`).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import * as v from "valibot";
import type { PointName } from "../codegen/search/space.js";
import type { Features } from "../codegen/target.js";
import { TilewrightError } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import { finite, specOfPlain } from "../ir/ops/plainSpec.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import { checkWanted, type Wanted } from "../runtime/wanted.js";
import type { Level } from "./levels.js";

/** What measured. */
export interface Machine {
  /** Such as `V8 13.6`. */
  readonly engine: string;
  /** The processor, or the GPU; empty where nobody tells, as in browsers. */
  readonly processor: string;
  /** Threads that shared a call. */
  readonly threads: number;
}

export type Outcome =
  | "measured"
  | "wrong" // its result is not the definition's
  | "crashed" // it threw, or took the process with it
  | "hung" // it did not come to an end in many times what the model's pick takes
  | "refused"; // the compiler did

export interface TuningRecord extends PointName {
  readonly format: "tilewright-tuning";
  readonly version: 1;
  /** Hash of all the rest. */
  readonly id: string;
  /** Version of the compiler. */
  readonly compiler: string;
  readonly spec: OpSpec;
  /** What there was to choose from. */
  readonly wanted: Required<Wanted>;
  readonly target: Features;
  readonly machine: Machine;
  /** Hash of the code, which tells schedules apart that come to the same; empty where there is none. */
  readonly code: string;
  readonly effort: Level;
  readonly outcome: Outcome;
  /** Milliseconds of a call, of this schedule and of the model's pick, which took turns: a number for each round. */
  readonly samples: readonly number[];
  readonly baseline: readonly number[];
  /** How far its result was from the right one, and how far it may be; null where there was none. */
  readonly check: { readonly error: number; readonly tolerance: number } | null;
  /** ISO 8601. */
  readonly date: string;
}

export type Measurement = Omit<TuningRecord, "format" | "version" | "id">;

/** Of a line, in characters. */
const MAX_LINE = 65_536;
const MAX_SAMPLES = 1000;
const MAX_KNOBS = 24;
const MAX_TEXT = 200;

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(4096));
const milliseconds = v.pipe(v.number(), v.finite(), v.gtValue(0));
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
  }),
  v.strictObject({ language: v.literal("wgsl"), storage: v.picklist(["f32", "f16"]) }),
]);

const scalar = v.union([v.boolean(), v.pipe(v.number(), v.finite()), text]);
const shape = v.pipe(v.array(v.number()), v.maxLength(4));

const RECORD = v.strictObject({
  format: v.literal("tilewright-tuning"),
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  compiler: text,
  spec: v.record(v.string(), v.union([scalar, shape, v.record(v.string(), scalar)])),
  wanted: v.strictObject({ accuracy: text, algorithm: v.union([text, algorithm]) }),
  target,
  machine: v.strictObject({ engine: text, processor: text, threads: size }),
  algorithm,
  knobs,
  code: v.pipe(v.string(), v.regex(/^([0-9a-f]{64})?$/)),
  effort: v.picklist(["quick", "balanced", "exhaustive"]),
  outcome: v.picklist(["measured", "wrong", "crashed", "hung", "refused"]),
  samples: rounds,
  baseline: rounds,
  check: v.nullable(v.strictObject({ error, tolerance: error })),
  date: v.pipe(v.string(), v.isoTimestamp()),
});

/** Why a line is left out. */
export type Fault =
  | "no JSON, or half a line"
  | "of another format or version"
  | "not of the form of a record"
  | "altered since it was written";

/** The record of a line, or what is wrong with it. Takes anything and never throws. */
export function parseRecord(line: string): TuningRecord | Fault {
  const value = line.length <= MAX_LINE ? parse(line) : undefined;
  if (typeof value !== "object" || value === null) return "no JSON, or half a line";
  const { format, version, id, ...rest } = value as Readonly<Record<string, unknown>>;
  if (format !== "tilewright-tuning" || version !== 1) return "of another format or version";
  const read = v.safeParse(RECORD, value);
  if (!read.success) return "not of the form of a record";
  // Of what was read, not of what the schema made of it: an altered line is altered wherever it was.
  if (id !== idOf(rest)) return "altered since it was written";
  const { spec, wanted, ...plain } = read.output;
  try {
    const checked = { spec: checkSpec(specOfPlain(spec)), wanted: checkWanted(wanted) };
    const record = { ...plain, ...checked } as TuningRecord;
    const { format, version, id, ...made } = record;
    const isCanonical = id === idOf(JSON.parse(JSON.stringify(made, finite)));
    return isWhole(read.output) && isCanonical ? record : "not of the form of a record";
  } catch (thrown) {
    if (thrown instanceof TilewrightError) return "not of the form of a record";
    throw thrown;
  }
}

/** What was measured has samples in pairs, and a check that it passed. */
function isWhole({
  outcome,
  samples,
  baseline,
  check,
}: Pick<TuningRecord, "outcome" | "samples" | "baseline" | "check">) {
  if (samples.length !== baseline.length) return false;
  return outcome !== "measured" || (samples.length > 0 && check !== null && check.error <= check.tolerance);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function makeRecord(measurement: Measurement): TuningRecord {
  const plain: unknown = JSON.parse(JSON.stringify(measurement, finite));
  return { format: "tilewright-tuning", version: 1, id: idOf(plain), ...measurement };
}

/** Without a line's end. */
export const printRecord = (record: TuningRecord): string => canonicalKey(JSON.parse(JSON.stringify(record, finite)));

export const idOf = (content: unknown): string => bytesToHex(sha256(utf8ToBytes(canonicalKey(content))));
