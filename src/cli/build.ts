/** `tilewright build`: compiles the kernels of a configuration to files, ahead of time. */
import { type CommandDef, defineCommand } from "citty";
import { type BuildOptions, type BuildReport, build } from "../build/build.js";
import type { PartialModel } from "../build/plan.js";
import { fail } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { legible } from "../models/report.js";
import { counted } from "../report/format.js";
import { checkNames } from "./arguments.js";
import type { Io } from "./io.js";
import { printable } from "./printable.js";
import { paintResult } from "./style.js";
import { columns } from "./table.js";

/** The end of the help, after the options. */
export const BUILD_HELP = `
EXAMPLE

  tilewright build --config kernels.config.ts
`;

const ARGS = {
  config: {
    type: "string",
    valueHint: "path",
    description: "The configuration; by default tilewright.config.ts (.js, .mjs, .json) here",
  },
  check: { type: "boolean", description: "Write nothing, and fail if something would be written" },
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

export const buildCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright build", version: VERSION, description: "Writes the kernels that a configuration names" },
    args: ARGS,
    async run({ args }) {
      checkArguments(args);
      const file = args.config === undefined ? {} : { file: args.config };
      const progress = args.json ? undefined : await progressOn(io);
      try {
        const onProgress = progress ? { onProgress: progress.show } : {};
        const report = await build({ cwd: process.cwd(), ...file, check: args.check === true, ...onProgress });
        progress?.end();
        io.out(args.json ? `${JSON.stringify(report, null, 2)}\n` : format(report), { paint: paintResult });
      } finally {
        progress?.end();
      }
    },
  });

function checkArguments(args: Readonly<Record<string, unknown>> & { readonly _: readonly string[] }): void {
  checkNames(args, ARGS);
  if (args._.length > 0) fail("invalid-argument", `build takes no "${args._[0]}"; name a configuration by --config`);
  if (args.config === "") fail("invalid-argument", "--config takes the path of a configuration");
}

interface Progress {
  readonly show: NonNullable<BuildOptions["onProgress"]>;
  end(): void;
}

/** Progress as a bar on a terminal, as lines elsewhere. */
async function progressOn({ err, isTerminal }: Io): Promise<Progress> {
  if (!isTerminal) {
    return {
      show: ({ done, total, name }) => err(`[${done}/${total}] ${name}\n`),
      end: () => undefined,
    };
  }
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({ format: "{bar} {value}/{total} {name}", clearOnComplete: true, hideCursor: true });
  return {
    show: ({ done, total, name }) => {
      if (!bar.isActive) bar.start(total, 0, { name });
      bar.update(done, { name: printable(name) });
    },
    end: () => bar.stop(),
  };
}

function format({ kernels, partial, out, written, removed, unchanged, milliseconds }: BuildReport): string {
  const rows = kernels.flatMap(({ name, modules }) =>
    modules.map(({ variant, kind, bytes, gzip }) => {
      return [name, kind ? `${variant} for ${kind}` : variant, size(bytes), `${size(gzip)} gzip`];
    }),
  );
  const modules = kernels.flatMap((kernel) => kernel.modules);
  const tuned = modules.filter(({ isTuned }) => isTuned).length;
  const total = (count: "bytes" | "gzip") => size(modules.reduce((sum, module) => sum + module[count], 0));
  const made = `${counted(kernels.length, "kernel")}, ${counted(modules.length, "module")}`;
  const sizes = `${total("bytes")} (${total("gzip")} gzip)`;
  const changes = `${written.length} written, ${unchanged} unchanged, ${removed.length} removed`;
  return [
    ...columns(rows, [2, 3]),
    ...partial.map(partialText),
    `${made}${tuned > 0 ? ` (${tuned} tuned)` : ""}, ${sizes}; ` +
      `in ${out}: ${changes}, in ${(milliseconds / 1000).toFixed(2)} s`,
    "",
  ].join("\n");
}

/** The most convolutions without a kernel that a line names. */
const NAMED = 2;

function partialText({ path, dims, shapes, covered, uncovered }: PartialModel): string {
  const all = counted(covered + uncovered.length, "convolution");
  const named = uncovered.slice(0, NAMED).map(({ node, missing }) => `${legible(node, 80)} (${missing.join("; ")})`);
  const more = uncovered.length > named.length ? ` and ${uncovered.length - named.length} more` : "";
  const given = [
    ...Object.entries(dims).map(([name, size]) => ` --dim ${name}=${size}`),
    ...Object.entries(shapes).map(([name, sizes]) => ` --shape ${name}=${sizes.join("x")}`),
  ];
  return printable(
    `warning: ${path}: ${covered} of ${all}; ${uncovered.length} not covered: ${named.join(", ")}${more} ` +
      `(tilewright extract ${path}${given.join("")} lists them)`,
  );
}

const size = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
