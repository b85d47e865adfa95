/** The tools of tuning in a page: its own thread compiles candidates, and a worker measures them. */
import { compileModule } from "../../codegen/compile.js";
import type { Candidate } from "../../codegen/search/approach.js";
import type { Target } from "../../codegen/target.js";
import { codeHash } from "../code.js";
import { thisMachine } from "../machine.js";
import type { Compiled, Tools } from "../ownBench.js";
import type { TuningRecord } from "../record.js";
import { type Channel, RemoteMeasurer } from "../remote.js";
import type { TunedKernel } from "../selection.js";
import type { Signal } from "../signal.js";
import { startWorker } from "./channel.js";
import type { Gpu } from "./messages.js";

export interface Place {
  readonly threads: number;
  /** The GPU, if kernels are for one. */
  readonly gpu: Gpu | undefined;
  readonly signal: Signal;
  keep(record: TuningRecord): void;
}

/** The caller must close the measurer. */
export function pageTools({ threads, gpu, signal, keep }: Place): Tools {
  return {
    machine: { ...thisMachine(threads), ...(gpu ? { processor: gpu.name } : {}) },
    ...(gpu ? { gpu: gpu.features } : {}),
    // After an interrupt no other worker is started.
    measurer: new RemoteMeasurer(() => (signal.aborted ? ENDED : startWorker())),
    compile: (kernel, target, candidates) => compileAll(kernel, target, candidates, signal),
    keep,
  };
}

const ENDED: Channel = { send: () => undefined, onReply: (listener) => listener(undefined), kill: () => undefined };

async function compileAll(
  { spec }: TunedKernel,
  target: Target,
  candidates: readonly Candidate[],
  signal: Signal,
): Promise<readonly Compiled[]> {
  const all: Compiled[] = [];
  for (const candidate of candidates) {
    // The first candidate is always compiled: the model's pick comes alone, and the tuner needs its code.
    if (all.length > 0) await breathe();
    if (all.length > 0 && signal.aborted) break;
    all.push(compileOne(spec, target, candidate));
  }
  return all;
}

function compileOne(spec: TunedKernel["spec"], target: Target, { algorithm, plan }: Candidate): Compiled {
  try {
    const module = compileModule(spec, { target, algorithm, schedule: plan().schedule });
    return { module, code: codeHash(module) };
  } catch {
    return undefined; // for any reason: without code there is nothing to measure
  }
}

/** Lets the page answer its user. It waits for a message, as timers of pages in the background wait for a second. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
