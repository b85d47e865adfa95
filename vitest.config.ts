import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { vulkanEnvironment } from "./test/support/vulkan.js";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Dawn reads it when a process starts: children inherit it, threads would come too late.
Object.assign(process.env, vulkanEnvironment());

/**
 * These replace modules and globals, or strain the process, so each file has its own. All others share theirs,
 * which saves time.
 */
const RUNTIME = ["test/runtime/**/*.test.ts", "test/tfjs/**/*.test.ts", "test/attack.test.ts"];

const ALL = "test/**/*.test.ts";

/** Folders of tests in browsers, bundlers, installed packages, other engines, own processes and pages of the site. */
const ELSEWHERE = "test/{browser,bundlers,package,places,processes,site}/**/*.test.ts";

export default defineConfig({
  // Tests and examples name the package as users do and get its sources.
  resolve: {
    alias: [
      { find: /^tilewright$/, replacement: source("./src/runtime/index.ts") },
      { find: /^tilewright\/runtime$/, replacement: source("./src/runtime/built/index.ts") },
      { find: /^tilewright\/runtime\/static$/, replacement: source("./src/runtime/built/static.ts") },
      { find: /^tilewright\/compiler$/, replacement: source("./src/codegen/index.ts") },
      { find: /^tilewright\/tuning$/, replacement: source("./src/tune/index.ts") },
      { find: /^tilewright\/tfjs$/, replacement: source("./src/tfjs/index.ts") },
      { find: /^tilewright\/config$/, replacement: source("./src/build/defineConfig.ts") },
    ],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    reporters: ["default", "./test/support/skipped.ts"],
    globalSetup: "./test/support/folder.ts",
    maxWorkers: availableParallelism(),
    projects: [
      { extends: true, test: { name: "here", include: [ALL], exclude: [...RUNTIME, ELSEWHERE], isolate: false } },
      { extends: true, test: { name: "runtime", include: RUNTIME } },
      { extends: true, test: { name: "elsewhere", include: [ELSEWHERE] } },
    ],
  },
});
