/**
 * The site's table of what each op of the library can, held to what is tried here: kernels against the definition, WGSL against
 * a validator, gradients against differences. `npm run docs` writes it, by running this file with vitest's `--update`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CompileOptions, compile, type FormulaKernel, type GivenSpec, gradient } from "tilewright";
import { compileModule } from "tilewright/compiler";
import { expect, test } from "vitest";
import { kernelFiles } from "../../src/build/files.js";
import { DEFAULT_LIMITS, wgslTarget } from "../../src/codegen/target.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import { ALL_OPS, type Spec } from "../../src/ir/ops/spec.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { planOf } from "../build/support.js";
import { wrongGradient } from "../support/derived.js";
import { EVERY_OP } from "../support/everyOp.js";
import { givenFor } from "../support/run.js";
import { validate } from "../support/webgpu.js";

const PAGE = fileURLToPath(new URL("../../site/pages/ops/support.md", import.meta.url));
const [FROM, TO] = ["<!-- support -->\n", "<!-- /support -->"];

/** What float32 may be off by where a function rounds; the other sums are of small integers. */
const BOUND = 1e-4;

const WGSL = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });

async function isRight(spec: Spec, options: CompileOptions): Promise<boolean> {
  const program = programOf(spec);
  const given = givenFor(program, 1);
  const kernel = (await compile(spec, options)) as unknown as FormulaKernel;
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, given.get(name) as Float32Array]));
  const weights = kernel.prepare(pick(kernel.weightNames));
  const result = await kernel.run(pick(kernel.inputNames), weights);
  kernel.dispose();
  const expected = interpretProgram(program, given).get("output") as Float64Array;
  return expected.every(
    (one, i) => Math.abs(one - (result.output?.[i] as number)) <= BOUND * Math.max(1, Math.abs(one)),
  );
}

/** Tensors with respect to which the op has a gradient that differences confirm. */
function gradientsOf(spec: GivenSpec): string {
  const program = programOf(checkAnySpec(spec));
  const tensors = program.buffers.filter(({ role }) => role === "input" || role === "weights");
  const derived = tensors.filter(({ name }) => gradient(spec, name) && wrongGradient(program, name) === undefined);
  return derived.map(({ name }) => `\`${name}\``).join(", ");
}

async function rowOf(spec: GivenSpec): Promise<string> {
  const checked = checkAnySpec(spec);
  const op = "op" in spec ? spec.op : "";
  const yes = (is: boolean) => (is ? "yes" : "no");
  const levels = ["none", "simd128"] as const;
  const inWasm = levels.map((simd) => isRight(checked, { target: "wasm", features: { simd } }));
  const [plan] = await planOf({ kernels: { one: spec } });
  const files = plan ? kernelFiles(plan, { wasm: "inline" }).files : [];
  const fast = await compile(checked, { accuracy: "fast" });
  return [
    `\`${op}\``,
    yes(await isRight(checked, { target: "js" })),
    yes((await Promise.all(inWasm)).every(Boolean)),
    yes(await isRight(checked, { target: "wasm", threads: 2 })),
    yes((await validate(compileModule(checked, { target: WGSL }))).length === 0),
    yes([...files].length > 3),
    fast.algorithm.startsWith("winograd") ? "yes" : "",
    gradientsOf(spec),
  ].join(" | ");
}

test("every op has a row", () => {
  const ops = EVERY_OP.flatMap((spec) => ("op" in spec ? [spec.op] : []));
  expect(ops.sort()).toEqual([...ALL_OPS].sort());
});

test("the table says what each op can", { timeout: 120_000 }, async () => {
  const heads = ["op", "JavaScript", "WebAssembly", "threads", "WebGPU", "ahead of time", "Winograd", "gradients"];
  const rows: string[] = [];
  for (const spec of EVERY_OP) rows.push(await rowOf(spec));
  const table = [heads.join(" | "), heads.map(() => "---").join(" | "), ...rows].map((row) => `| ${row} |\n`).join("");
  const text = readFileSync(PAGE, "utf8");
  const [before, after] = [text.slice(0, text.indexOf(FROM) + FROM.length), text.slice(text.indexOf(TO))];
  await expect(`${before}${table}${after}`).toMatchFileSnapshot(PAGE);
});
