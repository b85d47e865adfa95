/** The steps that a compute pass records: pipelines, each with its buffers and dispatches. */
import { failInternally } from "../../ir/errors.js";
import type { WgslDispatch, WgslEntry, WgslModule } from "../../ir/module.js";
import type { Buffers } from "./buffers.js";
import type { Pipeline } from "./code.js";
import { USAGE } from "./flags.js";
import { bufferNamed, bytesOf, isDivided, PLACE_BYTES } from "./layout.js";
import type {
  WebgpuBindGroup,
  WebgpuBuffer,
  WebgpuCommandEncoder,
  WebgpuComputePass,
  WebgpuComputePipeline,
  WebgpuDevice,
} from "./types.js";

export interface DispatchStep {
  readonly pipeline: WebgpuComputePipeline;
  readonly group: WebgpuBindGroup;
  readonly dispatches: readonly WgslDispatch[];
}

/** The buffer of places for each divided entry: where each of its dispatches begins. */
export type Places = ReadonlyMap<WgslEntry, WebgpuBuffer>;

/** Bytes between places. WebGPU guarantees that every device accepts multiples of 256 as offsets of uniforms. */
const ALIGNMENT = 256;

export function placesOf(device: WebgpuDevice, { prepare, run }: WgslModule): Places {
  return new Map([...prepare, ...run].filter(isDivided).map((entry) => [entry, uploadPlaces(device, entry)]));
}

function uploadPlaces(device: WebgpuDevice, { name, dispatches }: WgslEntry): WebgpuBuffer {
  const places = new Uint32Array((dispatches.length * ALIGNMENT) / Uint32Array.BYTES_PER_ELEMENT);
  dispatches.forEach(({ first }, i) => {
    places.set(first, (i * ALIGNMENT) / Uint32Array.BYTES_PER_ELEMENT);
  });
  const usage = USAGE.uniform | USAGE.copyDestination;
  const buffer = device.createBuffer({ label: `places of ${name}`, size: places.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, places);
  return buffer;
}

/** Binds buffers by name. A caller's buffer may be larger than its tensor; then its beginning is bound. */
export function stepsOf(
  device: WebgpuDevice,
  module: WgslModule,
  pipelines: readonly Pipeline[],
  buffers: Buffers,
  places: Places,
): DispatchStep[] {
  return pipelines.map(({ entry, layout, pipeline }) => {
    const resources = entry.bindings.map(({ buffer: name }) => ({
      buffer: buffers.get(name) ?? failInternally(`${entry.name} binds ${name}, which nobody has made`),
      size: bytesOf(bufferNamed(module, name)),
    }));
    const place = places.get(entry);
    const all = place ? [...resources, { buffer: place, size: PLACE_BYTES }] : resources;
    const entries = all.map((resource, binding) => ({ binding, resource }));
    return { pipeline, group: device.createBindGroup({ layout, entries }), dispatches: entry.dispatches };
  });
}

const offset = new Uint32Array(1);

/** Records the steps without allocating memory, so that frequent calls leave nothing to be collected. */
export function record(pass: WebgpuComputePass, steps: readonly DispatchStep[]): void {
  for (const { pipeline, group, dispatches } of steps) {
    pass.setPipeline(pipeline);
    const isDivided = dispatches.length > 1;
    if (!isDivided) pass.setBindGroup(0, group);
    for (let i = 0; i < dispatches.length; i++) {
      const [x, y, z] = (dispatches[i] as WgslDispatch).count;
      offset[0] = i * ALIGNMENT;
      if (isDivided) pass.setBindGroup(0, group, offset, 0, 1);
      pass.dispatchWorkgroups(x, y, z);
    }
  }
}

/** Records the steps in a pass of their own. */
export function recordPass(encoder: WebgpuCommandEncoder, steps: readonly DispatchStep[]): void {
  const pass = encoder.beginComputePass();
  record(pass, steps);
  pass.end();
}
