// @ts-check
/** All parts of the attack, by name. */
import * as args from "./arguments.js";
import * as files from "./files.js";
import * as formulas from "./formulas.js";
import * as kernels from "./kernels.js";
import * as schedules from "./schedules.js";
import * as soak from "./soak.js";

/** @type {Readonly<Record<string, import("./run.js").Part>>} */
export const PARTS = { kernels, formulas, schedules, arguments: args, files, soak };
