/** The kernels of the benchmark's suite: golden files of the code generator, written by `npm run generate`. */
import { readFileSync } from "node:fs";
import { defineConfig, type KernelConfig } from "tilewright/config";

const suite = new URL("./bench/suite.json", import.meta.url);

export default defineConfig({
  kernels: JSON.parse(readFileSync(suite, "utf8")) as Record<string, KernelConfig>,
});
