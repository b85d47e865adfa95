/**
 * Recorded calls of TensorFlow, PyTorch, ONNX, WebNN, TensorFlow.js and TFLite, in the words of each: specs are resolved by
 * their convention, run on every target, and differentiated.
 */
import { type CompileOptions, compile, gradient as gradientOf, type WebgpuOptions } from "tilewright";
import { describe, expect, test } from "vitest";
import { gradient } from "../../src/ir/derive/gradient.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { Program } from "../../src/ir/program.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { HAS_TIME, IS_NIGHT } from "../support/effort.js";
import { DRIVER, FEATURES, needs, TIME } from "../support/needs.js";
import { type FamilyVector, familyVector, type RecordedVector } from "../support/recordedFamily.js";
import { expectWithinRounding } from "../support/rounding.js";
import { type RecordedTensor, recorded, sharedCases } from "../support/vectors.js";
import { OWN, WAYS, type Way } from "../support/ways.js";
import { gpuDevice } from "../support/webgpu.js";

type Given = FamilyVector["given"];

const interpreted = (program: Program, given: Given, f: (x: number) => number): Float64Array =>
  interpretProgram(program, new Map([...given].map(([name, data]) => [name, data.map(f)]))).get(
    "output",
  ) as Float64Array;

/** What a suite's own numbers may be off by: some are written in a few decimals. */
type Slack = NonNullable<RecordedVector["tolerance"]>;

const NO_SLACK: Slack = { rel: 0, abs: 0 };

/** Results that were rounded to halves, on the way, too. */
const HALF_SLACK: Slack = { rel: 2 ** -9, abs: 0 };

const slackFor = ({ expected, tolerance }: RecordedVector, ofFile: Slack): Slack =>
  tolerance ?? (expected?.dtype === "float16" ? HALF_SLACK : ofFile);

/** Numbers of the file, moved to the actual ones where they are within the suite's tolerance. */
const withSlack = (actual: ArrayLike<number>, expected: readonly number[], { rel, abs }: Slack): number[] =>
  expected.map((one, i) => {
    const distance = Math.abs((actual[i] as number) - one);
    return distance <= abs + rel * Math.abs(one) ? (actual[i] as number) : one;
  });

/** `program` computes the sums, without an activation; `steepness` is how fast the activation may grow. */
function expectRecorded(
  actual: ArrayLike<number>,
  { data }: RecordedTensor,
  program: Program,
  given: Given,
  { slack = NO_SLACK, steepness = 1 },
): void {
  const magnitude = {
    products: interpreted(program, given, () => 1),
    magnitudes: interpreted(program, given, Math.abs).map((sum) => steepness * sum),
  };
  expectWithinRounding(actual, withSlack(actual, data, slack), magnitude, 2);
}

/** How a kernel is made: in a way of the CPU, or on a device. */
type How = Pick<Way, "title"> & { readonly options: CompileOptions | WebgpuOptions };

async function expectForward({ spec, given, expected }: FamilyVector, slack: Slack, { options }: How): Promise<void> {
  const tensor = expected as RecordedTensor;
  const { activation, ...plain } = spec;
  const program = programOf(checkAnySpec(plain));
  const kernel = await compile(spec, options as CompileOptions);
  const array = (name: string) => Float32Array.from(given.get(name) ?? []);
  const more = spec.bias ? [array("bias")] : [];
  const output = await kernel.run(array("value"), await kernel.prepare(array("filters"), ...more));
  kernel.dispose();
  const steepness = typeof activation === "object" && activation.kind === "leakyRelu" ? activation.alpha : 1;
  const sizes = kernel.outputShape.filter(
    (size, i) => size !== 1 || i > 0 || tensor.shape.length === kernel.outputShape.length,
  );
  expect(sizes).toEqual(tensor.shape);
  expectRecorded(output, tensor, program, given, { slack, steepness });
}

async function expectGradients(
  { spec, given, upstream, gradients }: FamilyVector,
  slack: Slack,
  { options }: How,
): Promise<void> {
  const program = programOf(checkAnySpec(spec));
  for (const [name, expected] of gradients) {
    const derived = gradient(program, name);
    const all = new Map([...given, ["upstream", (upstream as RecordedTensor).data]]);
    const kernel = await compile(gradientOf(spec, name), options as CompileOptions);
    const inputs = kernel.inputNames.map((one) => [one, Float32Array.from(all.get(one) ?? [])]);
    const { output } = await kernel.run(Object.fromEntries(inputs));
    kernel.dispose();
    expectRecorded(output as Float32Array, expected, derived, all, { slack });
  }
}

/** Gradients are kernels as well: of this engine and in JavaScript where there is time for them, at night everywhere. */
const hasGradients = ({ title }: How): boolean =>
  IS_NIGHT || title === "plain" || (HAS_TIME && ["js", OWN.title].includes(title));

/** What became of the calls of a file. */
interface Tally {
  passed: number;
  gradients: number;
  readonly refused: Record<string, number>;
  readonly failed: string[];
}

async function tallyOf(vectors: readonly RecordedVector[], slack: Slack, how: How): Promise<Tally> {
  const tally: Tally = { passed: 0, gradients: 0, refused: {}, failed: [] };
  for (const vector of vectors) {
    try {
      const call = familyVector(vector);
      checkAnySpec(call.spec);
      if (call.expected) {
        await expectForward(call, slackFor(vector, slack), how);
        tally.passed++;
      }
      if (!call.upstream || !hasGradients(how)) continue;
      await expectGradients(call, slackFor(vector, slack), how);
      tally.gradients += call.gradients.size;
    } catch (error) {
      const said = (error as Error).message;
      const isRefusal = error instanceof TilewrightError || said.startsWith("no activation");
      if (isRefusal) tally.refused[said] = (tally.refused[said] ?? 0) + 1;
      else tally.failed.push(`${vector.name}: ${said}`);
    }
  }
  return tally;
}

interface File {
  readonly vectors: readonly RecordedVector[] | undefined;
  readonly slack?: Slack;
  /** Calls whose results are held to the recorded ones, and derivatives. */
  readonly passed: number;
  readonly gradients: number;
  readonly refused?: Readonly<Record<string, number>>;
}

const FILES: Readonly<Record<string, File>> = {
  "tf_atrous_conv2d_transpose.json": {
    vectors: recorded("tf_atrous_conv2d_transpose.json"),
    passed: 57,
    gradients: 114,
  },
  "tf_conv2d_transpose.json": { vectors: recorded("tf_conv2d_transpose.json"), passed: 42, gradients: 84 },
  "tf_conv2d_depthwise.json": { vectors: recorded("tf_conv2d_depthwise.json"), passed: 36, gradients: 38 },
  "torch.json": { vectors: recorded("torch.json"), passed: 69, gradients: 158 },
  "ort.json": { vectors: recorded("ort.json"), passed: 56, gradients: 0 },
  "published/onnx_backend.json": { vectors: sharedCases("published/onnx_backend.json"), passed: 38, gradients: 0 },
  "published/ort_cpp.json": { vectors: sharedCases("published/ort_cpp.json"), passed: 61, gradients: 0 },
  "published/ort_web.json": {
    vectors: sharedCases("published/ort_web.json"),
    passed: 39,
    gradients: 0,
    refused: { "no activation HardSigmoid": 3 },
  },
  "published/ort_training_grads.json": {
    vectors: sharedCases("published/ort_training_grads.json"),
    passed: 0,
    gradients: 27,
  },
  "published/tf_tests.json": {
    vectors: sharedCases("published/tf_tests.json"),
    passed: 175,
    gradients: 30,
    refused: { "conv2d needs at least one output channel; filters are [2,2,1,0] in hwio": 2 },
  },
  "published/tfjs.json": {
    vectors: sharedCases("published/tfjs.json"),
    slack: { rel: 1e-5, abs: 0 },
    passed: 47,
    gradients: 24,
  },
  "published/tflite.json": { vectors: sharedCases("published/tflite.json"), passed: 10, gradients: 0 },
  "published/wpt_webnn.json": { vectors: sharedCases("published/wpt_webnn.json"), passed: 82, gradients: 0 },
};

const device = await gpuDevice();

describe.each(Object.entries(FILES))("%s", (name, { vectors, slack = NO_SLACK, passed, gradients, refused = {} }) => {
  for (const way of WAYS.filter(({ options }) => !options.features?.hoistsLoads)) {
    const isQuick = way.title === "plain" || way.options.features?.simd === OWN.options.features?.simd;
    const all = { [name]: vectors, [FEATURES]: way.runsHere, [TIME]: isQuick || HAS_TIME };
    test(way.title, { ...needs(all), timeout: 120_000 }, async () => {
      const tally = await tallyOf(vectors ?? [], slack, way);
      expect(tally).toEqual({ passed, gradients: hasGradients(way) ? gradients : 0, refused, failed: [] });
    });
  }
  const here = { [name]: vectors, [DRIVER]: device, [TIME]: HAS_TIME };
  test("webgpu", { ...needs(here), timeout: 900_000 }, async () => {
    const how = { title: "webgpu", options: { target: "webgpu", device: device as GPUDevice } } as const;
    const tally = await tallyOf(vectors ?? [], slack, how);
    expect(tally).toEqual({ passed, gradients: hasGradients(how) ? gradients : 0, refused, failed: [] });
  });
});
