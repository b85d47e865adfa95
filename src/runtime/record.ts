/** `recordShapes`: records an app's requests to `compile`, for `tilewright build` to make kernels from. */
import { finite } from "../ir/ops/plainSpec.js";
import type { Spec } from "../ir/ops/spec.js";
import { requestKey } from "./keys.js";
import type { Wanted } from "./wanted.js";

/** A request to `compile`, and how often it was made. */
export interface RecordedShape extends Required<Wanted> {
  readonly spec: Spec;
  readonly calls: number;
}

/** The JSON of a recording's file. An infinite bound of `clip` is written as "Infinity" or "-Infinity". */
export interface RecordedShapes {
  readonly format: "tilewright-shapes";
  readonly version: 1;
  /** The requests, in the order in which they were first made. */
  readonly kernels: readonly RecordedShape[];
}

/** A recording in progress. */
export interface Recording {
  /** The requests until now. */
  toJSON(): RecordedShapes;
  /** The text of the file. */
  text(): string;
  /** Ends the recording; its requests can still be read. */
  stop(): void;
}

const recorders = new Set<(spec: Spec, wanted: Required<Wanted>) => void>();

/** Records all calls of `compile`, also those that other functions of the library make, until `stop` is called. */
export function recordShapes(): Recording {
  const shapes = new Map<string, RecordedShape>();
  const recorder = (spec: Spec, { accuracy, algorithm }: Required<Wanted>): void => {
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

export function noteRequest(spec: Spec, wanted: Required<Wanted>): void {
  for (const record of recorders) record(spec, wanted);
}
