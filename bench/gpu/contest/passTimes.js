// @ts-check
/** GPU time of any library on WebGPU: every compute pass of every device writes timestamps, where the GPU has them. */

/** Timestamps of one device between two readings; passes beyond are not timed. */
const CAPACITY = 4096;

/** @typedef {{ set: GPUQuerySet, results: GPUBuffer, used: number }} Stamps */

/**
 * Must be called before the libraries ask for their devices.
 * @returns {() => Promise<number | undefined>} milliseconds in passes since the last reading, of all devices; undefined where
 *   not all were timed
 */
export function watchPasses() {
  /** @type {Map<GPUDevice, Stamps>} */
  const watched = new Map();
  /** @type {WeakMap<GPUCommandEncoder, GPUDevice>} */
  const devices = new WeakMap();
  let untimed = 0;

  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (/** @type {GPUDeviceDescriptor | undefined} */ wanted) {
    if (!this.features.has("timestamp-query")) return requestDevice.call(this, wanted);
    /** @type {Set<GPUFeatureName>} */
    const features = new Set([...(wanted?.requiredFeatures ?? []), "timestamp-query"]);
    const device = await requestDevice.call(this, { ...wanted, requiredFeatures: [...features] });
    watched.set(device, stampsOf(device));
    return device;
  };

  const { createCommandEncoder } = GPUDevice.prototype;
  GPUDevice.prototype.createCommandEncoder = function (
    /** @type {GPUCommandEncoderDescriptor | undefined} */ descriptor,
  ) {
    const encoder = createCommandEncoder.call(this, descriptor);
    devices.set(encoder, this);
    return encoder;
  };

  const { beginComputePass } = GPUCommandEncoder.prototype;
  GPUCommandEncoder.prototype.beginComputePass = function (
    /** @type {GPUComputePassDescriptor | undefined} */ descriptor,
  ) {
    const device = devices.get(this);
    const stamps = device && watched.get(device);
    if (!stamps || descriptor?.timestampWrites || stamps.used + 2 > CAPACITY) {
      untimed++;
      return beginComputePass.call(this, descriptor);
    }
    const timestampWrites = {
      querySet: stamps.set,
      beginningOfPassWriteIndex: stamps.used++,
      endOfPassWriteIndex: stamps.used++,
    };
    return beginComputePass.call(this, { ...descriptor, timestampWrites });
  };

  return async () => {
    const isWhole = untimed === 0;
    untimed = 0;
    let nanoseconds = 0n;
    for (const [device, stamps] of watched) nanoseconds += await read(device, stamps);
    return isWhole ? Number(nanoseconds) / 1e6 : undefined;
  };
}

/** @param {GPUDevice} device @returns {Stamps} */
function stampsOf(device) {
  const set = device.createQuerySet({ type: "timestamp", count: CAPACITY });
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
  return { set, results: device.createBuffer({ size: 8 * CAPACITY, usage }), used: 0 };
}

/** Nanoseconds in all passes; none are left then. @param {GPUDevice} device @param {Stamps} stamps */
async function read(device, stamps) {
  const { set, results, used } = stamps;
  stamps.used = 0;
  if (used === 0) return 0n;
  const copy = device.createBuffer({ size: 8 * used, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(set, 0, used, results, 0);
  encoder.copyBufferToBuffer(results, 0, copy, 0, 8 * used);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const times = new BigInt64Array(copy.getMappedRange());
  let sum = 0n;
  for (let i = 0; i < used; i += 2) sum += (times[i + 1] ?? 0n) - (times[i] ?? 0n);
  copy.destroy();
  return sum;
}
