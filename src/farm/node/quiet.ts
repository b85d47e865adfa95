/** Waits until the machine has a processor to spare, as a busy one says little about schedules. */
import { cpus } from "node:os";

/** Milliseconds over which a machine is watched, and after which it is measured on as it is. */
const WATCH_MS = 100;
const PATIENCE_MS = 2000;
/** The processors that must be idle: one measures. */
const SPARE = 0.8;

/** Turns of a candidate and the model's pick cancel what noise remains. */
export async function quiet(): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const before = idleOf();
    const begin = performance.now();
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    if ((idleOf() - before) / (performance.now() - begin) >= SPARE) return;
  }
}

/** Milliseconds that all processors were idle since the machine started. */
const idleOf = (): number => cpus().reduce((sum, { times }) => sum + times.idle, 0);
