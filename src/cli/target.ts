/** The target of `explain`: the target that `compile` would take in this process, unless the arguments name another. */
import { DEFAULT_LIMITS, JS, type Target, wasmTarget, wgslTarget } from "../codegen/target.js";
import { fail } from "../ir/errors.js";
import type { Spec } from "../ir/ops/spec.js";
import { wasmFeaturesOf } from "../runtime/compiledFor.js";
import { wasmOptions } from "../runtime/compileWasm.js";
import { oneOf } from "./arguments.js";

export interface TargetArguments {
  readonly target: string;
  readonly simd?: string | undefined;
  readonly loads?: string | undefined;
  readonly threads?: string | undefined;
  readonly revectorize?: boolean | undefined;
}

const TARGETS = ["wasm", "js", "webgpu"] as const;
const SIMD = ["none", "simd128", "relaxed"] as const;
const LOADS = ["in-order", "hoisted"] as const;

export function targetOfArguments(spec: Spec, args: TargetArguments): Target {
  const { simd, loads, threads, revectorize } = args;
  const target = oneOf("target", args.target, TARGETS);
  if (target === "wasm") return wasmTargetOf(spec, args);
  const strange = Object.entries({ simd, loads, threads, revectorize }).find(([, value]) => value);
  if (strange) fail("invalid-argument", `--${strange[0]} is about WebAssembly; leave it out, or say --target wasm`);
  return target === "js" ? JS : wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
}

function wasmTargetOf(spec: Spec, args: TargetArguments): Target {
  const features = {
    ...(args.simd === undefined ? {} : { simd: oneOf("simd", args.simd, SIMD) }),
    ...(args.loads === undefined ? {} : { hoistsLoads: oneOf("loads", args.loads, LOADS) === "hoisted" }),
  };
  const wasm = wasmOptions(spec, {
    features,
    ...(args.threads === undefined ? {} : { threads: Number(args.threads) }),
    ...(args.revectorize ? { revectorize: true } : {}),
  });
  return wasmTarget(wasmFeaturesOf(wasm));
}
