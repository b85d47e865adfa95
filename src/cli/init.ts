/** `tilewright init`: writes a first configuration, with a kernel to change. */
import { readdirSync, writeFileSync } from "node:fs";
import { type CommandDef, defineCommand } from "citty";
import { PLUGIN_INSTALL } from "../build/optionalPackages.js";
import { fail } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { checkNames } from "./arguments.js";
import type { Io } from "./io.js";

/** The end of the help, after the options. */
export const INIT_HELP = `
EXAMPLE

  tilewright init
`;

const FILE = "tilewright.config.ts";

const CONFIG = `import { defineConfig } from "tilewright/config";

export default defineConfig({
  kernels: {
    // A kernel for one shape, called "head" in your program. Sizes are those of the call that your model makes.
    head: {
      op: "atrousConv2dTranspose", // or "conv2d"
      value: [1, 33, 33, 64], // [N, H, W, Ci]
      filters: [3, 3, 32, 64], // [kh, kw, Co, Ci]; for "conv2d" [kh, kw, Ci, Co]
      rate: 2,
      padding: "SAME", // or "VALID"
      // bias: true,
      // activation: "relu",
      // accuracy: "fast", // allows Winograd's algorithm
    },
    // A kernel of your own, as a formula:
    // distances: {
    //   formula: "output[i, j] = sum(k: (x[i, k] - y[j, k]) * (x[i, k] - y[j, k]))",
    //   tensors: { x: [32, 8], y: [16, 8] },
    // },
  },
  // Models whose convolutions are built:
  // models: ["model.onnx", { path: "web_model/model.json", dims: { batch: 1 } }],
});
`;

const NEXT = `${FILE} is written. Put your shapes into it, then run:

  npx tilewright build      compiles them to generated/ (needs npm install --save-dev ts-morph@28)
  npx tilewright tune       measures on this machine which schedules are fastest

A bundler's plugin needs no build: ${PLUGIN_INSTALL}, and tilewright/vite or another.
`;

const ARGS = {
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

export const initCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright init", version: VERSION, description: "Writes a first configuration" },
    args: ARGS,
    run({ args }) {
      checkNames(args, ARGS);
      if (args._.length > 0) fail("invalid-argument", `init takes no "${args._[0]}"; it writes ${FILE} here`);
      const there = readdirSync(".").find((name) => name.startsWith("tilewright.config."));
      if (there !== undefined) refuse(there);
      writeNew();
      if (args.json) io.out(`${JSON.stringify({ written: FILE }, null, 2)}\n`);
      else io.out(NEXT, { wraps: true });
    },
  });

/** Writes the file only if there is none, whoever makes one meanwhile. */
function writeNew(): void {
  try {
    writeFileSync(FILE, CONFIG, { flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") refuse(FILE);
    if (code === undefined) throw error;
    fail("invalid-argument", `${FILE} cannot be written (${code}); run init in a folder of yours`);
  }
}

const refuse = (name: string): never =>
  fail("invalid-argument", `there is a ${name} here already, which stays as it is; remove it first to begin anew`);
