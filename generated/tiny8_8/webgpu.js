// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x8x8x8 with 3x3x8x8, rate 2, SAME
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) split(ic=4*icv+icu) order(oco po pt ky kx icv icu ocu lane) bind(pt invocation.x) unroll(icu) pack(filters: oco ky kx icv icu ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 8, 8, 8], filters: [3, 3, 8, 8], rate: 2, padding: "SAME" },
  outputShape: [1, 8, 8, 8],
  algorithm: "direct",
  errorBound: 0.000004410763168124821,
  schedule: "conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) split(ic=4*icv+icu) order(oco po pt ky kx icv icu ocu lane) bind(pt invocation.x) unroll(icu) pack(filters: oco ky kx icv icu ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)",
  work: { flops: 73728, liveFlops: 51200, bytes: 6400 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 8, 8, 8], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 8, 8], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 8, 8, 8], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [2, 3, 3, 2, 4, 1, 4], dtype: "f32", role: "prepared" },
  ],
  key: "fd32152b941a8ed4a9a5b2f5db125046ac33c6a64aa8052a387af3ff227c4c64",
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
@group(0) @binding(0) var<storage, read> filters: array<f32, 576>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 576>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint4 = (launchmember + 64 * launchteam) / 4;
  let launchpoint2 = launchpoint4 / 4;
  let launchpoint1 = launchpoint2 / 2;
  let launchpoint0 = launchpoint1 / 3;
  let oco = launchpoint0 / 3;
  var acc = filters[8 * launchmember + 56 * launchpoint1 - 31 * launchpoint4 + 512 * launchteam - 544 * oco];
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
      dispatches: [{ first: [0, 0, 0], count: [1, 2, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) split(ic=4*icv+icu) order(oco po pt ky kx icv icu ocu lane) bind(pt invocation.x) unroll(icu) pack(filters: oco ky kx icv icu ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> value: array<vec4f, 128>;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f, 128>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 144>;

@compute @workgroup_size(64, 1, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let oco = i32(workgroupId.y);
  let pt = i32(invocationId.x);
  let oy = pt / 8;
  var acc_0_0 = vec4f(0.0);
  let at4 = 2 * pt;
  let at5 = 72 * oco;
  for (var ky = 0; ky < 3; ky++) {
    if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 5 >= 0) {
      let at2 = at4 - 32 * ky;
      let at3 = at5 + 24 * ky;
      for (var kx = 0; kx < 3; kx++) {
        if (-2 * kx - 8 * oy + pt + 2 >= 0 && 2 * kx + 8 * oy - pt + 5 >= 0) {
          let at0 = at2 - 4 * kx;
          let at1 = at3 + 8 * kx;
          for (var icv = 0; icv < 2; icv++) {
            let value_0 = value[at0 + icv + 36];
            acc_0_0 = fma(vec4f(value_0.x), convFilters[at1 + 4 * icv], acc_0_0);
            acc_0_0 = fma(vec4f(value_0.y), convFilters[at1 + 4 * icv + 1], acc_0_0);
            acc_0_0 = fma(vec4f(value_0.z), convFilters[at1 + 4 * icv + 2], acc_0_0);
            acc_0_0 = fma(vec4f(value_0.w), convFilters[at1 + 4 * icv + 3], acc_0_0);
          }
        }
      }
    }
  }
  output[oco + 2 * pt] = acc_0_0;
}
`,
    },
  ],
};
