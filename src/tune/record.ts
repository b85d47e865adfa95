/**
 * Records of tuning: one schedule of one kernel on one machine, as a line of JSON. A record needs no context.
 *
 * Records may come from strangers. So they must be data of a known form and size, and nothing in them reaches code (see
 * `pointNamed`).
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { safeParse } from "valibot";
import type { PointName } from "../codegen/search/space.js";
import type { Features } from "../codegen/target.js";
import { TilewrightError } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import { finite, specOfPlain } from "../ir/ops/plainSpec.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkWanted, type Wanted } from "../ir/rewrites/wanted.js";
import { checkAnySpec } from "../specs/anySpec.js";
import type { Level } from "./levels.js";
import { MAX_LINE, RECORD } from "./recordForm.js";

/** The machine that measured. */
export interface Machine {
  /** The engine and its version, such as "V8 13.6". */
  readonly engine: string;
  /** The name of the processor, or of the GPU. A browser knows at most that it is a "phone"; else it is empty. */
  readonly processor: string;
  /** The number of threads that shared a call. */
  readonly threads: number;
}

/** The outcome of a trial of a schedule. */
export type Outcome =
  | "measured"
  | "wrong" // the result differs from the definition's
  | "crashed" // the kernel threw, or ended its process
  | "hung" // the kernel took many times as long as the model's pick
  | "refused"; // the compiler refused the schedule

/** A record of one trial. */
export interface TuningRecord extends PointName {
  readonly format: "tilewright-tuning";
  readonly version: 1;
  /** The hash of all other fields. */
  readonly id: string;
  /** The version of the compiler. */
  readonly compiler: string;
  readonly spec: Spec;
  /** The caller's wishes, which decide the algorithms to choose from. */
  readonly wanted: Required<Wanted>;
  readonly target: Features;
  readonly machine: Machine;
  /** The hash of the code, which is equal for schedules that make the same code; empty if there is no code. */
  readonly code: string;
  readonly effort: Level;
  readonly outcome: Outcome;
  /** Milliseconds of one call of this schedule, a number for each round, from 1e-9 to 1e9. */
  readonly samples: readonly number[];
  /** Milliseconds of one call of the model's pick, in the same rounds. */
  readonly baseline: readonly number[];
  /** The largest error of the result, and the largest that passes; null if there was no result. */
  readonly check: { readonly error: number; readonly tolerance: number } | null;
  /** The time of the record, in ISO 8601. */
  readonly date: string;
}

export type Measurement = Omit<TuningRecord, "format" | "version" | "id">;

/** The reason why a line is skipped. */
export type Fault =
  | "no JSON, or half a line"
  | "of another format or version"
  | "not of the form of a record"
  | "altered since it was written";

/** The record of a line, or the fault of the line. Any text is allowed: it never throws. */
export function parseRecord(line: string): TuningRecord | Fault {
  const value = line.length <= MAX_LINE ? parse(line) : undefined;
  if (typeof value !== "object" || value === null) return "no JSON, or half a line";
  const { format, version, id, ...rest } = value as Readonly<Record<string, unknown>>;
  if (format !== "tilewright-tuning" || version !== 1) return "of another format or version";
  const read = safeParse(RECORD, value);
  if (!read.success) return "not of the form of a record";
  // The hash is of the line's own data, not of the schema's output, so any alteration shows.
  if (id !== idOf(rest)) return "altered since it was written";
  const { spec, wanted, ...plain } = read.output;
  try {
    const record = { ...plain, ...checkedKernel(spec, wanted) } as TuningRecord;
    const { format, version, id, ...made } = record;
    const isCanonical = id === idOf(JSON.parse(JSON.stringify(made, finite)));
    return isWhole(read.output) && isCanonical ? record : "not of the form of a record";
  } catch (thrown) {
    if (thrown instanceof TilewrightError) return "not of the form of a record";
    throw thrown;
  }
}

/** A kernel, checked beyond its form. Throws what `checkAnySpec` and `checkWanted` throw. */
export const checkedKernel = (spec: Readonly<Record<string, unknown>>, wanted: Parameters<typeof checkWanted>[0]) => ({
  spec: checkAnySpec(specOfPlain(spec)),
  wanted: checkWanted(wanted),
});

/** True if samples are in pairs, and a measured record has samples and a check that passed. */
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

/** The record as a line of JSON, without the line's end. */
export const printRecord = (record: TuningRecord): string => canonicalKey(JSON.parse(JSON.stringify(record, finite)));

export const idOf = (content: unknown): string => bytesToHex(sha256(utf8ToBytes(canonicalKey(content))));
