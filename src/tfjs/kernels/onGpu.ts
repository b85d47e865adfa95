/**
 * Kernels on a GPU. They are compiled by plan, and recorded where TensorFlow.js records its own. Weights are brought
 * into their order in front of the first call that has them, which takes a dispatch or two. So training, which makes
 * new filters in each step, stays on our kernels.
 */
import { fail } from "../../ir/errors.js";
import { elementCount } from "../../ir/shape.js";
import { compile } from "../../runtime/compile.js";
import { loadCompiler, loadReaders } from "../../runtime/jit.js";
import type { Buffers } from "../../runtime/webgpu/buffers.js";
import { deviceCodeNow } from "../../runtime/webgpu/compile.js";
import type { WebgpuKernel } from "../../runtime/webgpu/kernel.js";
import { type DeviceCode, type PreparedWeights, WebgpuRecorder } from "../../runtime/webgpu/recorder.js";
import { record } from "../../runtime/webgpu/steps.js";
import type { WebgpuBuffer } from "../../runtime/webgpu/types.js";
import type { GpuHost } from "../hosts/webgpu.js";
import type { CallPlan } from "../plan.js";
import type { TfCall, TfTensor } from "../tf.js";
import { BoundSteps } from "./boundSteps.js";
import { type PlanKernels, renamed } from "./planKernels.js";
import { type Slot, Slots } from "./slots.js";

interface GpuSlot extends Slot {
  /** Slots of one plan share it. */
  readonly recorder: WebgpuRecorder;
  /** The weights in their order. */
  readonly kept: Buffers;
  readonly calls: BoundSteps;
}

export class GpuKernels implements PlanKernels {
  readonly isOnGpu = true;
  readonly handicap = 1;
  readonly #host: GpuHost;
  readonly #accuracy: "exact" | "fast";
  /** It holds pipelines, and no memory of the GPU. */
  readonly #compiled = new WeakMap<CallPlan, DeviceCode>();
  readonly #slots = new Slots<GpuSlot>();

  constructor(host: GpuHost, accuracy: "exact" | "fast") {
    this.#host = host;
    this.#accuracy = accuracy;
  }

  async ready(): Promise<void> {
    await Promise.all([loadReaders(), loadCompiler("wgsl", { accuracy: this.#accuracy, algorithm: "auto" })]);
  }

  obstacle(): string | undefined {
    return this.#host.obstacle();
  }

  /** A kernel serves all tensors of its sizes. */
  madeFor(): readonly TfTensor[] {
    return [];
  }

  make(plan: CallPlan): boolean {
    this.#compiled.set(plan, deviceCodeNow(plan.spec, { accuracy: this.#accuracy }, this.#host.device));
    return true;
  }

  async makeLater(plan: CallPlan): Promise<void> {
    const { device } = this.#host;
    const options = { target: "webgpu", device, accuracy: this.#accuracy } as const;
    const kernel = (await compile(plan.spec, options)) as WebgpuKernel;
    this.#compiled.set(plan, kernel.code);
  }

  run(plan: CallPlan, call: TfCall): TfTensor | undefined {
    const code = this.#compiled.get(plan);
    if (!code) return undefined;
    const weights = renamed(plan.weights, call);
    const read = { ...renamed(plan.inputs, call), ...weights };
    const buffers = this.#buffersOf(read, plan);
    const output = this.#host.newTensor([...plan.outputShape]);
    buffers.set("output", this.#host.bufferOf(output) as WebgpuBuffer);
    const known = this.#slots.find(plan, Object.values(weights));
    const { slot, prepared } = known ? { slot: known } : this.#newSlot(plan, code, Object.values(weights), buffers);
    const steps = slot.calls.on([...buffers.values()], () => slot.recorder.bind(buffers, slot.kept));
    const all = [...(prepared?.steps ?? []), ...steps];
    this.#host.record([...Object.values(read), output], (pass) => {
      record(pass, all);
      return all.reduce((sum, { dispatches }) => sum + dispatches.length, 0);
    });
    if (prepared) this.#host.destroyLater([...prepared.passing.values()]);
    return output;
  }

  dispose(): void {
    this.#release(this.#slots.takeAll());
    this.#host.dispose();
  }

  /** Buffers by the names of tensors. */
  #buffersOf(tensors: Readonly<Record<string, TfTensor>>, { outputShape }: CallPlan): Map<string, WebgpuBuffer> {
    if (elementCount(outputShape) === 0) fail("target-unavailable", "an output without elements is bound to nothing");
    const buffers = new Map<string, WebgpuBuffer>();
    for (const [name, tensor] of Object.entries(tensors)) {
      const buffer = this.#host.bufferOf(tensor);
      if (!buffer) return fail("target-unavailable", `${name} lies in no buffer of float32`);
      buffers.set(name, buffer);
    }
    return buffers;
  }

  #newSlot(
    plan: CallPlan,
    code: DeviceCode,
    weights: readonly TfTensor[],
    buffers: Buffers,
  ): { readonly slot: GpuSlot; readonly prepared: PreparedWeights } {
    const recorder = this.#slots.of(plan)[0]?.recorder ?? new WebgpuRecorder(code);
    const prepared = recorder.prepare(buffers);
    const dataIds = weights.map(({ dataId }) => dataId);
    const slot = { ...{ plan, recorder, kept: prepared.kept, dataIds, used: 0 }, calls: new BoundSteps() };
    const gone = this.#slots.takeGone((dataId) => this.#host.isAlive(dataId));
    const oldest = this.#slots.add(slot);
    this.#release(oldest ? [...gone, oldest] : gone);
    return { slot, prepared };
  }

  #release(slots: readonly GpuSlot[]): void {
    const unused = new Set<WebgpuRecorder>();
    for (const { plan, recorder, kept } of slots) {
      this.#host.destroyLater([...kept.values()]);
      if (this.#slots.of(plan).length === 0) unused.add(recorder);
    }
    for (const { buffers } of unused) this.#host.destroyLater(buffers);
  }
}
