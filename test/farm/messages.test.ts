/** What a farm sends comes as it went, and whatever else comes is nothing: no bytes throw, and none are believed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeHello,
  encodeJob,
  encodeReport,
  type FarmJob,
  MAX_MESSAGE,
  parseHello,
  parseJob,
  parseReport,
} from "../../src/farm/messages.js";
import { jobSubject } from "../../src/farm/names.js";
import { VERSION } from "../../src/ir/version.js";
import { makeRecord, parseRecord } from "../../src/tune/record.js";
import { PAIRS, SEED } from "../support/effort.js";
import { CLASS } from "../support/farm.js";
import { measurements, recordWith } from "../support/tuning.js";

const WORKER = "0123456789abcdef";
const { spec, wanted, target, algorithm, knobs } = recordWith();
const JOB: FarmJob = {
  ...{ deviceClass: CLASS, kernel: { spec, wanted, target }, point: { algorithm, knobs } },
  ...{ level: "quick", atLeast: 1.02, leftOut: [WORKER] },
};
const PARSERS = { hello: parseHello, job: parseJob, report: parseReport };
const SENT = {
  hello: encodeHello({ worker: WORKER, deviceClass: CLASS }),
  job: encodeJob(JOB),
  report: encodeReport({ worker: WORKER, record: recordWith() }),
};
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const objectIn = (data: Uint8Array) => JSON.parse(new TextDecoder().decode(data)) as Record<string, unknown>;

describe("what a farm sends", () => {
  test("comes as it went", () => {
    expect(parseHello(SENT.hello)).toEqual({ worker: WORKER, deviceClass: CLASS });
    expect(parseJob(SENT.job)).toEqual(JOB);
    expect(parseReport(SENT.report)).toEqual({ worker: WORKER, record: recordWith() });
  });

  test(`keeps any record of this compiler (seed ${SEED})`, () => {
    fc.assert(
      fc.property(measurements, (measurement) => {
        const record = makeRecord({ ...measurement, compiler: VERSION });
        const isRecord = typeof parseRecord(JSON.stringify(record)) !== "string";
        const report = parseReport(encodeReport({ worker: WORKER, record }));
        if (isRecord) expect(report?.record.id).toBe(record.id);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  test("has a subject that the server takes as it is, whatever the names of knobs", () => {
    const point = { algorithm, knobs: { row: "a.b > *", " ": "x".repeat(200) } };
    expect(jobSubject({ ...JOB, point }, 0)).toMatch(/^tilewright\.job\.[0-9a-f]{24}\.[0-9a-f]{24}\.[0-9a-f]{24}\.0$/);
  });
});

describe.each(Object.entries(PARSERS))("a %s", (kind, parse) => {
  const sent = SENT[kind as keyof typeof SENT];

  test(`is nothing where it is any other bytes (seed ${SEED})`, () => {
    const anything = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(anything, (data) => {
        expect(parse(data)).toBeUndefined();
      }),
      { seed: SEED, numRuns: 3 * PAIRS },
    );
  });

  test(`with a byte changed is itself, or nothing (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.nat(sent.length - 1), fc.nat(255), (place, byte) => {
        const changed = sent.with(place, byte);
        expect(() => parse(changed)).not.toThrow();
      }),
      { seed: SEED, numRuns: 3 * PAIRS },
    );
  });

  test.each(Object.keys(objectIn(sent)))("without its %s is nothing", (name) => {
    const { [name]: _, ...rest } = objectIn(sent);
    expect(parse(bytes(rest))).toBeUndefined();
  });

  test.each([
    ["more beside it", { more: 1 }],
    [
      "another compiler",
      kind === "report" ? { record: JSON.stringify(recordWith({ compiler: "0" })) } : { compiler: "0" },
    ],
    ["__proto__", JSON.parse('{"__proto__":{"polluted":1},"constructor":{}}')],
    ["more bytes than a message has", { more: "x".repeat(MAX_MESSAGE) }],
  ])("with %s is nothing", (_, change) => {
    expect(parse(bytes({ ...objectIn(sent), ...(change as object) }))).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe("a job from a stranger", () => {
  test.each([
    ["a spec that is none", { spec: { op: "conv2d" } }],
    ["a spec with sizes that no call has", { spec: { ...spec, value: [1, -8, 8, 8] } }],
    ["a wish that is none", { wanted: { accuracy: "wrong", algorithm: "auto" } }],
    ["a gain that is no number", { atLeast: "NaN" }],
    ["a knob that is code", { knobs: { row: { toString: "alert()" } } }],
    ["a hundred workers left out", { leftOut: new Array(100).fill(WORKER) }],
  ])("with %s is nothing", (_, change) => {
    expect(parseJob(bytes({ ...objectIn(SENT.job), ...change }))).toBeUndefined();
  });
});

describe("a report of a record that was altered", () => {
  test("is nothing", () => {
    const line = String(objectIn(SENT.report).record).replace('"pixels":4', '"pixels":5');
    expect(parseReport(bytes({ ...objectIn(SENT.report), record: line }))).toBeUndefined();
  });
});
