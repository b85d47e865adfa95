/**
 * tilewright/runtime/static: kernels whose hosts are there from the start, for places that refuse `import()`, such as
 * service workers.
 */
import { fail } from "../../ir/errors.js";
import { isFamily, isFormula } from "../../ir/ops/specKind.js";
import * as deviceKind from "../host/deviceKind.js";
import * as js from "../host/js.js";
import * as plain from "../host/plain.js";
import * as kernel from "../kernel.js";
import type { Shapes } from "../tensor.js";
import { type BuiltHead, BuiltKernel } from "./builtKernel.js";
import * as given from "./given.js";
import type { Hosts } from "./hosts.js";
import type { KindImports, VariantImports } from "./modules.js";
import * as wasm from "./wasm.js";
import * as webgpu from "./webgpu.js";

const HOSTS: Hosts = {
  kernel: async () => kernel,
  read: async (spec) => {
    if (!isFormula(spec) && !isFamily(spec)) return spec;
    return fail("target-unavailable", 'static imports have no reader to interpret this spec with; build "js" as well');
  },
  plain: async () => plain,
  kind: async () => deviceKind,
  js: async () => js,
  wasm: async () => wasm,
  given: async () => given,
  webgpu: async () => webgpu,
};

/** Makes a kernel from the parts of a generated file; only generated files call it, and it trusts them. */
const staticKernel = <S extends Shapes>(
  head: BuiltHead,
  variants: VariantImports,
  kinds?: KindImports,
): BuiltKernel<S> => new BuiltKernel<S>(head, variants, HOSTS, kinds);

export { staticKernel as builtKernel };
