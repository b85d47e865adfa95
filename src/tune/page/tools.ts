/** What measuring takes of a page: candidates are compiled in its own thread and measured in a worker. */

import { compileModule } from "../../codegen/compile.js";
import type { Candidate } from "../../codegen/search/approach.js";
import type { Target } from "../../codegen/target.js";
import { codeHash } from "../code.js";
import { thisMachine } from "../machine.js";
import type { TuningRecord } from "../record.js";
import { type Channel, RemoteMeasurer } from "../remote.js";
import type { TunedKernel } from "../selection.js";
import type { Compiled, Tools } from "../tuneKernel.js";
import { startWorker } from "./channel.js";
import type { Gpu } from "./messages.js";

export interface Place {
  readonly threads: number;
  /** Where kernels are for one. */
  readonly gpu: Gpu | undefined;
  readonly signal: AbortSignal;
  keep(record: TuningRecord): void;
}

/** Whoever takes them closes the measurer. */
export function pageTools({ threads, gpu, signal, keep }: Place): Tools {
  return {
    machine: { ...thisMachine(threads), ...(gpu ? { processor: gpu.name } : {}) },
    ...(gpu ? { gpu: gpu.features } : {}),
    // Nobody starts another worker for what has been interrupted meanwhile.
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
  signal: AbortSignal,
): Promise<readonly Compiled[]> {
  const all: Compiled[] = [];
  for (const candidate of candidates) {
    // The first one always: the model's pick comes alone, and is never refused.
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
    return undefined; // whatever the reason: there is no code to be measured
  }
}

/** Lets the page answer its user. By a message, as timers of pages in the background wait for a second. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
