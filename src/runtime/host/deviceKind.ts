/** Tells kinds of device apart, by what any page may know. Kernels made ahead of time may have files for a kind. */
import { processEngine, userAgent } from "./engine.js";

/** The name of an engine, or of a GPU's maker: letters and hyphens, as files are named by it. */
export type DeviceKind = string;

/** Engines by their names, and by what browsers call themselves: Chrome claims to be Safari, so it comes first. */
const ENGINES = [
  [/\b(?:V8|Chrome|Chromium)\b/, "v8"],
  [/\bFirefox\b/, "spidermonkey"],
  [/\b(?:Bun|Safari)\b/, "jsc"],
] as const;

/** The kind of an engine; undefined for one that has another name. On a phone it is a kind of its own. */
export function engineKind(name: string, isPhone: boolean): DeviceKind | undefined {
  const engine = ENGINES.find(([names]) => names.test(name))?.[1];
  return engine && (isPhone ? `${engine}-phone` : engine);
}

/** The kind of a GPU; undefined if its maker is not known. */
export const gpuKind = (vendor: string): DeviceKind | undefined =>
  /^[a-z]{1,20}$/i.test(vendor) ? vendor.toLowerCase() : undefined;

/** True if a browser says that it runs on a phone. */
export const isPhone = (userAgent: string): boolean => /\bMobi/.test(userAgent);

/** The kind of this device: of its GPU by this maker, or else of the engine that runs this. */
export function deviceKind(gpu?: string): DeviceKind | undefined {
  if (gpu !== undefined) return gpuKind(gpu);
  const name = processEngine()?.name;
  return name ? engineKind(name, false) : engineKind(userAgent(), isPhone(userAgent()));
}
