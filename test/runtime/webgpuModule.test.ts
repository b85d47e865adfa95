/** A module by hand: constants, scratch memory, what prepare leaves to run, and work that is cut into several dispatches. */
import type { OpSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import type { WgslBinding, WgslEntry, WgslModule } from "../../src/ir/module.js";
import type { BufferDecl, BufferRole } from "../../src/ir/program.js";
import type { Triple } from "../../src/ir/stmt.js";
import { WgslCode } from "../../src/runtime/webgpu/code.js";
import { deviceSourceOf } from "../../src/runtime/webgpu/device.js";
import { WebgpuInstance } from "../../src/runtime/webgpu/instance.js";
import { WebgpuKernel } from "../../src/runtime/webgpu/kernel.js";
import { directFacts } from "../support/algorithms.js";
import { bufferOf, readFloats, submit } from "../support/gpuCalls.js";
import { DRIVER, needs } from "../support/needs.js";
import { gpuDevice, validate } from "../support/webgpu.js";

const found = await gpuDevice();

const spec: OpSpec = { op: "conv2d", value: [1, 3, 7, 2], filters: [1, 1, 2, 2], rate: 1, padding: "SAME" };
const COUNT = 42;

const buffer = (name: string, shape: number[], role: BufferRole, values?: number[]): BufferDecl => ({
  name,
  shape,
  dtype: "f32",
  role,
  ...(values ? { values } : {}),
});

/** Workgroups of 3 numbers, in a row: one dispatch for each of these counts. */
function entry(name: string, parts: readonly number[], buffers: readonly string[], statement: string): WgslEntry {
  const bindings = buffers.map(
    (one, i): WgslBinding => ({ buffer: one, access: i === buffers.length - 1 ? "read_write" : "read" }),
  );
  const first = (i: number): Triple => [parts.slice(0, i).reduce((sum, count) => sum + count, 0), 0, 0];
  const isDivided = parts.length > 1;
  return {
    name,
    bindings,
    dispatches: parts.map((count, i) => ({ first: first(i), count: [count, 1, 1] })),
    code: [
      ...bindings.map(({ buffer: one, access }, i) => {
        const { shape } = BUFFERS.find(({ name }) => name === one) as BufferDecl;
        const count = shape.reduce((a, b) => a * b, 1);
        return `@group(0) @binding(${i}) var<storage, ${access}> ${one}: array<f32, ${count}>;`;
      }),
      isDivided ? `@group(0) @binding(${bindings.length}) var<uniform> first: vec4u;` : "",
      "@compute @workgroup_size(3)",
      `fn ${name}(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) id: vec3u) {`,
      `  let i = 3 * (group.x${isDivided ? " + first.x" : ""}) + id.x;`,
      `  ${statement}`,
      "}",
    ].join("\n"),
  };
}

const BUFFERS = [
  buffer("value", [1, 3, 7, 2], "input"),
  buffer("filters", [1, 1, 2, 2], "weights"),
  buffer(
    "offsets",
    [COUNT],
    "constant",
    Array.from({ length: COUNT }, (_, i) => 100 * i),
  ),
  buffer("factors", [6], "prepared"),
  buffer("doubled", [6], "scratch"),
  buffer("products", [COUNT], "scratch"),
  buffer("output", [1, 3, 7, 2], "output"),
];

const module: WgslModule = {
  key: "",
  language: "wgsl",
  ...directFacts(spec, "by hand"),
  buffers: BUFFERS,
  prepare: [
    entry("double", [2], ["filters", "doubled"], "doubled[i] = 2 * filters[i % 4];"),
    entry("shift", [1, 1], ["doubled", "offsets", "factors"], "factors[i] = doubled[i] + offsets[1] / 100;"),
  ],
  run: [
    entry("multiply", [5, 1, 8], ["value", "factors", "products"], "products[i] = value[i] * factors[i % 6];"),
    entry("nothing", [], ["products", "output"], "output[i] = 0;"),
    entry(
      "add",
      [7, 7],
      ["filters", "products", "offsets", "output"],
      "output[i] = products[i] + offsets[i] + filters[0];",
    ),
  ],
};

/** What all of it comes to. */
const outputOf = (value: Float32Array, filters: Float32Array) =>
  value.map((x, i) => x * (2 * (filters[(i % 6) % 4] as number) + 1) + 100 * i + (filters[0] as number));

test("the module is valid", async () => expect(await validate(module)).toEqual([]));

describe("a module by hand", needs({ [DRIVER]: found }), () => {
  const device = found as GPUDevice;
  const value = Float32Array.from({ length: COUNT }, (_, i) => i - 20);
  const filters = Float32Array.of(3, 5, 7, 9);

  const kernelOf = async () => {
    const pipelines = await new WgslCode(module).on(device);
    const install = async () => new WebgpuInstance(device, deviceSourceOf(device), module, pipelines);
    return new WebgpuKernel(install, await install());
  };

  test("is computed part by part", async () => {
    const kernel = await kernelOf();
    const weights = await kernel.prepare(filters);
    for (let i = 0; i < 3; i++) expect(await kernel.run(value, weights)).toEqual(outputOf(value, filters));
    kernel.dispose();
  });

  test("several calls of a kernel share its scratch memory, in one submission", async () => {
    const kernel = await kernelOf();
    const sets = [filters, Float32Array.of(1, 2, 3, 4)];
    const outputs = sets.map(() => bufferOf(device, COUNT));
    const calls = sets.map(async (set, i) => {
      return kernel.bind(bufferOf(device, value), await kernel.prepare(set), outputs[i] as GPUBuffer);
    });
    submit(device, ...(await Promise.all(calls)));
    const results = await Promise.all(outputs.map((output) => readFloats(device, output)));
    expect(results).toEqual(sets.map((set) => outputOf(value, set)));
  });

  test("weights that run reads as they are stay a snapshot", async () => {
    const kernel = await kernelOf();
    const given = bufferOf(device, filters);
    const weights = await kernel.prepare(given);
    given.destroy();
    expect(await kernel.run(value, weights)).toEqual(outputOf(value, filters));
  });
});
