/** A page whose candidates hang, trap and do nothing: WebAssembly put together by hand, in the place of what was compiled. */
import type { OpSpec } from "tilewright";
import type { KernelModule, WasmModule } from "../../../src/ir/module.js";
import { Budget } from "../../../src/tune/budget.js";
import { EFFORTS } from "../../../src/tune/levels.js";
import { type Compiled, OwnBench, type Tools } from "../../../src/tune/ownBench.js";
import { checkAsked } from "../../../src/tune/page/options.js";
import { pageTools } from "../../../src/tune/page/tools.js";
import { openKernel } from "../../../src/tune/tuneKernel.js";
import { ends, outcomes, post } from "./report.js";
import { LARGE, SMALL } from "./reports.js";

/** Instructions of a function. */
const BODIES = {
  hangs: [0x03, 0x40, 0x0c, 0x00, 0x0b], // loop, br 0, end
  traps: [0x00], // unreachable
  nothing: [],
} as const;

const section = (id: number, bytes: readonly number[]): readonly number[] => [id, bytes.length, ...bytes];

/** A module of one function, which takes as many integers as an entry does. */
function codeOf(name: string, parameters: number, body: readonly number[]): Uint8Array<ArrayBuffer> {
  const text = [...new TextEncoder().encode(name)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, parameters, ...new Array<number>(parameters).fill(0x7f), 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, text.length, ...text, 0, 0]),
    ...section(10, [1, body.length + 2, 0, ...body, 0x0b]),
  ]);
}

function tampered(module: KernelModule, body: keyof typeof BODIES): WasmModule {
  if (module.language !== "wasm") throw new Error("only WebAssembly is put together here");
  const [entry] = module.run.entries;
  if (!entry) throw new Error("a kernel without entries");
  const code = codeOf(entry.name, entry.iterations === null ? 0 : 2, BODIES[body]);
  return { ...module, run: { ...module.run, code, entries: [entry] } };
}

/** Tunes until there are so many records; what is compiled, the model's pick first, is replaced by these. */
async function outcomesOf(
  spec: OpSpec,
  threads: number,
  bodies: readonly (keyof typeof BODIES | "right")[],
  stopAfter: { readonly records?: number; readonly milliseconds?: number },
): Promise<string[]> {
  const found: string[] = [];
  const stop = new AbortController();
  const { kernel, ...asked } = checkAsked(spec, { threads });
  const keep: Tools["keep"] = ({ outcome }) => {
    found.push(outcome);
    if (found.length === stopAfter.records) stop.abort();
  };
  const tools = pageTools({ threads: asked.threads, gpu: undefined, signal: stop.signal, keep });
  stop.signal.addEventListener("abort", () => tools.measurer.close());
  if (stopAfter.milliseconds !== undefined) setTimeout(() => stop.abort(), stopAfter.milliseconds);
  let count = 0;
  const replaced = (compiled: Compiled): Compiled => {
    const body = bodies[count++] ?? "right";
    return !compiled || body === "right"
      ? compiled
      : { module: tampered(compiled.module, body), code: `${count}`.padStart(64, "0") };
  };
  const session = await openKernel(
    kernel,
    new OwnBench({ ...tools, compile: async (...asked) => (await tools.compile(...asked)).map(replaced) }),
    {
      ...{ level: "balanced", effort: EFFORTS.balanced, known: [], signal: stop.signal },
      ...{ budget: new Budget(60_000), sharers: 1 },
      onProgress: () => undefined,
    },
  );
  await session.run();
  return found;
}

const HOSTILE = ["right", "hangs", "traps", "nothing"] as const;

await post(async () => {
  const isIsolated = globalThis.crossOriginIsolated === true;
  const [spec, threads] = isIsolated ? ([LARGE, 2] as const) : ([SMALL, 1] as const);
  ends.threads = String(checkAsked(spec, { threads }).threads);
  outcomes.candidates = await outcomesOf(spec, threads, HOSTILE, { records: 5 });
  // Whoever is interrupted does not wait until its time is up, which would be two minutes.
  outcomes.interrupted = await outcomesOf(spec, threads, ["hangs"], { milliseconds: 400 });
});
