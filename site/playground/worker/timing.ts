/** Times a kernel as tuning does: warm, in samples that are many steps of the clock. */
import type { KernelModule } from "../../../src/ir/module.js";
import type { CheckData, FloatsByName } from "../../../src/tune/checkData.js";
import { type Contender, TIERS_MS, warmCalls } from "../../../src/tune/sampling.js";
import { timedKernel } from "../../../src/tune/timedKernel.js";

const SAMPLES = 15;
/** Milliseconds of a sample at least. */
const SAMPLE_MS = 2;
/** Milliseconds of all warming and all sampling at most, but for one call. */
const MOST_MS = 3000;

export interface Measured {
  /** Milliseconds of one call, a number for each sample. */
  readonly samples: readonly number[];
  readonly outputs: FloatsByName;
}

export async function measured(module: KernelModule, data: CheckData): Promise<Measured> {
  const kernel = await timedKernel(module, data, 1);
  try {
    const instance = await kernel.place();
    const outputs = await instance.result();
    const samples = await samplesOf(instance);
    instance.dispose();
    return { samples, outputs };
  } finally {
    kernel.dispose();
  }
}

/** Samples after a warm-up, at least one. */
export async function samplesOf(contender: Contender): Promise<number[]> {
  const deadline = performance.now() + MOST_MS;
  const { calls } = await warmCalls(contender, { sampleMs: SAMPLE_MS, deadline: deadline - MOST_MS / 2 }, TIERS_MS);
  const samples: number[] = [];
  do samples.push(await contender.sample(calls));
  while (samples.length < SAMPLES && performance.now() < deadline);
  return samples;
}
