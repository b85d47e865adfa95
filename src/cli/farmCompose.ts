/** `tilewright farm compose`: the files of a farm's server. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CommandDef, defineCommand } from "citty";
import { importFarm } from "../build/optionalPackages.js";
import { fail } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { checkNames } from "./arguments.js";
import type { Io } from "./io.js";
import { paintResult } from "./style.js";

/** The end of the help, after the options. */
export const FARM_COMPOSE_HELP = `
It makes a key for coordinators and one for workers, new ones each time. A worker's key lets its owner take jobs and \
send reports, and nothing else. The server needs a certificate of its own.

EXAMPLE

  tilewright farm compose --out farm
`;

const ARGS = {
  out: { type: "string", valueHint: "folder", description: "Where to write the files; by default they are printed" },
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

export const farmComposeCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright farm compose", version: VERSION, description: "Prints the files of a farm's server" },
    args: ARGS,
    async run({ args }) {
      checkNames(args, ARGS);
      if (args._.length > 0) fail("invalid-argument", `compose takes no "${args._[0]}"; name a folder by --out`);
      const { composeFiles } = await importFarm(() => import("../farm/node/index.js"));
      const files = composeFiles();
      if (args.out !== undefined) write(args.out, files);
      if (args.json) return io.out(`${JSON.stringify(args.out === undefined ? files : Object.keys(files), null, 2)}\n`);
      if (args.out !== undefined) return io.out(`${Object.keys(files).join(", ")} are in ${args.out}\n`);
      const parts = Object.entries(files).map(([name, text]) => `== ${name} ==\n\n${text}`);
      io.out(parts.join("\n"), { paint: paintResult });
    },
  });

/** Keys that are in use must not be lost, so no file is replaced. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  const there = Object.keys(files).find((name) => existsSync(join(folder, name)));
  if (there !== undefined) fail("invalid-argument", `${folder} has a ${there} already; name another folder by --out`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(folder, name), text, { mode: name.endsWith(".key") ? 0o600 : 0o644 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    fail("invalid-argument", `--out: ${folder} cannot be written (${code}); name another folder`);
  }
}
