/** All tiles of a product on a GPU, of workgroups of more sizes than the cost model is asked about. */
import { failInternally } from "../../../ir/errors.js";
import { type Algorithm, programOf } from "../../../ir/ops/index.js";
import type { OpSpec } from "../../../ir/ops/spec.js";
import type { Program, Stage } from "../../../ir/program.js";
import type { Target } from "../../target.js";
import { productCycles } from "../gpuCost.js";
import { gpuSchedule, gpuTiles, productOf, type Ranges, workOf } from "../gpuSketch.js";
import { tileDirectives } from "../gpuTiles.js";
import { gpuWinograd } from "../gpuWinograd.js";
import type { Points } from "./point.js";

const RANGES: Ranges = {
  rows: [1, 2, 4, 8, 16],
  columns: [4, 8, 16],
  depths: [4, 8, 16, 32, 64],
  vectors: [1, 2, 3, 4, 6, 8],
  teams: [32, 64, 128, 256],
  written: 512,
};

/** Of the direct algorithm, in as many parts as it says, and of Winograd's. */
export function* gpuSpace(spec: OpSpec, algorithm: Algorithm, target: Target): Points {
  const program = programOf(spec, algorithm);
  const [name, sketch] =
    algorithm.kind === "direct" ? (["conv", gpuSchedule] as const) : (["product", gpuWinograd] as const);
  const stage = stageOf(program, name);
  const product = productOf(stage);
  const work = workOf(stage, product);
  const rest = sketch(program, target, { knobs: {}, directives: [], cycles: 0 });
  for (const tile of gpuTiles(work, RANGES, target)) {
    const cycles = productCycles(tile, work, target);
    const plan = () => {
      const sketched = { knobs: {}, directives: tileDirectives(tile, product), cycles };
      return { program, schedule: sketch(program, target, sketched).schedule };
    };
    yield { knobs: { ...tile }, cycles: rest.cycles + cycles, plan };
  }
}

const stageOf = ({ run }: Program, name: string): Stage =>
  run.find((stage) => stage.name === name) ?? failInternally(`a product without ${name}`);
