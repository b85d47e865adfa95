/** The GPU of this device, as far as code for it depends on it. */
import type { WebgpuFeatures } from "../../../src/codegen/target.js";
import { abilityFor } from "../../../src/tune/page/ability.js";

let found: Promise<Omit<WebgpuFeatures, "storage"> | undefined> | undefined;

/** Undefined if pages here have none; code is then for any device. */
export function gpuHere(): Promise<Omit<WebgpuFeatures, "storage"> | undefined> {
  found ??= abilityFor("wgsl").then((ability) => (ability.can ? ability.gpu?.features : undefined));
  return found;
}
