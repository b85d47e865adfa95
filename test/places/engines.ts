/** The engines that run programs outside of browsers, each where it is installed. */
import { fileURLToPath } from "node:url";
import { findProgram } from "../support/installed.js";

const packages = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));
const [bun, deno] = ["bun", "deno"].map((name) => findProgram([name], [packages]));

export interface Engine {
  readonly title: string;
  readonly binary: string | undefined;
  /** What stands before the program's name. */
  readonly arguments: readonly string[];
}

export const NODE: Engine = { title: "Node", binary: process.execPath, arguments: [] };

export const OTHERS: readonly Engine[] = [
  { title: "Bun", binary: bun, arguments: ["run"] },
  { title: "Deno without permissions", binary: deno, arguments: ["run", "--no-prompt"] },
  { title: "Deno with all permissions", binary: deno, arguments: ["run", "--allow-all"] },
];
