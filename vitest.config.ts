import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Tests and examples name the package as users do and get its sources.
  resolve: {
    alias: [
      { find: /^tilewright$/, replacement: source("./src/runtime/index.ts") },
      { find: /^tilewright\/compiler$/, replacement: source("./src/codegen/index.ts") },
    ],
  },
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000 },
});
