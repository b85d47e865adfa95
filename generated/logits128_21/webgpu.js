// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x21 with 3x3x21x21, rate 2, SAME
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=12*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 128, 128, 21], filters: [3, 3, 21, 21], rate: 2, padding: "SAME" },
  outputShape: [1, 128, 128, 21],
  algorithm: "direct",
  errorBound: 0.000011384616760122847,
  schedule: "conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=12*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)",
  work: { flops: 130056192, liveFlops: 127360800, bytes: 2768388 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 128, 128, 21], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 21, 21], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 128, 128, 21], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [2, 3, 3, 21, 3, 4], dtype: "f32", role: "prepared" },
  ],
  key: "17805e04141708c794847183330698babbba52536c438b98550d90c4a4c09d42",
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
      dispatches: [{ first: [0, 0, 0], count: [71, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=12*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 3969>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 4536>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint3 = (launchmember + 64 * launchteam) / 4;
  let launchpoint2 = launchpoint3 / 3;
  let launchpoint1 = launchpoint2 / 21;
  let launchpoint0 = launchpoint1 / 3;
  let oco = launchpoint0 / 3;
  if (-launchmember - 64 * launchteam + 4535 >= 0) {
    var acc = f32(0.0);
    if (-launchmember + 12 * launchpoint2 - 64 * launchteam - 12 * oco + 20 >= 0) {
      acc = filters[21 * launchmember + 420 * launchpoint1 - 251 * launchpoint2 + 1344 * launchteam - 3717 * oco];
    }
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
      dispatches: [{ first: [0, 0, 0], count: [256, 2, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pt) split(oc=12*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> value: array<f32, 344064>;
@group(0) @binding(1) var<storage, read_write> output: array<f32, 344064>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 1134>;

@compute @workgroup_size(64, 1, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let oco = i32(workgroupId.y);
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.x);
  let oy = (64 * po + pt) / 128;
  var acc_0_0 = vec4f(0.0);
  var acc_1_0 = vec4f(0.0);
  var acc_2_0 = vec4f(0.0);
  let at4 = 1344 * po + 21 * pt;
  let at5 = 567 * oco;
  for (var ky = 0; ky < 3; ky++) {
    if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 125 >= 0) {
      let at2 = at4 - 5376 * ky;
      let at3 = at5 + 189 * ky;
      for (var kx = 0; kx < 3; kx++) {
        if (-2 * kx - 128 * oy + 64 * po + pt + 2 >= 0 && 2 * kx + 128 * oy - 64 * po - pt + 125 >= 0) {
          let at0 = at2 - 42 * kx;
          let at1 = at3 + 63 * kx;
          for (var ic = 0; ic < 21; ic++) {
            let value_0 = vec4f(value[at0 + ic + 5418]);
            acc_0_0 = fma(value_0, convFilters[at1 + 3 * ic], acc_0_0);
            acc_1_0 = fma(value_0, convFilters[at1 + 3 * ic + 1], acc_1_0);
            acc_2_0 = fma(value_0, convFilters[at1 + 3 * ic + 2], acc_2_0);
          }
        }
      }
    }
  }
  {
    let stored = acc_0_0;
    output[12 * oco + 1344 * po + 21 * pt] = stored.x;
    output[12 * oco + 1344 * po + 21 * pt + 1] = stored.y;
    output[12 * oco + 1344 * po + 21 * pt + 2] = stored.z;
    output[12 * oco + 1344 * po + 21 * pt + 3] = stored.w;
  }
  {
    let stored = acc_1_0;
    output[12 * oco + 1344 * po + 21 * pt + 4] = stored.x;
    output[12 * oco + 1344 * po + 21 * pt + 5] = stored.y;
    output[12 * oco + 1344 * po + 21 * pt + 6] = stored.z;
    output[12 * oco + 1344 * po + 21 * pt + 7] = stored.w;
  }
  if (-12 * oco + 9 >= 0) {
    {
      let stored = acc_2_0;
      output[12 * oco + 1344 * po + 21 * pt + 8] = stored.x;
      output[12 * oco + 1344 * po + 21 * pt + 9] = stored.y;
      output[12 * oco + 1344 * po + 21 * pt + 10] = stored.z;
      output[12 * oco + 1344 * po + 21 * pt + 11] = stored.w;
    }
  }
  else {
    output[12 * oco + 1344 * po + 21 * pt + 8] = acc_2_0.x;
    if (-12 * oco + 11 >= 0) {
      output[12 * oco + 1344 * po + 21 * pt + 9] = acc_2_0.y;
    }
    if (-12 * oco + 10 >= 0) {
      output[12 * oco + 1344 * po + 21 * pt + 10] = acc_2_0.z;
    }
    if (-12 * oco + 9 >= 0) {
      output[12 * oco + 1344 * po + 21 * pt + 11] = acc_2_0.w;
    }
  }
}
`,
    },
  ],
};
