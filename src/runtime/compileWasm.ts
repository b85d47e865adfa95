/** Compiles a spec to loaded WebAssembly, with the features, threads and vectors of this engine. */
import type { Storage } from "../ir/dtype.js";
import { fail, show } from "../ir/errors.js";
import { meantValue } from "../ir/meant.js";
import type { WasmModule, WasmPart } from "../ir/module.js";
import { definitionOf } from "../ir/ops/index.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkOptions, checkStorage, checkThreads } from "../ir/options.js";
import { isWorthSharing, workOf } from "../ir/work.js";
import { type WasmOptions, wasmFeaturesOf } from "./compiledFor.js";
import { isSharedFor, type KernelMemory } from "./host/givenHeap.js";
import type { Loaded } from "./host/loaded.js";
import { isAskedByEnvironment, loadChecked, turnOff, turnOn } from "./host/revectorize.js";
import { loadWasm, loadWasmSync } from "./host/wasm.js";
import { wasmFeatures } from "./host/wasmFeatures.js";
import { generateWasm } from "./jit.js";
import { canShareMemory } from "./threads/sharing.js";
import type { CodeOptions, WasmFeatures } from "./wanted.js";
import { warn } from "./warn.js";

/** From the least to the most. */
const SIMD: readonly WasmFeatures["simd"][] = ["none", "simd128", "relaxed"];

const FEATURES = ["simd", "hoistsLoads"];

/** Options with every default filled in, and one thread where more are not worthwhile. Throws `invalid-argument`. */
export function wasmOptions(
  spec: Spec,
  given: {
    readonly threads?: number;
    readonly revectorize?: boolean;
    readonly storage?: Storage;
    readonly features?: Partial<Pick<WasmFeatures, "simd" | "hoistsLoads">>;
  },
  memory?: KernelMemory,
): WasmOptions {
  const { revectorize = isAskedByEnvironment() } = given;
  const threads = checkThreads(given.threads);
  const storage = checkStorage(given.storage);
  const here = wasmFeatures();
  const { simd = here.simd, hoistsLoads = here.hoistsLoads } = checkOptions(given.features ?? {}, FEATURES);
  if (!SIMD.includes(simd))
    fail(
      "invalid-argument",
      `features.simd must be one of ${SIMD.join(", ")}; got ${show(simd)}${meantValue(simd, SIMD)}`,
    );
  for (const [name, value] of Object.entries({ revectorize, "features.hoistsLoads": hoistsLoads })) {
    if (typeof value !== "boolean") fail("invalid-argument", `${name} must be true or false; got ${show(value)}`);
  }
  const isGivenShared = memory !== undefined && isSharedFor(memory, threads);
  const isWorthwhile = threads > 1 && simd !== "none" && canShareMemory() && isWorthSharing(workOf(definitionOf(spec)));
  const shared = isWorthwhile || isGivenShared;
  return { ...here, simd, hoistsLoads, threads: isWorthwhile ? threads : 1, shared, revectorize, storage };
}

export async function compileWasm(spec: Spec, options: WasmOptions, code: CodeOptions): Promise<Loaded> {
  const { simd, threads, revectorize } = options;
  checkEngine(simd);
  const make = (pairs: boolean): WasmModule => generateWasm(spec, { ...wasmFeaturesOf(options), pairs }, code);
  const plain = () => loadWasm(make(false), threads);
  if (!revectorize || simd === "none" || !turnOn()) return plain();
  const module = make(true);
  const load = (code: "as it is" | "anew") => loadWasm(code === "anew" ? otherBytes(module) : module, threads);
  const checked = await loadChecked(load);
  if (checked) return checked;
  turnOff();
  warn("tilewright: a revectorized kernel differs from the plain one on this engine; V8's revectorizer is off again");
  return plain();
}

/** Compiles without comparing vectors of 256 bits with others, which takes turns. */
export function compileWasmSync(spec: Spec, options: WasmOptions, code: CodeOptions): Loaded {
  checkEngine(options.simd);
  return loadWasmSync(generateWasm(spec, { ...wasmFeaturesOf(options), pairs: false }, code), options.threads);
}

function checkEngine(simd: WasmFeatures["simd"]): void {
  const here = wasmFeatures().simd;
  if (SIMD.indexOf(simd) > SIMD.indexOf(here))
    fail("target-unavailable", `features.simd asks for "${simd}" and this engine has "${here}"; leave it out`);
}

/** A custom section (id 0) of one byte, an empty name; engines skip it. */
const EMPTY_SECTION = [0, 1, 0];

/** The same code in other bytes, as V8 does not compile the same bytes twice. */
function otherBytes({ prepare, run, ...head }: WasmModule): WasmModule {
  const other = (part: WasmPart): WasmPart => ({ ...part, code: Uint8Array.from([...part.code, ...EMPTY_SECTION]) });
  return { ...head, prepare: prepare && other(prepare), run: other(run) };
}
