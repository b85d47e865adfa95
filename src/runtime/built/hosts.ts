/** The parts of this package that a kernel out of files needs to run. A kernel is given a way to get at each. */
import type { Spec } from "../../ir/ops/spec.js";

export interface Hosts {
  kernel(): Promise<typeof import("../kernel.js")>;
  /** The spec of a file as the interpreter takes it, with its program. */
  read(spec: Spec): Promise<Spec>;
  plain(): Promise<typeof import("../host/plain.js")>;
  kind(): Promise<typeof import("../host/deviceKind.js")>;
  js(): Promise<typeof import("../host/js.js")>;
  wasm(): Promise<typeof import("./wasm.js")>;
  given(): Promise<typeof import("./given.js")>;
  webgpu(): Promise<typeof import("./webgpu.js")>;
}
