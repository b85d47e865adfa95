// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 2x17x23x5 with 4x2x7x5, rate 3, VALID
// conv: fuse(n oy=p0) fuse(p0 ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [2, 17, 23, 5], filters: [4, 2, 7, 5], rate: 3, padding: "VALID" },
  outputShape: [2, 26, 26, 7],
  algorithm: "direct",
  errorBound: 0.0000025034013475690244,
  schedule: "conv: fuse(n oy=p0) fuse(p0 ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)",
  work: { flops: 757120, liveFlops: 437920, bytes: 54616 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [2, 17, 23, 5], dtype: "f32", role: "input" },
    { name: "filters", shape: [4, 2, 7, 5], dtype: "f32", role: "weights" },
    { name: "output", shape: [2, 26, 26, 7], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [2, 4, 2, 5, 1, 4], dtype: "f32", role: "prepared" },
  ],
  key: "bd01c874cbe640ce90f48cc5da131c0ede1021002919ffafe62fffffee68e739",
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
      dispatches: [{ first: [0, 0, 0], count: [5, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(n oy=p0) fuse(p0 ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 280>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 320>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint3 = (launchmember + 64 * launchteam) / 4;
  let launchpoint1 = launchpoint3 / 5;
  let launchpoint0 = launchpoint1 / 2;
  let oco = launchpoint0 / 4;
  var acc = f32(0.0);
  if (-launchmember + 4 * launchpoint3 - 64 * launchteam - 4 * oco + 6 >= 0) {
    acc = filters[5 * launchmember + 30 * launchpoint1 - 19 * launchpoint3 + 320 * launchteam - 260 * oco];
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
      dispatches: [{ first: [0, 0, 0], count: [22, 2, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(n oy=p0) fuse(p0 ox=p) split(p=64*po+pt) split(oc=4*oco+oci roundUp) split(oci=4*ocu+lane roundUp) order(oco po pt ky kx ic ocu lane) bind(pt invocation.x) unroll(ic) pack(filters: oco ky kx ic ocu lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> value: array<f32, 3910>;
@group(0) @binding(1) var<storage, read_write> output: array<f32, 9464>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 80>;

@compute @workgroup_size(64, 1, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let oco = i32(workgroupId.y);
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.x);
  let p0 = (64 * po + pt) / 26;
  let n = p0 / 26;
  if (-64 * po - pt + 1351 >= 0) {
    var acc_0_0 = vec4f(0.0);
    let at2 = -1035 * n - 15 * p0 + 320 * po + 5 * pt;
    let at3 = 40 * oco;
    for (var ky = 0; ky < 4; ky++) {
      if (-3 * ky - 26 * n + p0 >= 0 && 3 * ky + 26 * n - p0 + 16 >= 0) {
        let at0 = at2 - 345 * ky;
        let at1 = at3 + 10 * ky;
        for (var kx = 0; kx < 2; kx++) {
          if (-3 * kx - 26 * p0 + 64 * po + pt >= 0 && 3 * kx + 26 * p0 - 64 * po - pt + 22 >= 0) {
            acc_0_0 = fma(vec4f(value[at0 - 15 * kx]), convFilters[at1 + 5 * kx], acc_0_0);
            acc_0_0 = fma(vec4f(value[at0 - 15 * kx + 1]), convFilters[at1 + 5 * kx + 1], acc_0_0);
            acc_0_0 = fma(vec4f(value[at0 - 15 * kx + 2]), convFilters[at1 + 5 * kx + 2], acc_0_0);
            acc_0_0 = fma(vec4f(value[at0 - 15 * kx + 3]), convFilters[at1 + 5 * kx + 3], acc_0_0);
            acc_0_0 = fma(vec4f(value[at0 - 15 * kx + 4]), convFilters[at1 + 5 * kx + 4], acc_0_0);
          }
        }
      }
    }
    if (-4 * oco + 3 >= 0) {
      {
        let stored = acc_0_0;
        output[4 * oco + 448 * po + 7 * pt] = stored.x;
        output[4 * oco + 448 * po + 7 * pt + 1] = stored.y;
        output[4 * oco + 448 * po + 7 * pt + 2] = stored.z;
        output[4 * oco + 448 * po + 7 * pt + 3] = stored.w;
      }
    }
    else {
      output[4 * oco + 448 * po + 7 * pt] = acc_0_0.x;
      output[4 * oco + 448 * po + 7 * pt + 1] = acc_0_0.y;
      output[4 * oco + 448 * po + 7 * pt + 2] = acc_0_0.z;
      if (-4 * oco + 3 >= 0) {
        output[4 * oco + 448 * po + 7 * pt + 3] = acc_0_0.w;
      }
    }
  }
}
`,
    },
  ],
};
