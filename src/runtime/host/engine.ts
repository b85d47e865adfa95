/** The engine that runs this, by its process or by what a browser calls itself. */

export interface ProcessEngine {
  readonly name: "V8" | "Bun";
  /** Such as "13.6.233.8". */
  readonly version: string;
  /** Such as "x64". */
  readonly processor: string | undefined;
}

/** The engine of a process like Node's; undefined in a browser. Bun names a V8 that it does not have. */
export function processEngine(): ProcessEngine | undefined {
  const { process } = globalThis as { process?: { versions?: { v8?: string; bun?: string }; arch?: string } };
  const { v8, bun } = process?.versions ?? {};
  if (v8 === undefined) return undefined;
  const processor = process?.arch;
  return bun === undefined ? { name: "V8", version: v8, processor } : { name: "Bun", version: bun, processor };
}

/** Empty where there is none. */
export const userAgent = (): string =>
  (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent ?? "";
