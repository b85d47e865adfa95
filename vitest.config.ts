import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { vulkanEnvironment } from "./test/support/vulkan.js";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Dawn reads it when a process starts: children inherit it, threads would come too late.
Object.assign(process.env, vulkanEnvironment());

/** Tests of functions that leave nothing behind: their files share modules, which saves loading the compiler for each. */
const PURE = "test/{ir,passes,emit,formula,derive,ops,shorthands,search}/**/*.test.ts";

/** Folders of tests in browsers, bundlers, installed packages, other engines and processes of their own. */
const ELSEWHERE = "test/{browser,bundlers,package,places,processes}/**/*.test.ts";

export default defineConfig({
  // Tests and examples name the package as users do and get its sources.
  resolve: {
    alias: [
      { find: /^tilewright$/, replacement: source("./src/runtime/index.ts") },
      { find: /^tilewright\/runtime$/, replacement: source("./src/runtime/built/index.ts") },
      { find: /^tilewright\/runtime\/static$/, replacement: source("./src/runtime/built/static.ts") },
      { find: /^tilewright\/compiler$/, replacement: source("./src/codegen/index.ts") },
      { find: /^tilewright\/tuning$/, replacement: source("./src/tune/index.ts") },
      { find: /^tilewright\/config$/, replacement: source("./src/build/defineConfig.ts") },
    ],
  },
  test: {
    testTimeout: 60_000,
    pool: "forks",
    reporters: ["default", "./test/support/skipped.ts"],
    maxWorkers: availableParallelism(),
    projects: [
      { extends: true, test: { name: "pure", include: [PURE], isolate: false } },
      { extends: true, test: { name: "here", include: ["test/**/*.test.ts"], exclude: [PURE, ELSEWHERE] } },
      { extends: true, test: { name: "elsewhere", include: [ELSEWHERE] } },
    ],
  },
});
