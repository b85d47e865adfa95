/** `tilewright explain`: shows the road of one kernel, from its spec to its code. */

import { type CommandDef, defineCommand } from "citty";
import { importCharts } from "../build/optionalPackages.js";
import { checkSchedule } from "../codegen/checkSchedule.js";
import { explain } from "../codegen/explain.js";
import type { Explanation } from "../codegen/explanation.js";
import { fail, TilewrightError } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import type { Markup } from "../report/html.js";
import { checkNames, positive } from "./arguments.js";
import { type Io, readJson } from "./io.js";
import { formatOverview, overviewPage } from "./overview.js";
import { writeWhole } from "./recordFiles.js";
import { specArgument } from "./specArgument.js";
import { checkStage, onlyStage, STAGES } from "./stages.js";
import { paintLabels, paintResult } from "./style.js";
import { targetOfArguments } from "./target.js";
import { formatExplanation } from "./text.js";

/** The end of the help, after the options. */
export const MORE_HELP = `
STAGES

  ${STAGES.join(" ")}

EXAMPLE

  tilewright explain --stage roofline '{ "op": "atrousConv2dTranspose", "value": [1, 33, 33, 256],
    "filters": [3, 3, 64, 256], "rate": 2, "padding": "SAME" }'
`;

const ARGS = {
  spec: {
    type: "positional",
    required: true,
    description: "The spec: JSON text, a path to a JSON file, - for standard input, or a kernel of the configuration",
  },
  json: { type: "boolean", description: "Print one JSON object" },
  html: { type: "string", valueHint: "path", description: "Write a page with the loops of a call and their shares" },
  all: { type: "boolean", description: "Print the whole road, from the spec to the code" },
  stage: { type: "string", valueHint: "name", description: "Print one stage of the road" },
  target: {
    type: "string",
    valueHint: "name",
    description: "What to compile for: wasm, js or webgpu",
    default: "wasm",
  },
  simd: {
    type: "string",
    valueHint: "level",
    description: "wasm: none, simd128 or relaxed; by default what this Node has",
  },
  loads: {
    type: "string",
    valueHint: "order",
    description: "wasm: in-order, or hoisted as before Node 24 and Chrome 130; by default as here",
  },
  threads: { type: "string", valueHint: "count", description: "wasm: how many share the work; by default one" },
  revectorize: { type: "boolean", description: "wasm: for V8's revectorizer, 256 bits in place of 128" },
  accuracy: {
    type: "string",
    valueHint: "name",
    description: "exact, the default, or fast, which allows Winograd's algorithm",
  },
  algorithm: {
    type: "string",
    valueHint: "name",
    description: "direct or winograd; by default the fastest that the accuracy allows",
  },
  schedule: {
    type: "string",
    valueHint: "json",
    description: "Directives by stage, as JSON text, a path or -; by default the scheduler's pick",
  },
  peak: {
    type: "string",
    valueHint: "GFLOP/s",
    description: "Peak of one thread, for the roofline; by default that of a typical core",
  },
  bandwidth: {
    type: "string",
    valueHint: "GB/s",
    description: "Memory bandwidth of one thread, for the roofline; by default that of a typical core",
  },
} as const;

export const explainCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright explain", version: VERSION, description: "Shows what becomes of one spec, step by step" },
    args: ARGS,
    async run({ args }) {
      checkArguments(args);
      const stage = args.stage === undefined ? undefined : checkStage(args.stage);
      const { spec, wanted } = await specArgument(args.spec, args, io);
      const explanation = explain(spec, {
        target: targetOfArguments(spec, args),
        ...wanted,
        ...(args.peak === undefined ? {} : { peak: positive("peak", args.peak) }),
        ...(args.bandwidth === undefined ? {} : { bandwidth: positive("bandwidth", args.bandwidth) }),
        ...(args.schedule === undefined
          ? {}
          : { schedule: checkSchedule(await readJson("schedule", args.schedule, io)) }),
      });
      const shown = stage === undefined ? explanation : onlyStage(explanation, stage);
      if (args.html !== undefined)
        await writeWhole(args.html, overviewPage(explanation, await rooflineOf(explanation)));
      if (args.json) io.out(`${JSON.stringify(shown, null, 2)}\n`);
      else if (args.all || stage !== undefined) io.out(formatExplanation(shown, spec), { paint: paintResult });
      else io.out(formatOverview(explanation), { paint: paintLabels, wraps: true });
    },
  });

/** Undefined without the packages that draw charts: the page says the same in words. */
async function rooflineOf(explanation: Explanation): Promise<Markup | undefined> {
  try {
    const { explainedFigure } = await importCharts(() => import("../report/explainedFigure.js"));
    return await explainedFigure(explanation);
  } catch (error) {
    if (error instanceof TilewrightError && error.code === "missing-package") return undefined;
    throw error;
  }
}

function checkArguments(args: Readonly<Record<string, unknown>> & { readonly _: readonly string[] }): void {
  checkNames(args, ARGS);
  if (args.html === "") fail("invalid-argument", "--html takes the path of the page that is written");
  if (args.all && args.stage !== undefined) fail("invalid-argument", "--all and --stage exclude each other");
  if (args._.length > 1) {
    fail(
      "invalid-argument",
      `one spec at a time, not ${args._.length}; quote JSON text so that the shell keeps it whole`,
    );
  }
}
