/** The process that measures; nothing else runs in it. */
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { Measurer } from "../measurer.js";
import type { Reply, Request } from "../messages.js";

// V8 uses its best compiler for WebAssembly at once, so warm code is what is measured.
setFlagsFromString("--no-liftoff");

// An interrupt is for the parent, which then ends this process.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

// A kernel that never returns blocks all events, so it would outlive a parent that was killed. A thread prevents that.
const WATCH =
  "const parent = process.ppid; " +
  `setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 1000);`;
new Worker(WATCH, { eval: true }).unref();

const tell = (reply: Reply) => void process.send?.(reply);
const measurer = new Measurer(tell);
process.on("message", async (request: Request) => tell(await measurer.answer(request)));
