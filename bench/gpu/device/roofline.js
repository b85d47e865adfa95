// @ts-check
/** What a GPU gives at best: fused multiply-adds in registers, and copies through its memory. */

const INVOCATIONS = 256;
const RUNS = 7;
/** Chains of vectors that do not wait for each other; with fewer a GPU waits for its own results. */
const CHAINS = 8;
const LANES = 4;

/** @param {GPUAdapter} adapter which has not made a device yet @param {boolean} isSmall */
export async function roofline(adapter, isSmall) {
  const bytes = isSmall ? 2 ** 22 : 2 ** 29;
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has("timestamp-query") ? ["timestamp-query"] : [],
    requiredLimits: { maxBufferSize: Math.max(bytes, 2 ** 28), maxStorageBufferBindingSize: Math.max(bytes, 2 ** 27) },
  });
  const result = { flops: await fmaPeak(device, isSmall), bandwidth: await copyBandwidth(device, bytes) };
  device.destroy();
  return result;
}

/** FLOP/s. @param {GPUDevice} device @param {boolean} isSmall */
async function fmaPeak(device, isSmall) {
  const rounds = isSmall ? 64 : 4096;
  const groups = isSmall ? 16 : 8192;
  const chains = Array.from({ length: CHAINS }, (_, i) => `a${i}`);
  const code = `@group(0) @binding(0) var<storage, read_write> sums: array<vec4f>;
@compute @workgroup_size(${INVOCATIONS}) fn peak(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(f32(id.x % 7u)) * 0.1;
  ${chains.map((a, i) => `var ${a} = factor + ${i}.0;`).join(" ")}
  for (var i = 0; i < ${rounds}; i++) {
    ${chains.map((a, i) => `${a} = fma(${a}, factor, ${chains[(i + 1) % CHAINS]});`).join(" ")}
  }
  sums[id.x] = ${chains.join(" + ")};
}`;
  const seconds = await secondsOf(device, code, [groups * INVOCATIONS * 16], groups);
  return (2 * LANES * CHAINS * rounds * groups * INVOCATIONS) / seconds;
}

/** Bytes per second, read and written. @param {GPUDevice} device @param {number} bytes */
async function copyBandwidth(device, bytes) {
  const groups = Math.min(8192, bytes / 16 / INVOCATIONS);
  const code = `@group(0) @binding(0) var<storage, read_write> copied: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> source: array<vec4f>;
@compute @workgroup_size(${INVOCATIONS}) fn copy(@builtin(global_invocation_id) id: vec3u) {
  for (var i = id.x; i < ${bytes / 16}u; i += ${groups * INVOCATIONS}u) { copied[i] = source[i]; }
}`;
  return (2 * bytes) / (await secondsOf(device, code, [bytes, bytes], groups));
}

/**
 * The quickest of several runs, by the GPU's clock where it has one.
 * @param {GPUDevice} device @param {string} code @param {readonly number[]} sizes of its buffers @param {number} groups
 */
async function secondsOf(device, code, sizes, groups) {
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const buffers = sizes.map((size) => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const seconds = await timed(device, (pass) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(groups);
    });
    best = Math.min(best, seconds);
  }
  for (const buffer of buffers) buffer.destroy();
  return best;
}

/** Seconds. @param {GPUDevice} device @param {(pass: GPUComputePassEncoder) => void} record */
async function timed(device, record) {
  const encoder = device.createCommandEncoder();
  const clock = device.features.has("timestamp-query") ? clockOf(device) : undefined;
  const pass = encoder.beginComputePass(clock ? { timestampWrites: clock.writes } : {});
  record(pass);
  pass.end();
  clock?.resolve(encoder);
  const begin = performance.now();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  return clock ? clock.seconds() : (performance.now() - begin) / 1e3;
}

/** @param {GPUDevice} device */
function clockOf(device) {
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const querySet = device.createQuerySet({ type: "timestamp", count: 2 });
  const stamps = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
  const copy = device.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
  return {
    writes: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    /** @param {GPUCommandEncoder} encoder */
    resolve(encoder) {
      encoder.resolveQuerySet(querySet, 0, 2, stamps, 0);
      encoder.copyBufferToBuffer(stamps, 0, copy, 0, 16);
    },
    async seconds() {
      await copy.mapAsync(GPUMapMode.READ);
      const [begin = 0n, end = 0n] = new BigInt64Array(copy.getMappedRange());
      return Number(end - begin) / 1e9;
    },
  };
}
