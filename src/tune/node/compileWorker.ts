/** A thread that compiles candidates. */
import { parentPort } from "node:worker_threads";
import { compileModule } from "../../codegen/compile.js";
import { codeHash } from "../code.js";
import type { Compiled } from "../ownBench.js";
import type { Job } from "./compilers.js";

parentPort?.on("message", ({ spec, ...options }: Job) => parentPort?.postMessage(compile({ spec, ...options })));

function compile({ spec, ...options }: Job): Compiled {
  try {
    const module = compileModule(spec, options);
    return { module, code: codeHash(module) };
  } catch {
    return undefined; // for any reason: without code there is nothing to measure
  }
}
