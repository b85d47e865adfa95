/** One kernel on one device: its pipelines, its own buffers, and the buffers that all its calls share. */
import { fail, failInternally } from "../../ir/errors.js";
import type { WgslModule } from "../../ir/module.js";
import { type Tensors, tensorsOf } from "../tensors.js";
import { allocateBuffers, type Buffers, checkBuffer, type Declared, notOurs, upload } from "./buffers.js";
import type { Pipelines } from "./code.js";
import { type DeviceSource, lossOf } from "./device.js";
import { COMPUTE_STAGE, MAP_READ } from "./flags.js";
import { boundBuffers } from "./layout.js";
import { scoped, type Trouble } from "./scoped.js";
import { type DispatchStep, type Places, placesOf, stepsOf } from "./steps.js";
import type { WebgpuBuffer, WebgpuDevice, WebgpuLayoutEntry } from "./types.js";

/** Buffers that belong to no call and no weights. */
interface Shared {
  /** Constants and the scratch memory of `run`. Calls can share scratch memory, as a queue runs one after the other. */
  readonly buffers: Buffers;
  readonly places: Places;
}

export class WebgpuInstance {
  readonly tensors: Tensors;
  readonly #own = new Set<WebgpuBuffer>();
  readonly #accepted = new WeakSet<WebgpuBuffer>();
  #shared: Promise<Shared> | undefined;
  #isDisposed = false;

  constructor(
    readonly device: WebgpuDevice,
    readonly source: DeviceSource,
    readonly module: WgslModule,
    readonly pipelines: Pipelines,
  ) {
    this.tensors = tensorsOf(module.buffers, module);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Throws `disposed`. */
  checkAlive(): void {
    if (this.#isDisposed) fail("disposed", "this kernel was disposed; compile its spec again");
  }

  /** Throws `disposed` or `device-lost`. */
  check(): void {
    this.checkAlive();
    const loss = lossOf(this.device);
    if (loss) throw this.source.errorOf(loss);
  }

  /** Makes calls of WebGPU without awaiting between them, and passes their error to `blame`, which throws. */
  async attempt<T>(calls: () => T, blame: (trouble: Trouble) => never = refused): Promise<T> {
    this.check();
    const { result, trouble } = await scoped(this.device, calls);
    this.check();
    return trouble ? blame(trouble) : result;
  }

  /** Waits for a mapping that was requested, passes its bytes to `look`, and unmaps the buffer. */
  async read<T>(buffer: WebgpuBuffer, mapped: Promise<void>, look: (bytes: ArrayBuffer) => T): Promise<T> {
    try {
      await mapped;
    } catch (error) {
      this.checkAlive();
      await lossOrMoment(this.device);
      this.check();
      failInternally(`a buffer could not be read: ${error}`);
    }
    try {
      return look(buffer.getMappedRange());
    } finally {
      buffer.unmap();
    }
  }

  /** Allocates buffers that are destroyed with the kernel, or earlier by `release`. */
  async allocate(buffers: readonly Declared[], usage?: number): Promise<Buffers> {
    this.check();
    const made = await allocateBuffers(this.device, buffers, usage);
    for (const buffer of made.values()) this.#own.add(buffer);
    if (this.#isDisposed) this.dispose();
    this.check();
    return made;
  }

  async allocateOne(buffer: Declared, usage: number): Promise<WebgpuBuffer> {
    return (await this.allocate([buffer], usage)).get(buffer.name) as WebgpuBuffer;
  }

  release(buffers: Iterable<WebgpuBuffer>): void {
    for (const buffer of buffers) {
      buffer.destroy();
      this.#own.delete(buffer);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.release(this.#own);
  }

  /** A caller's buffer. Throws `invalid-argument` unless the kernel can be bound to it. */
  async accept(declared: Declared, given: unknown): Promise<WebgpuBuffer> {
    const buffer = checkBuffer(declared, given, "storage");
    if (this.#accepted.has(buffer)) return buffer;
    await this.attempt(
      () => probe(this.device, buffer),
      ({ message }) => notOurs(declared.name, message),
    );
    this.#accepted.add(buffer);
    return buffer;
  }

  /** Binds the entries of one part to these buffers and to the shared ones. */
  async bind(part: keyof Pipelines, buffers: Iterable<readonly [string, WebgpuBuffer]>): Promise<DispatchStep[]> {
    const shared = await this.#sharedOnce();
    const all = new Map([...shared.buffers, ...buffers]);
    return this.attempt(() => stepsOf(this.device, this.module, this.pipelines[part], all, shared.places));
  }

  #sharedOnce(): Promise<Shared> {
    const shared = this.#shared ?? this.#share();
    this.#shared = shared;
    shared.catch(() => {
      this.#shared = undefined;
    });
    return shared;
  }

  async #share(): Promise<Shared> {
    const { prepare, run } = this.module;
    const constants = boundBuffers(this.module, [...prepare, ...run], "constant");
    const buffers = await this.allocate([...constants, ...boundBuffers(this.module, run, "scratch")]);
    return this.attempt(() => {
      for (const constant of constants) {
        upload(
          this.device,
          buffers.get(constant.name) as WebgpuBuffer,
          constant,
          Float32Array.from(constant.values ?? []),
        );
      }
      const places = placesOf(this.device, this.module);
      for (const place of places.values()) this.#own.add(place);
      return { buffers, places };
    });
  }
}

/** Makes a bind group of one buffer, which is an error if the buffer belongs to another device. */
function probe(device: WebgpuDevice, buffer: WebgpuBuffer): void {
  const entry: WebgpuLayoutEntry = {
    binding: 0,
    visibility: COMPUTE_STAGE,
    buffer: { type: "read-only-storage" },
  };
  const layout = device.createBindGroupLayout({ entries: [entry] });
  device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] });
}

const refused = ({ message }: Trouble): never => failInternally(`the GPU refuses a call: ${message}`);

/** Waits for a loss for at most a second: a loss may become known a moment after the failure that it caused. */
const lossOrMoment = (device: WebgpuDevice): Promise<unknown> =>
  Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 1000))]);

/** Requests a mapping. Its promise may be awaited late: until then a rejection does not count as unhandled. */
export function mapping(buffer: WebgpuBuffer): { readonly mapped: Promise<void> } {
  const mapped = buffer.mapAsync(MAP_READ);
  mapped.catch(() => undefined);
  return { mapped };
}
