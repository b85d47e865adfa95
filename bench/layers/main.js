// @ts-check
/**
 * Real layers of models that people ship, tilewright beside the other libraries that have them: `npm run bench -- layers`, with
 * `--help` for its options.
 */
import { runContest } from "../peers/main.js";
import { HELP, readOptions } from "./options.js";
import { printLayers } from "./report.js";

export const run = () => runContest({ readOptions, help: HELP, print: printLayers });
