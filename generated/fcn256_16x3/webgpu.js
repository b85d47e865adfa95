// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x256x256x16 with 3x3x3x16, rate 2, SAME
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) split(ic=4*icv+icu) order(oco po pt ky kx icv icu ocu lane) bind(pt invocation.x) unroll(icu) pack(filters: oco ky kx icv icu ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 256, 256, 16], filters: [3, 3, 3, 16], rate: 2, padding: "SAME" },
  outputShape: [1, 256, 256, 3],
  algorithm: "direct",
  errorBound: 0.000008702353867510834,
  schedule: "conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) split(ic=4*icv+icu) order(oco po pt ky kx icv icu ocu lane) bind(pt invocation.x) unroll(icu) pack(filters: oco ky kx icv icu ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)",
  work: { flops: 56623104, liveFlops: 56034816, bytes: 4982464 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 256, 256, 16], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 3, 16], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 256, 256, 3], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [1, 3, 3, 4, 4, 1, 4], dtype: "f32", role: "prepared" },
  ],
  key: "0bb9b467b711431cb3db58030f063a241ad80ffe2932e08f23300485183d3ba1",
  limits: {
    invocations: 256,
    invocationsAlong: [256, 256, 64],
    workgroupBytes: 16384,
    workgroupsAlong: 65535,
    storageBuffers: 8,
    bufferBytes: 134217728,
  },
  prepare: [
    {
      name: "packConvFiltersKernel",
      bindings: [{ buffer: "filters", access: "read" }, { buffer: "convFilters", access: "read_write" }],
      dispatches: [{ first: [0, 0, 0], count: [9, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) split(ic=4*icv+icu) order(oco po pt ky kx icv icu ocu lane) bind(pt invocation.x) unroll(icu) pack(filters: oco ky kx icv icu ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 432>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 576>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint4 = (launchmember + 64 * launchteam) / 4;
  let launchpoint2 = launchpoint4 / 4;
  let launchpoint1 = launchpoint2 / 4;
  let launchpoint0 = launchpoint1 / 3;
  let oco = launchpoint0 / 3;
  var acc = f32(0.0);
  if (-launchmember + 4 * launchpoint4 - 64 * launchteam - 4 * oco + 2 >= 0) {
    acc = filters[16 * launchmember + 32 * launchpoint1 - 63 * launchpoint4 + 1024 * launchteam - 368 * oco];
  }
  convFilters[launchmember + 64 * launchteam] = acc;
}
`,
    },
  ],
  run: [
    {
      name: "convKernel",
      bindings: [
        { buffer: "value", access: "read" },
        { buffer: "output", access: "read_write" },
        { buffer: "convFilters", access: "read" },
      ],
      dispatches: [{ first: [0, 0, 0], count: [1024, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) split(ic=4*icv+icu) order(oco po pt ky kx icv icu ocu lane) bind(pt invocation.x) unroll(icu) pack(filters: oco ky kx icv icu ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> value: array<vec4f, 262144>;
@group(0) @binding(1) var<storage, read_write> output: array<f32, 196608>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 144>;

@compute @workgroup_size(64, 1, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.x);
  let oy = (64 * po + pt) / 256;
  var acc_0_0 = vec4f(0.0);
  let at4 = 256 * po + 4 * pt;
  for (var ky = 0; ky < 3; ky++) {
    if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 253 >= 0) {
      let at2 = at4 - 2048 * ky;
      let at3 = 48 * ky;
      for (var kx = 0; kx < 3; kx++) {
        if (-2 * kx - 256 * oy + 64 * po + pt + 2 >= 0 && 2 * kx + 256 * oy - 64 * po - pt + 253 >= 0) {
          let at0 = at2 - 8 * kx;
          let at1 = at3 + 16 * kx;
          for (var icv = 0; icv < 4; icv++) {
            let value_0 = value[at0 + icv + 2056];
            acc_0_0 = fma(vec4f(value_0.x), convFilters[at1 + 4 * icv], acc_0_0);
            acc_0_0 = fma(vec4f(value_0.y), convFilters[at1 + 4 * icv + 1], acc_0_0);
            acc_0_0 = fma(vec4f(value_0.z), convFilters[at1 + 4 * icv + 2], acc_0_0);
            acc_0_0 = fma(vec4f(value_0.w), convFilters[at1 + 4 * icv + 3], acc_0_0);
          }
        }
      }
    }
  }
  output[192 * po + 3 * pt] = acc_0_0.x;
  output[192 * po + 3 * pt + 1] = acc_0_0.y;
  output[192 * po + 3 * pt + 2] = acc_0_0.z;
}
`,
    },
  ],
};
