/** Recording: what an app asks `compile` for, as a file of which `tilewright build` makes kernels. */
import { finite } from "../ir/ops/plainSpec.js";
import type { OpSpec } from "../ir/ops/spec.js";
import { requestKey } from "./keys.js";
import type { Wanted } from "./wanted.js";

/** A request, and how often it was made. */
export interface RecordedShape extends Required<Wanted> {
  readonly spec: OpSpec;
  readonly calls: number;
}

/** What the file holds, as JSON. A bound of `clip` that is infinite is written as "Infinity" or "-Infinity". */
export interface RecordedShapes {
  readonly format: "tilewright-shapes";
  readonly version: 1;
  /** In the order in which they were first asked for. */
  readonly kernels: readonly RecordedShape[];
}

export interface Recording {
  /** What was asked for until now. */
  toJSON(): RecordedShapes;
  /** The file's text. */
  text(): string;
  /** No more is recorded. */
  stop(): void;
}

const recorders = new Set<(spec: OpSpec, wanted: Required<Wanted>) => void>();

/** Records all calls of `compile`, and what goes through it, until `stop` is called. */
export function recordShapes(): Recording {
  const shapes = new Map<string, RecordedShape>();
  const recorder = (spec: OpSpec, { accuracy, algorithm }: Required<Wanted>): void => {
    const key = requestKey(spec, { accuracy, algorithm });
    shapes.set(key, { spec, accuracy, algorithm, calls: (shapes.get(key)?.calls ?? 0) + 1 });
  };
  recorders.add(recorder);
  const toJSON = (): RecordedShapes => ({ format: "tilewright-shapes", version: 1, kernels: [...shapes.values()] });
  return {
    toJSON,
    text: () => `${JSON.stringify(toJSON(), finite, 2)}\n`,
    stop: () => void recorders.delete(recorder),
  };
}

export function noteRequest(spec: OpSpec, wanted: Required<Wanted>): void {
  for (const record of recorders) record(spec, wanted);
}
