/**
 * A worker in Node. Candidates are timed in a process of their own and compiled in threads, so this thread is free to
 * tell the server that it is at work.
 */
import { randomBytes } from "node:crypto";
import type { Features } from "../../codegen/target.js";
import { thisClass } from "../../tune/machine.js";
import { Workshop } from "../../tune/node/workshop.js";
import type { Signal } from "../../tune/signal.js";
import { measuring } from "../measureJob.js";
import type { FarmJob } from "../messages.js";
import type { DeviceClass } from "../names.js";
import { work } from "../worker.js";
import { connectTo, type Server } from "./connect.js";
import { quiet } from "./quiet.js";

export interface NodeWorkerOptions {
  readonly server: Server;
  readonly target: Features;
  readonly signal: Signal;
  /** Called once the server has let the worker in. */
  readonly onReady: (deviceClass: DeviceClass) => void;
  readonly onJob: (job: FarmJob | undefined) => void;
}

/** Works until `signal` ends it. Throws what `connectTo` throws. */
export async function workHere({ server, target, signal, onReady, onJob }: NodeWorkerOptions): Promise<void> {
  const connection = await connectTo(server);
  const workshop = new Workshop({ append: () => undefined, close: () => undefined });
  const interrupt = () => void workshop.interrupt();
  signal.addEventListener("abort", interrupt);
  try {
    const deviceClass: DeviceClass = { machine: thisClass(), target };
    onReady(deviceClass);
    const tools = { ...workshop.tools(1), machine: deviceClass.machine };
    const worker = randomBytes(8).toString("hex");
    await work(connection, { worker, deviceClass, measure: measuring(tools, signal), quiet, signal, onJob });
  } finally {
    signal.removeEventListener("abort", interrupt);
    await workshop.close();
    await connection.close();
  }
}
