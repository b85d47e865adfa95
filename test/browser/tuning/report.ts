/** What all pages here do alike: their work, and a report of what came of it. */
import { type OpSpec, TilewrightError } from "tilewright";
import { type TuneOptions, tuneHere } from "../../../src/tune/index.js";
import type { PageReport, Tuned, Used } from "./reports.js";

export const tuned: Record<string, Tuned> = {};
export const used: Record<string, Used> = {};
export const ends: Record<string, string> = {};
export const outcomes: Record<string, readonly string[]> = {};

const violations: string[] = [];
globalThis.addEventListener("securitypolicyviolation", ({ violatedDirective }) => violations.push(violatedDirective));

let running = 0;
globalThis.Worker = class extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given);
    running++;
  }

  override terminate(): void {
    super.terminate();
    running--;
  }
};

/** Tunes until there are so many new lines. */
export async function tune(spec: OpSpec, count: number, options: TuneOptions): Promise<Tuned> {
  const lines: string[] = [];
  const events: number[] = [];
  const stop = new AbortController();
  const result = await tuneHere(spec, {
    ...options,
    signal: stop.signal,
    onRecord(line) {
      lines.push(line);
      if (lines.length === count) stop.abort();
    },
    onProgress: ({ candidates }) => events.push(candidates),
  });
  return { ...result, lines, events };
}

/** How a promise ends: as it should, or with an error's code and message. */
export async function endOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "kept";
  } catch (error) {
    return error instanceof TilewrightError ? `${error.code}: ${error.message}` : String(error);
  }
}

export async function post(work: () => Promise<void>): Promise<void> {
  let error: string | null = null;
  try {
    await work();
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.stack}` : String(thrown);
  }
  // Violations are told of a moment later.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const isolated = globalThis.crossOriginIsolated === true;
  const report: PageReport = { isolated, tuned, used, ends, outcomes, running, violations, error };
  await fetch("/report", { method: "POST", body: JSON.stringify(report) });
}
