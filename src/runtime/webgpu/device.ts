/** The devices that kernels run on: where they come from, and how a lost one is replaced. */
import { fail, reading, show, TilewrightError } from "../../ir/errors.js";
import { requestOwnDevice } from "./adapter.js";
import type { WebgpuBuffer, WebgpuDevice, WebgpuLoss } from "./types.js";

const losses = new WeakMap<WebgpuDevice, WebgpuLoss>();
const watched = new WeakSet<WebgpuDevice>();

/**
 * The reason why the device was lost, or undefined if it was not. It is known a moment after the loss, and before any
 * later promise of the device is kept.
 */
export const lossOf = (device: WebgpuDevice): WebgpuLoss | undefined => losses.get(device);

function watch(device: WebgpuDevice): void {
  if (watched.has(device)) return;
  watched.add(device);
  void device.lost.then((info) => losses.set(device, info));
}

/** A source gives kernels their device, and another one after a loss. */
export class DeviceSource {
  readonly #request: () => Promise<WebgpuDevice>;
  #device: Promise<WebgpuDevice> | undefined;

  constructor(
    request: () => Promise<WebgpuDevice>,
    readonly canReplace: boolean,
  ) {
    this.#request = request;
  }

  async get(): Promise<WebgpuDevice> {
    const asked = this.#device;
    const device = await asked;
    if (device && !(lossOf(device) && this.canReplace)) return device;
    // A concurrent call may have requested the next device already.
    if (this.#device === asked) this.#device = this.#next();
    return this.#device as Promise<WebgpuDevice>;
  }

  #next(): Promise<WebgpuDevice> {
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

  /** The error for callers whose call was lost with the device. */
  errorOf({ reason, message }: WebgpuLoss): TilewrightError {
    const remedy = this.canReplace
      ? "buffers were lost with it: make them again on kernel.device, which is another one now, " +
        "prepare weights that came from buffers again, and repeat the call"
      : "one that was passed as an object cannot be replaced: " +
        "compile again with another, or pass a function that makes one";
    return new TilewrightError("device-lost", `the GPU device was lost (${reason}: ${message}); ${remedy}`);
  }
}

const own = new DeviceSource(requestOwnDevice, true);

/** One source for each function, so that kernels with the same function share a device and can share buffers. */
const sources = new WeakMap<() => Promise<WebgpuDevice>, DeviceSource>();

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

const isFunction = (given: unknown): given is () => Promise<WebgpuDevice> => typeof given === "function";

/** Tells a device by a method, as `instanceof` would refuse one from another realm or implementation. */
const isDevice = (given: unknown): given is WebgpuDevice =>
  reading("device", () => typeof (given as Partial<WebgpuDevice> | null)?.createComputePipelineAsync === "function");

/** Tells a buffer by a method, as it may come from another realm or implementation. */
export const isBuffer = (given: unknown): given is WebgpuBuffer =>
  reading("an argument", () => typeof (given as Partial<WebgpuBuffer> | null)?.mapAsync === "function");
