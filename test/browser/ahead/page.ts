/** The page: loads every kernel that was built for it, calls it, and posts what came of that. */
import type { KernelDefinition } from "tilewright/runtime";
import * as built from "~tilewright";
import { elementCount } from "../../../src/ir/shape.js";
import { smallIntegers } from "../page/data.js";
import { inSource } from "./kernels.js";

/** Of one kernel: what ran it, and the result for the numbers that `smallIntegers` gives. */
export interface KernelReport {
  readonly spec: KernelDefinition["spec"];
  /** As asked for, and what that was served by. */
  readonly tiers: Readonly<Record<string, string>>;
  /** Of each. */
  readonly results: Readonly<Record<string, readonly number[]>>;
}

export interface AheadReport {
  readonly kernels: Readonly<Record<string, KernelReport>>;
  readonly violations: readonly string[];
  readonly error: string | null;
}

const violations: string[] = [];
globalThis.addEventListener("securitypolicyviolation", ({ blockedURI }) => violations.push(blockedURI));

async function reportOf(definition: KernelDefinition): Promise<KernelReport> {
  const { spec, outputShape } = definition;
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const bias = spec.bias ? smallIntegers(outputShape[3], 3) : undefined;
  const tiers: Record<string, string> = {};
  const results: Record<string, readonly number[]> = {};
  for (const target of ["auto", "js"] as const) {
    const kernel = await definition.load({ target });
    tiers[target] = kernel.target;
    results[target] = [...(await kernel.run(value, kernel.prepare(filters, bias)))];
    kernel.dispose();
  }
  const kernel = await definition.load({ target: "webgpu" });
  results.webgpu = [...(await kernel.run(value, await kernel.prepare(filters, bias)))];
  tiers.webgpu = kernel.target;
  kernel.dispose();
  return { spec, tiers, results };
}

const definitions: Readonly<Record<string, KernelDefinition>> = { ...built, inSource };
const kernels: Record<string, KernelReport> = {};
let error: string | null = null;
try {
  for (const [name, definition] of Object.entries(definitions)) kernels[name] = await reportOf(definition);
} catch (thrown) {
  error = thrown instanceof Error ? `${thrown.stack}` : String(thrown);
}
// Violations are told of a moment later.
await new Promise((resolve) => setTimeout(resolve, 100));
const report: AheadReport = { kernels, violations, error };
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
