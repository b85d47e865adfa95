/** `warmUp`: compiles ahead of the first call, as drivers take long for pipelines, and reports progress. */
import { fail, reading, show } from "../ir/errors.js";
import type { GivenSpec } from "../ir/ops/spec.js";
import { type CompileOptions, compile, type WebgpuOptions } from "./compile.js";

export interface WarmUpProgress {
  /** The number of specs that are compiled, from 1 to `total`. */
  readonly done: number;
  readonly total: number;
  /** The spec that was just compiled. */
  readonly spec: GivenSpec;
}

/** The options of `compile`, and a function that is called after each spec. */
export type WarmUpOptions = (CompileOptions | WebgpuOptions) & {
  readonly onProgress?: (progress: WarmUpProgress) => void;
};

/** Specs that are compiled at once: while the driver compiles some, the compiler makes the code of others. */
const AT_ONCE = 4;

/**
 * Compiles all specs, so that `compile` with the same options finds their code in the cache.
 * @throws TilewrightError as `compile` does, for the first spec that fails
 */
export async function warmUp(specs: readonly GivenSpec[], options: WarmUpOptions = {}): Promise<void> {
  const { onProgress, ...rest } = reading("an object of options", () => ({ ...options }));
  if (onProgress !== undefined && typeof onProgress !== "function")
    fail("invalid-argument", `onProgress must be a function; got ${show(onProgress)}`);
  const total = reading("a list of specs", () =>
    Array.isArray(specs) ? specs.length : fail("invalid-argument", `warmUp takes a list of specs; got ${show(specs)}`),
  );
  let begun = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (begun < total) {
      const i = begun++;
      const spec = reading("a list of specs", () => specs[i]) as GivenSpec;
      (await compile(spec, rest)).dispose();
      done++;
      onProgress?.({ done, total, spec });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
