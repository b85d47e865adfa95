/**
 * The messages of a farm: data, and no code. A job is a kernel, a target and the name of a point. The worker finds the
 * point in its own search space and compiles it itself. A message of another form or size counts as nothing.
 */
import * as v from "valibot";
import { TilewrightError } from "../ir/errors.js";
import { finite } from "../ir/ops/plainSpec.js";
import { VERSION } from "../ir/version.js";
import type { Level } from "../tune/levels.js";
import { checkedKernel, parseRecord, printRecord, type TuningRecord } from "../tune/record.js";
import { FIELDS, MAX_LINE } from "../tune/recordForm.js";
import type { ClassCandidate, DeviceClass } from "./names.js";

/** The name of a worker: drawn by lot when it starts, and known to nobody afterwards. */
const worker = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
/** The most workers that a job may leave out. */
const MAX_LEFT_OUT = 16;

/** A worker that is there. */
export interface Hello {
  readonly worker: string;
  readonly deviceClass: DeviceClass;
}

const HELLO_FORM = v.strictObject({
  format: v.literal("tilewright-hello"),
  compiler: v.literal(VERSION),
  worker,
  machine: FIELDS.machine,
  target: FIELDS.target,
});

/** A candidate to be measured. */
export interface FarmJob extends ClassCandidate {
  readonly level: Level;
  /** The gain to beat. A candidate that is surely below it is measured no further. */
  readonly atLeast: number;
  /** Workers that have measured it already: another one should. */
  readonly leftOut: readonly string[];
}

const JOB_FORM = v.strictObject({
  format: v.literal("tilewright-job"),
  compiler: v.literal(VERSION),
  machine: FIELDS.machine,
  target: FIELDS.target,
  spec: FIELDS.spec,
  wanted: FIELDS.wanted,
  algorithm: FIELDS.algorithm,
  knobs: FIELDS.knobs,
  effort: FIELDS.effort,
  atLeast: v.pipe(v.number(), v.minValue(0), v.maxValue(1e6)),
  leftOut: v.pipe(v.array(worker), v.maxLength(MAX_LEFT_OUT)),
});

/** A record, and who measured it. */
export interface Report {
  readonly worker: string;
  readonly record: TuningRecord;
}

const REPORT_FORM = v.strictObject({
  format: v.literal("tilewright-report"),
  worker,
  record: v.pipe(v.string(), v.maxLength(MAX_LINE)),
});

const [encoder, decoder] = [new TextEncoder(), new TextDecoder("utf-8", { fatal: true })];
const encode = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value, finite));

/** The most bytes of a message: a record in a report, with each quotation mark escaped. */
export const MAX_MESSAGE = 2 * MAX_LINE;

function read<Schema extends v.GenericSchema>(schema: Schema, data: Uint8Array): v.InferOutput<Schema> | undefined {
  if (data.length > MAX_MESSAGE) return undefined;
  try {
    const result = v.safeParse(schema, JSON.parse(decoder.decode(data)));
    return result.success ? result.output : undefined;
  } catch {
    return undefined; // no JSON, or no text
  }
}

export const encodeHello = ({ worker, deviceClass }: Hello): Uint8Array =>
  encode({ format: "tilewright-hello", compiler: VERSION, worker, ...deviceClass });

/** Undefined if these bytes are no greeting of a worker with this compiler. Any bytes are allowed. */
export function parseHello(data: Uint8Array): Hello | undefined {
  const hello = read(HELLO_FORM, data);
  if (!hello) return undefined;
  const { worker, machine, target } = hello;
  return { worker, deviceClass: { machine, target } as DeviceClass };
}

export function encodeJob({ deviceClass, kernel, point, level, atLeast, leftOut }: FarmJob): Uint8Array {
  const { spec, wanted } = kernel;
  const { algorithm, knobs } = point;
  const rest = { spec, wanted, algorithm, knobs, effort: level, atLeast, leftOut };
  return encode({ format: "tilewright-job", compiler: VERSION, ...deviceClass, ...rest });
}

/** Undefined if these bytes are no job for this compiler. Any bytes are allowed. */
export function parseJob(data: Uint8Array): FarmJob | undefined {
  const job = read(JOB_FORM, data);
  if (!job) return undefined;
  const { machine, target, algorithm, knobs, effort: level, atLeast, leftOut } = job;
  try {
    const deviceClass = { machine, target } as DeviceClass;
    const kernel = { ...checkedKernel(job.spec, job.wanted), target: deviceClass.target };
    return { deviceClass, kernel, point: { algorithm, knobs } as ClassCandidate["point"], level, atLeast, leftOut };
  } catch (error) {
    if (error instanceof TilewrightError) return undefined;
    throw error;
  }
}

export const encodeReport = ({ worker, record }: Report): Uint8Array =>
  encode({ format: "tilewright-report", worker, record: printRecord(record) });

/** Undefined if these bytes are no report with a record of this compiler. Any bytes are allowed. */
export function parseReport(data: Uint8Array): Report | undefined {
  const report = read(REPORT_FORM, data);
  const record = report && parseRecord(report.record);
  if (!report || !record || typeof record === "string" || record.compiler !== VERSION) return undefined;
  return { worker: report.worker, record };
}
