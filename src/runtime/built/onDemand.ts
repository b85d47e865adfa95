/** Kernels whose hosts are imported when they are needed: a page loads the host of one language alone. */
import { isFamily, isFormula } from "../../ir/ops/specKind.js";
import type { Shapes } from "../tensor.js";
import { type BuiltHead, BuiltKernel } from "./builtKernel.js";
import type { Hosts } from "./hosts.js";
import type { KindImports, VariantImports } from "./modules.js";

const HOSTS: Hosts = {
  kernel: () => import("../kernel.js"),
  read: async (spec) => {
    if (isFormula(spec)) return (await import("../../formula/spec.js")).readFormula(spec);
    return isFamily(spec) ? (await import("../../ops/spec.js")).readFamily(spec) : spec;
  },
  plain: () => import("../host/plain.js"),
  kind: () => import("../host/deviceKind.js"),
  js: () => import("../host/js.js"),
  wasm: () => import("./wasm.js"),
  given: () => import("./given.js"),
  webgpu: () => import("./webgpu.js"),
};

/** Makes a kernel from the parts of a generated file; only generated files call it, and it trusts them. */
export const builtKernel = <S extends Shapes>(
  head: BuiltHead,
  variants: VariantImports,
  kinds?: KindImports,
): BuiltKernel<S> => new BuiltKernel<S>(head, variants, HOSTS, kinds);
