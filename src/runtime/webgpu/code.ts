/** The code of a WebGPU kernel: one module, and its pipelines on each device. */
import { fail } from "../../ir/errors.js";
import type { WgslEntry, WgslModule } from "../../ir/module.js";
import { groupLayoutOf } from "./layout.js";
import { scoped } from "./scoped.js";
import type { WebgpuBindGroupLayout, WebgpuComputePipeline, WebgpuDevice } from "./types.js";

/** An entry that has been compiled for a device. */
export interface Pipeline {
  readonly entry: WgslEntry;
  readonly layout: WebgpuBindGroupLayout;
  readonly pipeline: WebgpuComputePipeline;
}

export interface Pipelines {
  readonly prepare: readonly Pipeline[];
  readonly run: readonly Pipeline[];
}

export class WgslCode {
  /** The pipelines of devices that are still in use. Concurrent requests share one compilation. */
  readonly #pipelines = new WeakMap<WebgpuDevice, Promise<Pipelines>>();

  constructor(readonly module: WgslModule) {}

  on(device: WebgpuDevice): Promise<Pipelines> {
    const pipelines = this.#pipelines.get(device) ?? this.#compile(device);
    this.#pipelines.set(device, pipelines);
    return pipelines;
  }

  /**
   * The same at once. The GPU compiles in its own time, and work that needs the pipelines waits for it there. No error
   * is caught.
   */
  now(device: WebgpuDevice): Pipelines {
    const all = (entries: readonly WgslEntry[]): Pipeline[] =>
      entries.filter(hasWork).map((entry) => {
        const { layout, description } = describePipeline(device, this.module, entry);
        return { entry, layout, pipeline: device.createComputePipeline(description) };
      });
    return { prepare: all(this.module.prepare), run: all(this.module.run) };
  }

  #compile(device: WebgpuDevice): Promise<Pipelines> {
    const all = (entries: readonly WgslEntry[]) =>
      Promise.all(entries.filter(hasWork).map((entry) => compileEntry(device, this.module, entry)));
    const { prepare, run } = this.module;
    const pipelines = Promise.all([all(prepare), all(run)]).then(([prepare, run]) => ({ prepare, run }));
    pipelines.catch(() => this.#pipelines.delete(device));
    return pipelines;
  }
}

const hasWork = ({ dispatches }: WgslEntry): boolean => dispatches.length > 0;

function describePipeline(device: WebgpuDevice, module: WgslModule, entry: WgslEntry) {
  const { name, code } = entry;
  const shader = device.createShaderModule({ label: name, code });
  const layout = groupLayoutOf(device, module, entry);
  const description = {
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: shader, entryPoint: name },
  };
  return { shader, layout, description };
}

async function compileEntry(device: WebgpuDevice, module: WgslModule, entry: WgslEntry): Promise<Pipeline> {
  const { name } = entry;
  const { result, trouble } = await scoped(device, () => {
    const { shader, layout, description } = describePipeline(device, module, entry);
    const pipeline = device.createComputePipelineAsync(description);
    // The promise is awaited below, after the error scopes. Until then a rejection would count as unhandled.
    pipeline.catch(() => undefined);
    return { shader, layout, pipeline };
  });
  try {
    return { entry, layout: result.layout, pipeline: await result.pipeline };
  } catch (error) {
    const { messages } = await result.shader.getCompilationInfo();
    const errors = messages.filter(({ type }) => type === "error");
    const found = errors.map(({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`);
    const all = found.length > 0 ? found.join("; ") : (trouble?.message ?? String(error));
    return fail("internal", `tilewright bug: the GPU refuses the code of ${name}: ${all}`);
  }
}
