// @ts-check
/** Numbers into buffers of the GPU, and back. */

/** @param {GPUDevice} device @param {Float32Array} floats */
export function uploadFloats(device, floats) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: floats.byteLength, usage, mappedAtCreation: true });
  new Float32Array(buffer.getMappedRange()).set(floats);
  buffer.unmap();
  return buffer;
}

/** @param {GPUDevice} device @param {GPUBuffer} buffer */
export async function readFloats(device, buffer) {
  const copy = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const floats = new Float32Array(copy.getMappedRange().slice(0));
  copy.destroy();
  return floats;
}
