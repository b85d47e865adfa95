// @ts-check
/**
 * AMD machine code of a SPIR-V module, by Mesa's compiler for a GPU that is not there. Needs three things, and says which is
 * missing: `spirv-as` in the path; TILEWRIGHT_RADV_ICD, the file that describes Mesa's RADV as a Vulkan driver; and
 * TILEWRIGHT_VKSTATS, a program that makes a compute pipeline on the first Vulkan device and prints what
 * VK_KHR_pipeline_executable_properties tells of it. It is called as
 *
 *     vkstats FILE.spv ENTRY "SET:BINDING:TYPE ..." --isa
 *
 * where TYPE is `s` for a storage buffer and `u` for a uniform one. It prints the statistics by name as one line of JSON, then
 * each representation below a line `##### NAME`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineLoop } from "./rdna.js";

/**
 * @typedef {object} MachineCode
 * @property {string} device
 * @property {number} registers of an invocation
 * @property {number} spills registers that went to memory
 * @property {number} waves that a SIMD holds
 * @property {import("./rdna.js").MachineWork} loop
 */

const FAMILY = "navi21";
const MAX_OUTPUT = 2 ** 28;

/** The machine code, or what is missing. @param {string} text @param {import("./spirv.js").Spirv} module @returns {MachineCode | string} */
export function machineCode(text, { entry, bindings }) {
  const { TILEWRIGHT_VKSTATS: vkstats, TILEWRIGHT_RADV_ICD: driver } = process.env;
  if (!vkstats || !driver) return `no ${vkstats ? "TILEWRIGHT_RADV_ICD" : "TILEWRIGHT_VKSTATS"}`;
  const folder = mkdtempSync(join(tmpdir(), "tilewright-judge-"));
  try {
    const file = join(folder, "kernel.spv");
    writeFileSync(`${file}asm`, assemblable(text));
    const assembler = spawnSync("spirv-as", ["--target-env", "spv1.4", "-o", file, `${file}asm`], { encoding: "utf8" });
    if (assembler.error) return "no spirv-as";
    if (assembler.status !== 0) return `spirv-as: ${assembler.stderr.trim().split("\n")[0]}`;
    const slots = bindings.map(({ set, binding, isUniform }) => `${set}:${binding}:${isUniform ? "u" : "s"}`);
    const { stdout, stderr, status } = spawnSync(vkstats, [file, entry, slots.join(" "), "--isa"], {
      env: { ...process.env, VK_DRIVER_FILES: driver, RADV_FORCE_FAMILY: FAMILY, RADV_DEBUG: "nocache" },
      encoding: "utf8",
      maxBuffer: MAX_OUTPUT,
    });
    return status === 0
      ? readStatistics(stdout)
      : `TILEWRIGHT_VKSTATS: ${stderr?.trim().split("\n").at(-1) || "failed"}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Dawn names an extension that assemblers do not know yet; nothing that is counted depends on it. @param {string} text */
const assemblable = (text) =>
  text
    .split("\n")
    .filter((line) => !/MaximallyReconvergesKHR|SPV_KHR_maximal_reconvergence/.test(line))
    .join("\n");

/** @param {string} output @returns {MachineCode | string} */
function readStatistics(output) {
  const statistics = JSON.parse(output.slice(0, output.indexOf("\n")));
  const assembly = output.split(/^##### /m).findLast((part) => part.startsWith("Assembly"));
  if (!assembly) return "TILEWRIGHT_VKSTATS: no assembly";
  return {
    device: statistics.device,
    registers: statistics.VGPRs,
    spills: statistics["Spilled VGPRs"] + statistics["Spilled SGPRs"],
    waves: statistics["Subgroups per SIMD"],
    loop: machineLoop(assembly),
  };
}
