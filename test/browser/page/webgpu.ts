/** The page with kernels on a GPU: calls on arrays and on buffers, lost devices, and how long the first call takes. */
import { compile, interpret, type OpSpec, type WebgpuKernel, type WebgpuWeights, warmUp } from "tilewright";
import { elementCount } from "../../../src/ir/program.js";
import { same, smallIntegers } from "./data.js";
import { GPU_SPECS, type GpuReport } from "./gpuJobs.js";
import { tryRecordings } from "./recordings.js";

const target = "webgpu";

interface Call {
  readonly kernel: WebgpuKernel;
  readonly weights: WebgpuWeights;
  readonly value: Float32Array;
  readonly expected: Float64Array;
}

async function callOf(spec: OpSpec, device?: GPUDevice): Promise<Call> {
  const kernel = await compile(spec, { target, ...(device ? { device } : {}) });
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const bias = spec.bias ? smallIntegers(kernel.outputShape[3], 3) : undefined;
  return {
    kernel,
    value,
    weights: await kernel.prepare(filters, bias),
    expected: interpret(spec, value, filters, bias),
  };
}

function bufferOf({ device }: WebgpuKernel, values: Float32Array): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: Math.max(16, values.byteLength), usage });
  device.queue.writeBuffer(buffer, 0, values.buffer, values.byteOffset, values.byteLength);
  return buffer;
}

async function read(device: GPUDevice, buffer: GPUBuffer, count: number): Promise<Float32Array> {
  const landing = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, landing, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await landing.mapAsync(GPUMapMode.READ);
  return new Float32Array(landing.getMappedRange()).slice(0, count);
}

async function rightOnArraysAndBuffers(spec: OpSpec): Promise<boolean> {
  const { kernel, weights, value, expected } = await callOf(spec);
  const onArrays = await kernel.run(value, weights);
  const onBuffers = await kernel.run(bufferOf(kernel, value), weights);
  const isRight = same(onArrays, expected) && same(await read(kernel.device, onBuffers, expected.length), expected);
  kernel.dispose();
  return isRight;
}

/** How a call ends: with a right or a wrong result, or with an error's code. */
const endOf = async (call: Promise<boolean>): Promise<string> =>
  call.then(
    (isRight) => (isRight ? "right" : "wrong"),
    (error: { code?: string }) => String(error.code ?? error),
  );

/** Loses the device under a call on arrays, and another time before a call on buffers. */
async function lossOf(spec: OpSpec, device?: GPUDevice): Promise<readonly [string, string]> {
  const { kernel, weights, value, expected } = await callOf(spec, device);
  await kernel.run(value, weights);
  const onArrays = kernel.run(value, weights).then((result) => same(result, expected));
  kernel.device.destroy();
  const first = await endOf(onArrays);
  const input = bufferOf(kernel, value);
  kernel.device.destroy();
  return [first, await endOf(kernel.run(input, weights).then(() => true))];
}

async function firstResult(spec: OpSpec): Promise<number> {
  const begin = performance.now();
  const kernel = await compile(spec, { target });
  const weights = await kernel.prepare(new Float32Array(elementCount(spec.filters)));
  await kernel.run(new Float32Array(elementCount(spec.value)), weights);
  return performance.now() - begin;
}

const large = GPU_SPECS.large as OpSpec;

async function timesOf(): Promise<Record<string, number>> {
  const cold = await firstResult(large);
  const others = [2, 3, 4, 5].map((rate) => ({ ...large, rate: 10 * rate }));
  const begin = performance.now();
  await warmUp(others, { target });
  const warmingUp = performance.now() - begin;
  return { cold, "warming up 4": warmingUp, warm: await firstResult(others[0] as OpSpec) };
}

async function reportOf(): Promise<GpuReport> {
  const violations: string[] = [];
  globalThis.addEventListener("securitypolicyviolation", ({ violatedDirective }) => violations.push(violatedDirective));
  const isRight: Record<string, boolean> = {};
  const losses: Record<string, readonly [string, string]> = {};
  let times: Record<string, number> = {};
  let recordings: GpuReport["recordings"] = { tried: 0, wrong: [] };
  let error: string | null = null;
  try {
    times = await timesOf();
    for (const [title, spec] of Object.entries(GPU_SPECS)) isRight[title] = await rightOnArraysAndBuffers(spec);
    recordings = await tryRecordings();
    losses["the library's own"] = await lossOf(large);
    losses["given as an object"] = await lossOf(large, await (await navigator.gpu.requestAdapter())?.requestDevice());
    isRight["after all losses"] = await rightOnArraysAndBuffers(large);
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.stack}` : String(thrown);
  }
  return { isRight, recordings, losses, times, violations, error };
}

await fetch("/report", { method: "POST", body: JSON.stringify(await reportOf()) });
