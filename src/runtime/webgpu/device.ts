/** Devices that kernels run on: whose they are, whether they are lost, and where another one comes from. */
import { fail, show, TilewrightError } from "../../ir/errors.js";
import { requestOwnDevice } from "./adapter.js";

const losses = new WeakMap<GPUDevice, GPUDeviceLostInfo>();
const watched = new WeakSet<GPUDevice>();

/** Why the device was lost, if it was. Known a moment after it has happened, before any later promise of the device is kept. */
export const lossOf = (device: GPUDevice): GPUDeviceLostInfo | undefined => losses.get(device);

function watch(device: GPUDevice): void {
  if (watched.has(device)) return;
  watched.add(device);
  void device.lost.then((info) => losses.set(device, info));
}

/** Where kernels get their device, and after its loss another one. */
export class DeviceSource {
  readonly #request: () => Promise<GPUDevice>;
  #device: Promise<GPUDevice> | undefined;

  constructor(
    request: () => Promise<GPUDevice>,
    readonly canReplace: boolean,
  ) {
    this.#request = request;
  }

  async get(): Promise<GPUDevice> {
    const asked = this.#device;
    const device = await asked;
    if (device && !(lossOf(device) && this.canReplace)) return device;
    // Whoever waited beside this call may have asked for the next one already.
    if (this.#device === asked) this.#device = this.#next();
    return this.#device as Promise<GPUDevice>;
  }

  #next(): Promise<GPUDevice> {
    const next = this.#request().then((device) => {
      if (!isDevice(device)) fail("invalid-argument", `the function given as device must promise a GPUDevice`);
      watch(device);
      return device;
    });
    next.catch(() => {
      if (this.#device === next) this.#device = undefined;
    });
    return next;
  }

  /** What to tell callers whose call ended with the device. */
  errorOf({ reason, message }: GPUDeviceLostInfo): TilewrightError {
    const remedy = this.canReplace
      ? "buffers were lost with it: make them again on kernel.device, which is another one now, prepare weights that came from buffers again, and repeat the call"
      : "one that was passed as an object cannot be replaced: compile again with another, or pass a function that makes one";
    return new TilewrightError("device-lost", `the GPU device was lost (${reason}: ${message}); ${remedy}`);
  }
}

const own = new DeviceSource(requestOwnDevice, true);

/** One for each function, so that kernels which share it share a device, and buffers. */
const sources = new WeakMap<() => Promise<GPUDevice>, DeviceSource>();

/** The source for the option `device`. */
export function deviceSourceOf(given: unknown): DeviceSource {
  if (given === undefined) return own;
  if (isDevice(given)) return new DeviceSource(async () => given, false);
  if (!isFunction(given)) {
    return fail("invalid-argument", `device must be a GPUDevice, or a function that promises one; got ${show(given)}`);
  }
  const source = sources.get(given) ?? new DeviceSource(async () => given(), true);
  sources.set(given, source);
  return source;
}

const isFunction = (given: unknown): given is () => Promise<GPUDevice> => typeof given === "function";

/** By its methods, as devices may come from another realm or implementation. */
const isDevice = (given: unknown): given is GPUDevice =>
  typeof (given as Partial<GPUDevice> | null)?.createComputePipelineAsync === "function";

/** By its methods, too. */
export const isBuffer = (given: unknown): given is GPUBuffer =>
  typeof (given as Partial<GPUBuffer> | null)?.mapAsync === "function";
