/** Compiling ahead of the first call: drivers take long for pipelines, and whoever waits likes to see how far it is. */
import type { OpSpec } from "../ir/ops/spec.js";
import { type CompileOptions, compile, type WebgpuOptions } from "./compile.js";

export interface WarmUpProgress {
  /** How many are compiled. */
  readonly done: number;
  readonly total: number;
  /** The one that has just been. */
  readonly spec: OpSpec;
}

export type WarmUpOptions = (CompileOptions | WebgpuOptions) & {
  readonly onProgress?: (progress: WarmUpProgress) => void;
};

/** At once: while the driver compiles some, the compiler makes the code of others. */
const AT_ONCE = 4;

/** Compiles all specs, so that `compile` with the same options finds them in the cache. */
export async function warmUp(specs: readonly OpSpec[], options: WarmUpOptions = {}): Promise<void> {
  const { onProgress, ...rest } = options;
  const waiting = [...specs];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
      (await compile(spec, rest)).dispose();
      done++;
      onProgress?.({ done, total: specs.length, spec });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
