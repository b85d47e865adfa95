/** Running and tuning on this device: what was asked for, and what came of it. */
import { signal } from "@preact/signals";
import { missingFor, SIMD_LEVELS } from "./abilities.js";
import { measurer, refusalOf, STOPPED } from "./engine.js";
import type { Candidate, News, PeerResult, Refusal, RunResult, TuneResult } from "./messages.js";
import type { Setup } from "./setup.js";
import { jobOf } from "./spec.js";
import { choose, setup } from "./store.js";

/** The work that the measurer does now. */
export const activity = signal<"run" | "peer" | "tune" | undefined>(undefined);
export const measuredRun = signal<RunResult | undefined>(undefined);
export const measuredPeer = signal<PeerResult | undefined>(undefined);
export const measuringRefusal = signal<Refusal | undefined>(undefined);

export interface Tuning {
  readonly pick: Extract<News, { pick: unknown }>["pick"] | undefined;
  readonly candidates: readonly Candidate[];
  readonly result: TuneResult | undefined;
}

export const tuning = signal<Tuning | undefined>(undefined);

/** Does one thing at a time: two at once would disturb each other's times. */
async function during(what: "run" | "peer" | "tune", work: () => Promise<void>): Promise<void> {
  if (activity.value !== undefined) stop();
  activity.value = what;
  measuringRefusal.value = undefined;
  try {
    await work();
    activity.value = undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    // Who stopped it has begun something else, or wants nothing.
    if (refusal.code === STOPPED.code) return;
    measuringRefusal.value = refusal;
    activity.value = undefined;
  }
}

export function stop(): void {
  measurer.stop();
  activity.value = undefined;
}

/** Results are of one setup, and are forgotten with it. */
export function forget(): void {
  if (activity.value !== undefined) stop();
  measuredRun.value = measuredPeer.value = measuringRefusal.value = undefined;
}

/** Shows why something is not done, if there is a reason. */
function isRefused(sentence: string | undefined): boolean {
  if (sentence !== undefined) measuringRefusal.value = { code: "target-unavailable", sentence };
  return sentence !== undefined;
}

/** Tuning measures what `compile` makes here, and that uses all that the browser has. */
function missingForTuning({ target, simd }: Setup): string | undefined {
  const [most] = SIMD_LEVELS.slice(-1);
  if (target !== "wasm" || simd === undefined || simd === most) return missingFor(target);
  return `tuning is for the most vectors that this browser has; choose those for Vectors, and tune then`;
}

export function run(): void {
  if (isRefused(missingFor(setup.value.target))) return;
  measuredRun.value = undefined;
  void during("run", async () => {
    measuredRun.value = await measurer.ask("run", [jobOf(setup.value)]);
  });
}

export function runPeer(): void {
  void during("peer", async () => {
    measuredPeer.value = await measurer.ask("peer", [jobOf(setup.value)]);
  });
}

export function tune(milliseconds: number): void {
  if (isRefused(missingForTuning(setup.value))) return;
  tuning.value = { pick: undefined, candidates: [], result: undefined };
  void during("tune", async () => {
    const now = () => tuning.value as Tuning;
    const hear = (news: News) => {
      tuning.value =
        "pick" in news
          ? { ...now(), pick: news.pick }
          : { ...now(), candidates: [...now().candidates, news.candidate] };
    };
    const result = await measurer.ask("tune", [jobOf(setup.value), milliseconds], hear);
    tuning.value = { ...now(), result };
  });
}

export function applyBest(): void {
  const best = tuning.value?.result?.best;
  if (best) choose({ point: { algorithm: best.algorithm, knobs: best.knobs }, schedule: undefined });
}
