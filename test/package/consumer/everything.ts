/** A program that uses every entry of the package. It names no type that only some libraries have. */
import {
  compile,
  compileSync,
  defineKernel,
  gradient,
  type KernelMemory,
  type OpSpec,
  ready,
  type WebgpuBuffer,
  type WebgpuDevice,
} from "tilewright";
import { compileModule, JS } from "tilewright/compiler";
import { defineConfig } from "tilewright/config";
import esbuild from "tilewright/esbuild";
import rolldown from "tilewright/rolldown";
import rollup from "tilewright/rollup";
import { loadKernel } from "tilewright/runtime";
import { atrousConv2dTranspose, install, type TfModule, type TfTensor } from "tilewright/tfjs";
import { tuneHere, useRecords } from "tilewright/tuning";
import vite from "tilewright/vite";
import webpack from "tilewright/webpack";

const spec = { op: "conv2d", value: [1, 8, 8, 4], filters: [3, 3, 4, 2], rate: 2, padding: "SAME" } as const;

export async function onCpu(data: Float32Array): Promise<Float32Array> {
  const kernel = await compile(spec);
  const shape: readonly number[] = kernel.outputShape;
  // @ts-expect-error A rate is a number.
  await compile({ ...spec, rate: "2" });
  // @ts-expect-error Data are no text.
  kernel.prepare("weights");
  return kernel.run(data, kernel.prepare(new Float32Array(shape.length)));
}

/** A constant without `as const`: the names in it are texts of any kind, and what is computed is of the kind given. */
const gated = {
  formula: "output[n, o] = tanh(sum(i: x[n, i] * w[i, o]))",
  tensors: { x: [8, 32], w: [32, 16] },
  weights: ["w"],
};

export async function ofFormula(x: Float32Array, w: Float32Array): Promise<Float32Array> {
  const kernel = await compile(gated);
  const { output = x } = await kernel.run({ x }, kernel.prepare({ w }));
  const backward = await compile(gradient(gated, "w"));
  const { output: slope } = await backward.run({ upstream: output, x, w });
  // @ts-expect-error A gradient has one output.
  (await backward.run({ upstream: output, x, w })).slope;
  return slope;
}

export async function inMemory(memory: KernelMemory, data: Float32Array): Promise<number> {
  await ready({ threads: 2 });
  const kernel = compileSync(spec, { memory });
  const weights = kernel.prepare(data);
  const address = memory.allocate(4 * data.length);
  kernel.runAt({ value: address, output: memory.allocate(4) }, weights);
  // @ts-expect-error An address is a number.
  kernel.runAt({ value: data }, weights);
  return kernel.memory?.buffer.byteLength ?? 0;
}

export async function onGpu(device: WebgpuDevice, value: WebgpuBuffer): Promise<WebgpuBuffer> {
  const kernel = await compile(spec, { target: "webgpu", device });
  const buffer: WebgpuBuffer = kernel.device.createBuffer({ size: value.size, usage: value.usage });
  const weights = await kernel.prepare(buffer);
  // @ts-expect-error A device is no buffer.
  await kernel.prepare(device);
  const call = await kernel.bind(value, weights, buffer);
  const encoder = device.createCommandEncoder();
  call.encode(encoder);
  device.queue.submit([encoder.finish()]);
  return kernel.run(value, weights, buffer);
}

export async function tuned(signal: { readonly aborted: boolean }, records: string): Promise<number> {
  useRecords(records);
  // @ts-expect-error A signal can be listened to.
  await tuneHere(spec, { signal });
  return (await tuneHere(spec, { level: "quick" })).records.length;
}

export async function inTensorflow(tf: TfModule, x: TfTensor, filters: TfTensor): Promise<number> {
  const installed = await install(tf, { accuracy: "fast", backends: ["wasm"] });
  const output: TfTensor = atrousConv2dTranspose(x, filters, [1, 8, 8, 2], 2, "same");
  // @ts-expect-error There is no such backend.
  await install(tf, { backends: ["webgl"] });
  installed.uninstall();
  return installed.report().saved + output.shape.length;
}

const given: OpSpec = spec;
export const kernel = loadKernel(compileModule(given, { target: JS }));
export const defined = defineKernel(given, { accuracy: "fast" });
export const config = defineConfig({ kernels: { head: spec }, targets: ["js"] });

export const plugins = [vite({ config }), rollup(), rolldown(), webpack(), esbuild({ dts: false })];
// @ts-expect-error There is no such option.
vite({ output: "generated" });
