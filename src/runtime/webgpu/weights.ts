/** Weights on the GPU, in the order that one kernel needs. */
import { fail } from "../../ir/errors.js";
import { type Buffers, type Declared, notOurs, upload } from "./buffers.js";
import { isBuffer } from "./device.js";
import type { WebgpuInstance } from "./instance.js";
import { boundBuffers, bytesOf } from "./layout.js";
import { recordPass } from "./steps.js";
import type { WebgpuBuffer } from "./types.js";

/** One tensor of weights as a caller gave it. */
export interface Source {
  readonly declared: Declared;
  readonly from: Float32Array | WebgpuBuffer;
}

/** Weights that `WebgpuKernel.prepare` made. They are a snapshot: later changes of arrays and buffers do not show. */
export class WebgpuWeights {
  /** The sources, as long as the weights may have to be made again on another device. */
  #given: readonly Source[] | undefined;
  #prepared: { readonly instance: WebgpuInstance; readonly buffers: Promise<Buffers> } | undefined;
  #isDisposed = false;

  /** @internal */
  constructor(
    readonly kernel: object,
    given: readonly Source[],
  ) {
    this.#given = given;
  }

  /** @internal Throws `disposed`. */
  check(): void {
    if (this.#isDisposed) fail("disposed", "these weights were disposed; prepare them again");
  }

  /** @internal The buffers on this instance. They are made again if the instance is another one than before. */
  async on(instance: WebgpuInstance): Promise<Buffers> {
    this.check();
    if (this.#prepared?.instance !== instance) this.#prepareOn(instance);
    const buffers = await this.#prepared?.buffers;
    this.check();
    return buffers as Buffers;
  }

  #prepareOn(instance: WebgpuInstance): void {
    const given = this.#given;
    if (!given) {
      fail("device-lost", "these weights came from GPU buffers and were lost with the device; prepare them again");
    }
    const buffers = prepare(instance, given);
    this.#prepared = { instance, buffers };
    const isLasting = instance.source.canReplace && !given.some(({ from }) => isBuffer(from));
    buffers.then(
      () => {
        if (!isLasting) this.#given = undefined;
      },
      () => {
        this.#prepared = undefined;
      },
    );
  }

  /** Destroys the buffers of these weights. Calls with these weights then throw `disposed`. */
  dispose(): void {
    this.#isDisposed = true;
    const { instance, buffers } = this.#prepared ?? {};
    buffers?.then(
      (made) => instance?.release(made.values()),
      () => undefined,
    );
  }
}

/** Runs the code's `prepare` and keeps the buffers that `run` reads. */
async function prepare(instance: WebgpuInstance, given: readonly Source[]): Promise<Buffers> {
  const { module } = instance;
  const kept = boundBuffers(module, module.run, "weights", "prepared");
  const read = boundBuffers(module, module.prepare, "weights", "prepared", "scratch");
  const passing = read.filter((one) => !kept.includes(one));
  const made = await instance.allocate([...kept, ...passing]);
  const pick = (some: readonly Declared[]): Buffers =>
    new Map(some.map(({ name }) => [name, made.get(name) as WebgpuBuffer]));
  try {
    await compute(instance, given, made);
  } catch (error) {
    instance.release(pick(kept).values());
    throw error;
  } finally {
    instance.release(pick(passing).values());
  }
  return pick(kept);
}

async function compute(instance: WebgpuInstance, given: readonly Source[], buffers: Buffers): Promise<void> {
  const { device } = instance;
  await Promise.all(given.map((one) => fill(instance, one, buffers.get(one.declared.name))));
  const steps = await instance.bind("prepare", buffers);
  await instance.attempt(() => {
    const encoder = device.createCommandEncoder();
    recordPass(encoder, steps);
    device.queue.submit([encoder.finish()]);
  });
}

/** Copies a source to a buffer. `to` is undefined if no code reads the tensor. */
async function fill(instance: WebgpuInstance, { declared, from }: Source, to: WebgpuBuffer | undefined): Promise<void> {
  if (!to) return;
  const { device } = instance;
  if (!isBuffer(from)) return instance.attempt(() => upload(device, to, declared, from));
  await instance.attempt(
    () => {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(from, 0, to, 0, bytesOf(declared));
      device.queue.submit([encoder.finish()]);
    },
    ({ message }) => notOurs(declared.name, message),
  );
}
