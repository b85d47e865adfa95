/**
 * The WebGPU backend: kernels are recorded in the compute pass that TensorFlow.js records its own in, on its buffers.
 *
 * All fields of the backend that are no public API of TensorFlow.js are in this file. They are as in 4.22.
 */
import { isBuffer } from "../../runtime/webgpu/device.js";
import type {
  WebgpuBuffer,
  WebgpuCommandEncoder,
  WebgpuComputePass,
  WebgpuDevice,
} from "../../runtime/webgpu/types.js";
import type { TfModule, TfTensor } from "../tf.js";
import { missingFunction } from "./host.js";

interface GpuTensorData {
  /** The type of the numbers in the buffer. A tensor that was cast without a loss has another, and the same buffer. */
  readonly dtype: string;
  /** A buffer or a texture, once the tensor is on the GPU. */
  readonly resource?: unknown;
}

interface WebgpuTensors {
  readonly device: WebgpuDevice;
  readonly disposed: boolean;
  readonly tensorMap: { has(dataId: object): boolean; get(dataId: object): GpuTensorData };
  /** Commands that have not been submitted, and the pass at their end that is still open. */
  readonly commandEncoder: WebgpuCommandEncoder | null;
  computePassEncoder: WebgpuComputePass | null;
  /** Data that these commands use, whose buffers are given to nobody else before. After a submission it is another. */
  readonly commandQueueOwnedIds: { add(dataId: object): unknown };
  dispatchCountInPass: number;
  /** Present while each kernel is timed by itself. */
  readonly activeTimers?: unknown;
  makeTensorInfo(shape: number[], dtype: TfTensor["dtype"]): TfTensor;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

const FUNCTIONS = [
  "makeTensorInfo",
  "uploadToGPU",
  "ensureCommandEncoderReady",
  "endComputePassEncoder",
  "submitQueue",
];

const FIELDS = ["commandEncoder", "computePassEncoder", "dispatchCountInPass", "disposed"];

const BATCH_SIZE = "WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE";
const COMPILE_ONLY = "WEBGPU_ENGINE_COMPILE_ONLY";
const FLAGS = [BATCH_SIZE, COMPILE_ONLY];

/** Records something in a pass, and returns how many dispatches that took. */
type Write = (pass: WebgpuComputePass) => number;

export interface GpuHost {
  readonly device: WebgpuDevice;
  /** Why nothing can be recorded now, if so. */
  obstacle(): string | undefined;
  /** True until the tensor with these elements has been disposed of. */
  isAlive(dataId: object): boolean;
  /** The buffer of a tensor, which is brought to the GPU. Undefined if it has none, or one of other numbers. */
  bufferOf(tensor: TfTensor): WebgpuBuffer | undefined;
  newTensor(shape: number[]): TfTensor;
  /** Records work on these tensors. It is submitted with what TensorFlow.js records. */
  record(tensors: readonly TfTensor[], write: Write): void;
  /** Destroys buffers of ours after all that has been recorded until now. */
  destroyLater(buffers: readonly WebgpuBuffer[]): void;
  /** Submits what has been recorded, and destroys what waits for that. */
  dispose(): void;
}

/** The host, or the name of a field that is not as it was in TensorFlow.js 4.22. */
export function webgpuHost(given: object, { env }: Pick<TfModule, "env">): GpuHost | string {
  const backend = given as WebgpuTensors;
  const flag: Flag = (name) => env().get(name);
  return missingField(backend, flag) ?? hostOf(backend, flag);
}

type Flag = (name: string) => unknown;

function missingField(backend: WebgpuTensors, flag: Flag): string | undefined {
  const missing =
    missingFunction("device", backend.device, [
      "createComputePipelineAsync",
      "createComputePipeline",
      "createBuffer",
    ]) ??
    missingFunction("tensorMap", backend.tensorMap, ["has", "get"]) ??
    missingFunction("commandQueueOwnedIds", backend.commandQueueOwnedIds, ["add"]) ??
    missingFunction("backend", backend, FUNCTIONS);
  if (missing !== undefined) return missing;
  const lacking = FIELDS.find((name) => !Object.hasOwn(backend, name));
  return lacking === undefined ? FLAGS.find((name) => !hasFlag(flag, name)) : `backend.${lacking}`;
}

/** TensorFlow.js throws where nobody has registered a flag. */
function hasFlag(flag: Flag, name: string): boolean {
  try {
    return flag(name) !== undefined;
  } catch {
    return false;
  }
}

function hostOf(backend: WebgpuTensors, flag: Flag): GpuHost {
  const { device } = backend;
  const doomed = new Doomed(backend);
  let isLost = false;
  void device.lost.then(() => {
    isLost = true;
  });
  return {
    device,
    obstacle() {
      if (isLost || backend.disposed) return "the GPU is lost";
      if (backend.activeTimers) return "each kernel is timed by itself";
      return flag(COMPILE_ONLY) ? "kernels are compiled and not run" : undefined;
    },
    isAlive: (dataId) => backend.tensorMap.has(dataId),
    bufferOf({ dataId }) {
      backend.uploadToGPU(dataId);
      const { dtype, resource } = backend.tensorMap.get(dataId);
      return dtype === "float32" && isBuffer(resource) ? resource : undefined;
    },
    newTensor: (shape) => backend.makeTensorInfo(shape, "float32"),
    record(tensors, write) {
      backend.ensureCommandEncoderReady();
      backend.computePassEncoder ??= (backend.commandEncoder as WebgpuCommandEncoder).beginComputePass();
      backend.dispatchCountInPass += write(backend.computePassEncoder);
      for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
      if (backend.dispatchCountInPass >= (flag(BATCH_SIZE) as number)) submit(backend);
    },
    destroyLater: (buffers) => doomed.add(buffers),
    dispose() {
      if (backend.commandEncoder && !backend.disposed) submit(backend);
      doomed.destroy();
    },
  };
}

function submit(backend: WebgpuTensors): void {
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/** Buffers of ours that commands may use: a submission with destroyed ones is refused. */
class Doomed {
  readonly #backend: WebgpuTensors;
  readonly #buffers: { readonly encoder: WebgpuCommandEncoder | null; readonly buffer: WebgpuBuffer }[] = [];

  constructor(backend: WebgpuTensors) {
    this.#backend = backend;
  }

  /** Destroys those whose commands have been submitted, which has given the backend another encoder. */
  add(buffers: readonly WebgpuBuffer[]): void {
    const { commandEncoder: encoder } = this.#backend;
    const waiting = this.#buffers.splice(0).concat(buffers.map((buffer) => ({ encoder, buffer })));
    for (const one of waiting) {
      if (one.encoder && one.encoder === encoder) this.#buffers.push(one);
      else one.buffer.destroy();
    }
  }

  /** Destroys all, whose commands must have been submitted. */
  destroy(): void {
    for (const { buffer } of this.#buffers.splice(0)) buffer.destroy();
  }
}
