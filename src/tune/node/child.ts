/** The process that measures: quiet, and alone with what it measures. */
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { Measurer } from "../measurer.js";
import type { Reply, Request } from "../messages.js";

// Code is compiled by the best compiler at once, and the same as it would be after some time. What is measured is that code.
setFlagsFromString("--no-liftoff");

// Interrupts are for the parent, which then ends this one.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

// A kernel that never returns would outlive a parent that was killed: nobody here could hear of it.
const WATCH = `const parent = process.ppid; setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 1000);`;
new Worker(WATCH, { eval: true }).unref();

const tell = (reply: Reply) => void process.send?.(reply);
const measurer = new Measurer(tell);
process.on("message", async (request: Request) => tell(await measurer.answer(request)));
