// @ts-check
/** Judges one compute pipeline by its code alone: how it fills GPUs, and what its hot loop does. What cannot be found out is said, not guessed. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { softwareVulkan } from "../vulkan.js";
import { fill, GPUS } from "./gpus.js";
import { hotLoop } from "./hotLoop.js";
import { machineCode } from "./machineCode.js";
import { parseSpirv, workgroupBytes } from "./spirv.js";

/**
 * @typedef {import("tilewright/compiler").WgslEntry} WgslEntry
 *
 * @typedef {object} Judgement
 * @property {string} name
 * @property {number} workgroups
 * @property {number} dispatches
 * @property {import("./gpus.js").Launch | null} launch
 * @property {Readonly<Record<string, import("./gpus.js").Filling>>} filling by GPU; as many registers as AMD's compiler takes
 * @property {import("./hotLoop.js").Work | null} loop null where there is none
 * @property {import("./machineCode.js").MachineCode | null} amd
 * @property {readonly string[]} missing why something is null
 */

const MAX_OUTPUT = 2 ** 28;

/** @param {WgslEntry} entry @returns {Judgement} */
export function judge({ name, code, dispatches }) {
  const workgroups = dispatches.reduce((sum, { count: [x, y, z] }) => sum + x * y * z, 0);
  const head = { name, workgroups, dispatches: dispatches.length };
  const text = disassemble(code);
  if (typeof text !== "string") {
    return { ...head, launch: null, filling: {}, loop: null, amd: null, missing: [`no SPIR-V: ${text.missing}`] };
  }
  const module = parseSpirv(text);
  const launch = { workgroups, invocations: module.invocations, workgroupBytes: workgroupBytes(module) };
  const loop = hotLoop(module) ?? null;
  const amd = machineCode(text, module);
  const registers = typeof amd === "string" ? null : amd.registers;
  return {
    ...head,
    launch,
    filling: Object.fromEntries(GPUS.map((gpu) => [gpu.name, fill(gpu, launch, registers)])),
    loop,
    amd: typeof amd === "string" ? null : amd,
    missing: [...(loop ? [] : ["no loop"]), ...(typeof amd === "string" ? [amd] : [])],
  };
}

/** What Dawn makes of WGSL for a Vulkan device that checks no bounds itself. @param {string} code @returns {string | { missing: string }} */
function disassemble(code) {
  const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("dump.js", import.meta.url))], {
    input: code,
    env: softwareVulkan(),
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT,
  });
  const begin = stdout.indexOf("; SPIR-V");
  const end = stdout.lastIndexOf("OpFunctionEnd");
  if (begin < 0 || end < begin) return { missing: stderr.trim().split("\n").at(-1) || "Dawn printed none" };
  return stdout.slice(begin, end + "OpFunctionEnd\n".length);
}
