// @ts-check
/** `npm run judge -- webgpu`: the shape of GPU kernels, by their code and without a GPU. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileModule, DEFAULT_LIMITS, wgslTarget } from "tilewright/compiler";
import { messageOf } from "../../peers/process.js";
import { shapesNamed, sizesOf } from "../shapes.js";
import { judge } from "./judge.js";
import { printJudgements } from "./report.js";

/** @typedef {{ shape: string, sizes: string, schedule: string } & import("./judge.js").Judgement} Row */

const HELP = `npm run judge -- webgpu [shape ...] [options]: GPU kernels by their code, without a GPU.
Shapes are those of bench/suite.json, and large256; all by default.

  --json          everything, for other programs
  --wgsl FOLDER   writes the code there

Needs Chromium's SwiftShader (or VK_DRIVER_FILES) for SPIR-V. For AMD machine code: spirv-as, TILEWRIGHT_VKSTATS and
TILEWRIGHT_RADV_ICD; see bench/gpu/judge/machineCode.js.`;

const options = optionsOrHelp();
if (options) {
  const rows = options.shapes.flatMap(([shape, spec]) => judgeShape(shape, spec, options.wgsl));
  if (options.json) console.log(JSON.stringify(rows, null, 2));
  else printJudgements(rows);
}

/** Undefined if there is nothing to judge: help was asked for, or is needed. */
function optionsOrHelp() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, wgsl: { type: "string" } },
    });
    const [target, ...names] = positionals;
    if (target === "webgpu") return { ...values, shapes: shapesNamed(names) };
    console.error(HELP);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${HELP}`);
  }
  process.exitCode = 1;
  return undefined;
}

/**
 * @param {string} shape @param {import("../../peers/problem.js").DenseSpec} spec @param {string | undefined} folder for the code
 * @returns {Row[]}
 */
function judgeShape(shape, spec, folder) {
  const { run, schedule } = compileModule(spec, { target: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }) });
  return run.map((entry) => {
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${shape}.${entry.name}.wgsl`), entry.code);
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${shape.padEnd(24)}\r`);
    return { shape, sizes: sizesOf(spec), schedule, ...judge(entry) };
  });
}
