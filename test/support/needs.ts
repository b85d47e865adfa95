/**
 * What tests need that not every machine has. A test that is skipped for want of it says so, and the run's end lists
 * what was missing (see `skipped.ts`).
 */
declare module "vitest" {
  interface TaskMeta {
    /** What is not here, of all that the test needs. */
    missing?: readonly string[];
  }
}

/** The package as it is built, for tests of whole processes and of what others import. */
export const DIST = "dist (npm run build)";
/** The packages of the site, for tests of pages that are made and of the site itself. */
export const SITE = "packages of the site (npm ci --prefix site)";
/** SwiftShader, which comes with Chromium, is one. */
export const DRIVER = "a Vulkan driver";
export const HALF = "a GPU with shader-f16";
export const TIMESTAMPS = "a GPU with timestamps";
export const TIME = "time (npm run test:all)";
export const NIGHT = "a night (npm run test:nightly)";
export const FEATURES = "newer features of WebAssembly (Node 24 on x64 has them)";

/** Options of a test or suite that needs all of these, by name: what they are, or nothing that is true. */
export function needs(things: Readonly<Record<string, unknown>>) {
  const missing = Object.keys(things).filter((name) => !things[name]);
  return { skip: missing.length > 0, meta: { missing } };
}
