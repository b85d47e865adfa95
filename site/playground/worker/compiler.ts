/** The worker that compiles: everything that the panes show follows from its answers. */
import { explanationOf } from "../../../src/codegen/explanation.js";
import { typicalMachine } from "../../../src/codegen/machineSpeed.js";
import { byteLengthOf } from "../../../src/ir/layout.js";
import type { Compiled, CompilerCalls, Job } from "../messages.js";
import { axisRows } from "./axes.js";
import { moduleOf, openJob, pointsOf } from "./job.js";
import { knobsOf, turned } from "./knobs.js";
import { serve } from "./serve.js";

/** A space that is larger is only looked at so far: its knobs are the same, and a page must answer. */
const MOST_POINTS = 20_000;

async function compile(job: Job): Promise<Compiled> {
  const begin = performance.now();
  const opened = await openJob(job);
  const { definition, target, plan, candidate } = opened;
  const explanation = explanationOf({
    ...{ definition, target, plan },
    pick: job.schedule ? undefined : candidate,
    machine: typicalMachine(target),
    compile: (watch) => moduleOf(opened, watch),
  });
  const { algorithm, knobs, cycles } = candidate;
  const { program } = definition;
  return {
    explanation,
    milliseconds: performance.now() - begin,
    axes: axisRows(program),
    point: { algorithm, knobs, cycles },
    tensors: program.buffers.map((buffer) => {
      const { name, role, shape } = buffer;
      return { name, role, shape, bytes: byteLengthOf(buffer) };
    }),
  };
}

const CALLS: CompilerCalls = {
  names: async (text) => (await import("./formulaNames.js")).formulaNames(text),
  compile,
  async knobs(job) {
    const opened = await openJob(job);
    return knobsOf(pointsOf(opened, MOST_POINTS), opened.candidate);
  },
  async turn(job, knob, value) {
    const opened = await openJob(job);
    return turned(pointsOf(opened, MOST_POINTS), opened.candidate, knob, value);
  },
  wat: async (job) => (await import("./wat.js")).watOf(moduleOf(await openJob(job))),
};

serve(() => CALLS);
