// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x16x16x3 with 3x3x16x3, rate 2, SAME
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 16, 16, 3], filters: [3, 3, 16, 3], rate: 2, padding: "SAME" },
  outputShape: [1, 16, 16, 16],
  algorithm: "direct",
  errorBound: 0.0000017285376863236966,
  schedule: "conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)",
  work: { flops: 221184, liveFlops: 185856, bytes: 21184 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 16, 16, 3], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 16, 3], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 16, 16, 16], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [4, 3, 3, 3, 1, 4], dtype: "f32", role: "prepared" },
  ],
  key: "49cbd133fa4d9fc8e7ada1247faab469f88fdf3f577485b68e9545d0d991c2a9",
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
      dispatches: [{ first: [0, 0, 0], count: [7, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 432>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 432>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint3 = (launchmember + 64 * launchteam) / 4;
  let launchpoint1 = launchpoint3 / 3;
  let launchpoint0 = launchpoint1 / 3;
  let oco = launchpoint0 / 3;
  if (-launchmember - 64 * launchteam + 431 >= 0) {
    var acc = filters[3 * launchmember + 45 * launchpoint1 - 11 * launchpoint3 + 192 * launchteam - 420 * oco];
    convFilters[launchmember + 64 * launchteam] = acc;
  }
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
      dispatches: [{ first: [0, 0, 0], count: [4, 4, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> value: array<f32, 768>;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f, 1024>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 108>;

@compute @workgroup_size(64, 1, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let oco = i32(workgroupId.y);
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.x);
  let oy = (64 * po + pt) / 16;
  var acc_0_0 = vec4f(0.0);
  let at2 = 192 * po + 3 * pt;
  let at3 = 27 * oco;
  for (var ky = 0; ky < 3; ky++) {
    if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 13 >= 0) {
      let at0 = at2 - 96 * ky;
      let at1 = at3 + 9 * ky;
      for (var kx = 0; kx < 3; kx++) {
        if (-2 * kx - 16 * oy + 64 * po + pt + 2 >= 0 && 2 * kx + 16 * oy - 64 * po - pt + 13 >= 0) {
          acc_0_0 = fma(vec4f(value[at0 - 6 * kx + 102]), convFilters[at1 + 3 * kx], acc_0_0);
          acc_0_0 = fma(vec4f(value[at0 - 6 * kx + 103]), convFilters[at1 + 3 * kx + 1], acc_0_0);
          acc_0_0 = fma(vec4f(value[at0 - 6 * kx + 104]), convFilters[at1 + 3 * kx + 2], acc_0_0);
        }
      }
    }
  }
  output[oco + 256 * po + 4 * pt] = acc_0_0;
}
`,
    },
  ],
};
