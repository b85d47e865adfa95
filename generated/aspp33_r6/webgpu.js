// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x33x33x256 with 3x3x256x256, rate 6, SAME
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=4*pu+pt) split(oc=128*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=16*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
export default {
  spec: {
    op: "atrousConv2dTranspose",
    value: [1, 33, 33, 256],
    filters: [3, 3, 256, 256],
    rate: 6,
    padding: "SAME",
  },
  outputShape: [1, 33, 33, 256],
  algorithm: "direct in 8 parts",
  errorBound: 0.00013746720548724254,
  schedule: "conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=4*pu+pt) split(oc=128*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=16*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)",
  work: { flops: 1284636672, liveFlops: 992083968, bytes: 4589568 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 33, 33, 256], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 256, 256], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 33, 33, 256], dtype: "f32", role: "output" },
    { name: "parts", shape: [8, 1, 33, 33, 256], dtype: "f32", role: "scratch" },
    { name: "convFilters", shape: [8, 2, 3, 3, 2, 4, 4, 2, 16, 4], dtype: "f32", role: "prepared" },
  ],
  key: "e0516dba592c84ad8d5863ce83be80b3f877e114f01acbdda763fc66750eae2e",
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
      dispatches: [{ first: [0, 0, 0], count: [9216, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=4*pu+pt) split(oc=128*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=16*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 589824>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 589824>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint7 = (launchmember + 64 * launchteam) / 4;
  let launchpoint6 = launchpoint7 / 16;
  let launchpoint5 = launchpoint6 / 2;
  let launchpoint4 = launchpoint5 / 4;
  let launchpoint3 = launchpoint4 / 4;
  let launchpoint2 = launchpoint3 / 2;
  let launchpoint1 = launchpoint2 / 3;
  let launchpoint0 = launchpoint1 / 3;
  let s = launchpoint0 / 2;
  var acc = filters[256 * launchmember - 557056 * launchpoint0 + 65504 * launchpoint2 - 32767 * launchpoint5 + 16384 * launchteam - 65504 * s];
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
        { buffer: "parts", access: "read_write" },
        { buffer: "convFilters", access: "read" },
      ],
      dispatches: [{ first: [0, 0, 0], count: [35, 2, 8] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=4*pu+pt) split(oc=128*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=16*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read> value: array<vec4f, 69696>;
@group(0) @binding(1) var<storage, read_write> parts: array<vec4f, 557568>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 147456>;
var<workgroup> convFiltersCache: array<vec4f, 512>;
var<workgroup> valueCache: array<vec4f, 128>;

@compute @workgroup_size(16, 4, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let s = i32(workgroupId.z);
  let oco = i32(workgroupId.y);
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.y);
  let oct = i32(invocationId.x);
  let oyFirst = (32 * po) / 33;
  var acc_0_0_0 = vec4f(0.0);
  var acc_0_1_0 = vec4f(0.0);
  var acc_1_0_0 = vec4f(0.0);
  var acc_1_1_0 = vec4f(0.0);
  var acc_2_0_0 = vec4f(0.0);
  var acc_2_1_0 = vec4f(0.0);
  var acc_3_0_0 = vec4f(0.0);
  var acc_3_1_0 = vec4f(0.0);
  var acc_4_0_0 = vec4f(0.0);
  var acc_4_1_0 = vec4f(0.0);
  var acc_5_0_0 = vec4f(0.0);
  var acc_5_1_0 = vec4f(0.0);
  var acc_6_0_0 = vec4f(0.0);
  var acc_6_1_0 = vec4f(0.0);
  var acc_7_0_0 = vec4f(0.0);
  var acc_7_1_0 = vec4f(0.0);
  let valueCache1Part = oct / 4;
  let valueCacheOy = (32 * po + 4 * pt + valueCache1Part) / 33;
  let valueCacheOyc1 = (32 * po + 4 * pt + valueCache1Part + 16) / 33;
  let live4 = select(-1, 0, -32 * po - 4 * pt - valueCache1Part + 1088 >= 0);
  let live5 = select(-1, 0, -32 * po - 4 * pt - valueCache1Part + 1072 >= 0);
  let at2 = oct + 16 * pt;
  let at5 = oct + 2048 * po + 256 * pt + 8 * s + 60 * valueCache1Part;
  let at6 = 9216 * oco + oct + 16 * pt + 18432 * s;
  for (var ky = 0; ky < 3; ky++) {
    if (-6 * ky + oyFirst + 7 >= 0 && 6 * ky - oyFirst + 26 >= 0) {
      let live2 = select(-1, 0, live4 >= 0 && -6 * ky + valueCacheOy + 6 >= 0 && 6 * ky - valueCacheOy + 26 >= 0);
      let live3 = select(-1, 0, live5 >= 0 && -6 * ky + valueCacheOyc1 + 6 >= 0 && 6 * ky - valueCacheOyc1 + 26 >= 0);
      let at3 = at5 - 12672 * ky;
      let at4 = at6 + 3072 * ky;
      for (var kx = 0; kx < 3; kx++) {
        let live0 = select(-1, 0, live2 >= 0 && -6 * kx + 32 * po + 4 * pt + valueCache1Part - 33 * valueCacheOy + 6 >= 0 && 6 * kx - 32 * po - 4 * pt - valueCache1Part + 33 * valueCacheOy + 26 >= 0);
        let live1 = select(-1, 0, live3 >= 0 && -6 * kx + 32 * po + 4 * pt + valueCache1Part - 33 * valueCacheOyc1 + 22 >= 0 && 6 * kx - 32 * po - 4 * pt - valueCache1Part + 33 * valueCacheOyc1 + 10 >= 0);
        let at0 = at3 - 384 * kx;
        let at1 = at4 + 1024 * kx;
        for (var ico = 0; ico < 2; ico++) {
          var valueCacheStage_0_0 = vec4f(0.0);
          if (live0 >= 0) {
            valueCacheStage_0_0 = value[at0 + 4 * ico + 13056];
          }
          var valueCacheStage_1_0 = vec4f(0.0);
          if (live1 >= 0) {
            valueCacheStage_1_0 = value[at0 + 4 * ico + 14080];
          }
          var convFiltersCacheStage_0_0 = convFilters[at1 + 512 * ico];
          var convFiltersCacheStage_1_0 = convFilters[at1 + 512 * ico + 64];
          var convFiltersCacheStage_2_0 = convFilters[at1 + 512 * ico + 128];
          var convFiltersCacheStage_3_0 = convFilters[at1 + 512 * ico + 192];
          var convFiltersCacheStage_4_0 = convFilters[at1 + 512 * ico + 256];
          var convFiltersCacheStage_5_0 = convFilters[at1 + 512 * ico + 320];
          var convFiltersCacheStage_6_0 = convFilters[at1 + 512 * ico + 384];
          var convFiltersCacheStage_7_0 = convFilters[at1 + 512 * ico + 448];
          workgroupBarrier();
          valueCache[at2] = valueCacheStage_0_0;
          valueCache[at2 + 64] = valueCacheStage_1_0;
          convFiltersCache[at2] = convFiltersCacheStage_0_0;
          convFiltersCache[at2 + 64] = convFiltersCacheStage_1_0;
          convFiltersCache[at2 + 128] = convFiltersCacheStage_2_0;
          convFiltersCache[at2 + 192] = convFiltersCacheStage_3_0;
          convFiltersCache[at2 + 256] = convFiltersCacheStage_4_0;
          convFiltersCache[at2 + 320] = convFiltersCacheStage_5_0;
          convFiltersCache[at2 + 384] = convFiltersCacheStage_6_0;
          convFiltersCache[at2 + 448] = convFiltersCacheStage_7_0;
          workgroupBarrier();
          let valueCache_0 = valueCache[4 * pt];
          let convFiltersCache_1 = convFiltersCache[oct];
          acc_0_0_0 = fma(vec4f(valueCache_0.x), convFiltersCache_1, acc_0_0_0);
          let convFiltersCache_2 = convFiltersCache[oct + 16];
          acc_0_1_0 = fma(vec4f(valueCache_0.x), convFiltersCache_2, acc_0_1_0);
          let valueCache_3 = valueCache[4 * pt + 16];
          acc_1_0_0 = fma(vec4f(valueCache_3.x), convFiltersCache_1, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_3.x), convFiltersCache_2, acc_1_1_0);
          let valueCache_4 = valueCache[4 * pt + 32];
          acc_2_0_0 = fma(vec4f(valueCache_4.x), convFiltersCache_1, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_4.x), convFiltersCache_2, acc_2_1_0);
          let valueCache_5 = valueCache[4 * pt + 48];
          acc_3_0_0 = fma(vec4f(valueCache_5.x), convFiltersCache_1, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_5.x), convFiltersCache_2, acc_3_1_0);
          let valueCache_6 = valueCache[4 * pt + 64];
          acc_4_0_0 = fma(vec4f(valueCache_6.x), convFiltersCache_1, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_6.x), convFiltersCache_2, acc_4_1_0);
          let valueCache_7 = valueCache[4 * pt + 80];
          acc_5_0_0 = fma(vec4f(valueCache_7.x), convFiltersCache_1, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_7.x), convFiltersCache_2, acc_5_1_0);
          let valueCache_8 = valueCache[4 * pt + 96];
          acc_6_0_0 = fma(vec4f(valueCache_8.x), convFiltersCache_1, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_8.x), convFiltersCache_2, acc_6_1_0);
          let valueCache_9 = valueCache[4 * pt + 112];
          acc_7_0_0 = fma(vec4f(valueCache_9.x), convFiltersCache_1, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_9.x), convFiltersCache_2, acc_7_1_0);
          let convFiltersCache_10 = convFiltersCache[oct + 32];
          acc_0_0_0 = fma(vec4f(valueCache_0.y), convFiltersCache_10, acc_0_0_0);
          let convFiltersCache_11 = convFiltersCache[oct + 48];
          acc_0_1_0 = fma(vec4f(valueCache_0.y), convFiltersCache_11, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_3.y), convFiltersCache_10, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_3.y), convFiltersCache_11, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_4.y), convFiltersCache_10, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_4.y), convFiltersCache_11, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_5.y), convFiltersCache_10, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_5.y), convFiltersCache_11, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_6.y), convFiltersCache_10, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_6.y), convFiltersCache_11, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_7.y), convFiltersCache_10, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_7.y), convFiltersCache_11, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_8.y), convFiltersCache_10, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_8.y), convFiltersCache_11, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_9.y), convFiltersCache_10, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_9.y), convFiltersCache_11, acc_7_1_0);
          let convFiltersCache_12 = convFiltersCache[oct + 64];
          acc_0_0_0 = fma(vec4f(valueCache_0.z), convFiltersCache_12, acc_0_0_0);
          let convFiltersCache_13 = convFiltersCache[oct + 80];
          acc_0_1_0 = fma(vec4f(valueCache_0.z), convFiltersCache_13, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_3.z), convFiltersCache_12, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_3.z), convFiltersCache_13, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_4.z), convFiltersCache_12, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_4.z), convFiltersCache_13, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_5.z), convFiltersCache_12, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_5.z), convFiltersCache_13, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_6.z), convFiltersCache_12, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_6.z), convFiltersCache_13, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_7.z), convFiltersCache_12, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_7.z), convFiltersCache_13, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_8.z), convFiltersCache_12, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_8.z), convFiltersCache_13, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_9.z), convFiltersCache_12, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_9.z), convFiltersCache_13, acc_7_1_0);
          let convFiltersCache_14 = convFiltersCache[oct + 96];
          acc_0_0_0 = fma(vec4f(valueCache_0.w), convFiltersCache_14, acc_0_0_0);
          let convFiltersCache_15 = convFiltersCache[oct + 112];
          acc_0_1_0 = fma(vec4f(valueCache_0.w), convFiltersCache_15, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_3.w), convFiltersCache_14, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_3.w), convFiltersCache_15, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_4.w), convFiltersCache_14, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_4.w), convFiltersCache_15, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_5.w), convFiltersCache_14, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_5.w), convFiltersCache_15, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_6.w), convFiltersCache_14, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_6.w), convFiltersCache_15, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_7.w), convFiltersCache_14, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_7.w), convFiltersCache_15, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_8.w), convFiltersCache_14, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_8.w), convFiltersCache_15, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_9.w), convFiltersCache_14, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_9.w), convFiltersCache_15, acc_7_1_0);
          let valueCache_16 = valueCache[4 * pt + 1];
          let convFiltersCache_17 = convFiltersCache[oct + 128];
          acc_0_0_0 = fma(vec4f(valueCache_16.x), convFiltersCache_17, acc_0_0_0);
          let convFiltersCache_18 = convFiltersCache[oct + 144];
          acc_0_1_0 = fma(vec4f(valueCache_16.x), convFiltersCache_18, acc_0_1_0);
          let valueCache_19 = valueCache[4 * pt + 17];
          acc_1_0_0 = fma(vec4f(valueCache_19.x), convFiltersCache_17, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_19.x), convFiltersCache_18, acc_1_1_0);
          let valueCache_20 = valueCache[4 * pt + 33];
          acc_2_0_0 = fma(vec4f(valueCache_20.x), convFiltersCache_17, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_20.x), convFiltersCache_18, acc_2_1_0);
          let valueCache_21 = valueCache[4 * pt + 49];
          acc_3_0_0 = fma(vec4f(valueCache_21.x), convFiltersCache_17, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_21.x), convFiltersCache_18, acc_3_1_0);
          let valueCache_22 = valueCache[4 * pt + 65];
          acc_4_0_0 = fma(vec4f(valueCache_22.x), convFiltersCache_17, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_22.x), convFiltersCache_18, acc_4_1_0);
          let valueCache_23 = valueCache[4 * pt + 81];
          acc_5_0_0 = fma(vec4f(valueCache_23.x), convFiltersCache_17, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_23.x), convFiltersCache_18, acc_5_1_0);
          let valueCache_24 = valueCache[4 * pt + 97];
          acc_6_0_0 = fma(vec4f(valueCache_24.x), convFiltersCache_17, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_24.x), convFiltersCache_18, acc_6_1_0);
          let valueCache_25 = valueCache[4 * pt + 113];
          acc_7_0_0 = fma(vec4f(valueCache_25.x), convFiltersCache_17, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_25.x), convFiltersCache_18, acc_7_1_0);
          let convFiltersCache_26 = convFiltersCache[oct + 160];
          acc_0_0_0 = fma(vec4f(valueCache_16.y), convFiltersCache_26, acc_0_0_0);
          let convFiltersCache_27 = convFiltersCache[oct + 176];
          acc_0_1_0 = fma(vec4f(valueCache_16.y), convFiltersCache_27, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_19.y), convFiltersCache_26, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_19.y), convFiltersCache_27, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_20.y), convFiltersCache_26, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_20.y), convFiltersCache_27, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_21.y), convFiltersCache_26, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_21.y), convFiltersCache_27, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_22.y), convFiltersCache_26, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_22.y), convFiltersCache_27, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_23.y), convFiltersCache_26, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_23.y), convFiltersCache_27, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_24.y), convFiltersCache_26, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_24.y), convFiltersCache_27, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_25.y), convFiltersCache_26, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_25.y), convFiltersCache_27, acc_7_1_0);
          let convFiltersCache_28 = convFiltersCache[oct + 192];
          acc_0_0_0 = fma(vec4f(valueCache_16.z), convFiltersCache_28, acc_0_0_0);
          let convFiltersCache_29 = convFiltersCache[oct + 208];
          acc_0_1_0 = fma(vec4f(valueCache_16.z), convFiltersCache_29, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_19.z), convFiltersCache_28, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_19.z), convFiltersCache_29, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_20.z), convFiltersCache_28, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_20.z), convFiltersCache_29, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_21.z), convFiltersCache_28, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_21.z), convFiltersCache_29, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_22.z), convFiltersCache_28, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_22.z), convFiltersCache_29, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_23.z), convFiltersCache_28, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_23.z), convFiltersCache_29, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_24.z), convFiltersCache_28, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_24.z), convFiltersCache_29, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_25.z), convFiltersCache_28, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_25.z), convFiltersCache_29, acc_7_1_0);
          let convFiltersCache_30 = convFiltersCache[oct + 224];
          acc_0_0_0 = fma(vec4f(valueCache_16.w), convFiltersCache_30, acc_0_0_0);
          let convFiltersCache_31 = convFiltersCache[oct + 240];
          acc_0_1_0 = fma(vec4f(valueCache_16.w), convFiltersCache_31, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_19.w), convFiltersCache_30, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_19.w), convFiltersCache_31, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_20.w), convFiltersCache_30, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_20.w), convFiltersCache_31, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_21.w), convFiltersCache_30, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_21.w), convFiltersCache_31, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_22.w), convFiltersCache_30, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_22.w), convFiltersCache_31, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_23.w), convFiltersCache_30, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_23.w), convFiltersCache_31, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_24.w), convFiltersCache_30, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_24.w), convFiltersCache_31, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_25.w), convFiltersCache_30, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_25.w), convFiltersCache_31, acc_7_1_0);
          let valueCache_32 = valueCache[4 * pt + 2];
          let convFiltersCache_33 = convFiltersCache[oct + 256];
          acc_0_0_0 = fma(vec4f(valueCache_32.x), convFiltersCache_33, acc_0_0_0);
          let convFiltersCache_34 = convFiltersCache[oct + 272];
          acc_0_1_0 = fma(vec4f(valueCache_32.x), convFiltersCache_34, acc_0_1_0);
          let valueCache_35 = valueCache[4 * pt + 18];
          acc_1_0_0 = fma(vec4f(valueCache_35.x), convFiltersCache_33, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_35.x), convFiltersCache_34, acc_1_1_0);
          let valueCache_36 = valueCache[4 * pt + 34];
          acc_2_0_0 = fma(vec4f(valueCache_36.x), convFiltersCache_33, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_36.x), convFiltersCache_34, acc_2_1_0);
          let valueCache_37 = valueCache[4 * pt + 50];
          acc_3_0_0 = fma(vec4f(valueCache_37.x), convFiltersCache_33, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_37.x), convFiltersCache_34, acc_3_1_0);
          let valueCache_38 = valueCache[4 * pt + 66];
          acc_4_0_0 = fma(vec4f(valueCache_38.x), convFiltersCache_33, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_38.x), convFiltersCache_34, acc_4_1_0);
          let valueCache_39 = valueCache[4 * pt + 82];
          acc_5_0_0 = fma(vec4f(valueCache_39.x), convFiltersCache_33, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_39.x), convFiltersCache_34, acc_5_1_0);
          let valueCache_40 = valueCache[4 * pt + 98];
          acc_6_0_0 = fma(vec4f(valueCache_40.x), convFiltersCache_33, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_40.x), convFiltersCache_34, acc_6_1_0);
          let valueCache_41 = valueCache[4 * pt + 114];
          acc_7_0_0 = fma(vec4f(valueCache_41.x), convFiltersCache_33, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_41.x), convFiltersCache_34, acc_7_1_0);
          let convFiltersCache_42 = convFiltersCache[oct + 288];
          acc_0_0_0 = fma(vec4f(valueCache_32.y), convFiltersCache_42, acc_0_0_0);
          let convFiltersCache_43 = convFiltersCache[oct + 304];
          acc_0_1_0 = fma(vec4f(valueCache_32.y), convFiltersCache_43, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_35.y), convFiltersCache_42, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_35.y), convFiltersCache_43, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_36.y), convFiltersCache_42, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_36.y), convFiltersCache_43, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_37.y), convFiltersCache_42, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_37.y), convFiltersCache_43, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_38.y), convFiltersCache_42, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_38.y), convFiltersCache_43, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_39.y), convFiltersCache_42, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_39.y), convFiltersCache_43, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_40.y), convFiltersCache_42, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_40.y), convFiltersCache_43, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_41.y), convFiltersCache_42, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_41.y), convFiltersCache_43, acc_7_1_0);
          let convFiltersCache_44 = convFiltersCache[oct + 320];
          acc_0_0_0 = fma(vec4f(valueCache_32.z), convFiltersCache_44, acc_0_0_0);
          let convFiltersCache_45 = convFiltersCache[oct + 336];
          acc_0_1_0 = fma(vec4f(valueCache_32.z), convFiltersCache_45, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_35.z), convFiltersCache_44, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_35.z), convFiltersCache_45, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_36.z), convFiltersCache_44, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_36.z), convFiltersCache_45, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_37.z), convFiltersCache_44, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_37.z), convFiltersCache_45, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_38.z), convFiltersCache_44, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_38.z), convFiltersCache_45, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_39.z), convFiltersCache_44, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_39.z), convFiltersCache_45, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_40.z), convFiltersCache_44, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_40.z), convFiltersCache_45, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_41.z), convFiltersCache_44, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_41.z), convFiltersCache_45, acc_7_1_0);
          let convFiltersCache_46 = convFiltersCache[oct + 352];
          acc_0_0_0 = fma(vec4f(valueCache_32.w), convFiltersCache_46, acc_0_0_0);
          let convFiltersCache_47 = convFiltersCache[oct + 368];
          acc_0_1_0 = fma(vec4f(valueCache_32.w), convFiltersCache_47, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_35.w), convFiltersCache_46, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_35.w), convFiltersCache_47, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_36.w), convFiltersCache_46, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_36.w), convFiltersCache_47, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_37.w), convFiltersCache_46, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_37.w), convFiltersCache_47, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_38.w), convFiltersCache_46, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_38.w), convFiltersCache_47, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_39.w), convFiltersCache_46, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_39.w), convFiltersCache_47, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_40.w), convFiltersCache_46, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_40.w), convFiltersCache_47, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_41.w), convFiltersCache_46, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_41.w), convFiltersCache_47, acc_7_1_0);
          let valueCache_48 = valueCache[4 * pt + 3];
          let convFiltersCache_49 = convFiltersCache[oct + 384];
          acc_0_0_0 = fma(vec4f(valueCache_48.x), convFiltersCache_49, acc_0_0_0);
          let convFiltersCache_50 = convFiltersCache[oct + 400];
          acc_0_1_0 = fma(vec4f(valueCache_48.x), convFiltersCache_50, acc_0_1_0);
          let valueCache_51 = valueCache[4 * pt + 19];
          acc_1_0_0 = fma(vec4f(valueCache_51.x), convFiltersCache_49, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_51.x), convFiltersCache_50, acc_1_1_0);
          let valueCache_52 = valueCache[4 * pt + 35];
          acc_2_0_0 = fma(vec4f(valueCache_52.x), convFiltersCache_49, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_52.x), convFiltersCache_50, acc_2_1_0);
          let valueCache_53 = valueCache[4 * pt + 51];
          acc_3_0_0 = fma(vec4f(valueCache_53.x), convFiltersCache_49, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_53.x), convFiltersCache_50, acc_3_1_0);
          let valueCache_54 = valueCache[4 * pt + 67];
          acc_4_0_0 = fma(vec4f(valueCache_54.x), convFiltersCache_49, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_54.x), convFiltersCache_50, acc_4_1_0);
          let valueCache_55 = valueCache[4 * pt + 83];
          acc_5_0_0 = fma(vec4f(valueCache_55.x), convFiltersCache_49, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_55.x), convFiltersCache_50, acc_5_1_0);
          let valueCache_56 = valueCache[4 * pt + 99];
          acc_6_0_0 = fma(vec4f(valueCache_56.x), convFiltersCache_49, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_56.x), convFiltersCache_50, acc_6_1_0);
          let valueCache_57 = valueCache[4 * pt + 115];
          acc_7_0_0 = fma(vec4f(valueCache_57.x), convFiltersCache_49, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_57.x), convFiltersCache_50, acc_7_1_0);
          let convFiltersCache_58 = convFiltersCache[oct + 416];
          acc_0_0_0 = fma(vec4f(valueCache_48.y), convFiltersCache_58, acc_0_0_0);
          let convFiltersCache_59 = convFiltersCache[oct + 432];
          acc_0_1_0 = fma(vec4f(valueCache_48.y), convFiltersCache_59, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_51.y), convFiltersCache_58, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_51.y), convFiltersCache_59, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_52.y), convFiltersCache_58, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_52.y), convFiltersCache_59, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_53.y), convFiltersCache_58, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_53.y), convFiltersCache_59, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_54.y), convFiltersCache_58, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_54.y), convFiltersCache_59, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_55.y), convFiltersCache_58, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_55.y), convFiltersCache_59, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_56.y), convFiltersCache_58, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_56.y), convFiltersCache_59, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_57.y), convFiltersCache_58, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_57.y), convFiltersCache_59, acc_7_1_0);
          let convFiltersCache_60 = convFiltersCache[oct + 448];
          acc_0_0_0 = fma(vec4f(valueCache_48.z), convFiltersCache_60, acc_0_0_0);
          let convFiltersCache_61 = convFiltersCache[oct + 464];
          acc_0_1_0 = fma(vec4f(valueCache_48.z), convFiltersCache_61, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_51.z), convFiltersCache_60, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_51.z), convFiltersCache_61, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_52.z), convFiltersCache_60, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_52.z), convFiltersCache_61, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_53.z), convFiltersCache_60, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_53.z), convFiltersCache_61, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_54.z), convFiltersCache_60, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_54.z), convFiltersCache_61, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_55.z), convFiltersCache_60, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_55.z), convFiltersCache_61, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_56.z), convFiltersCache_60, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_56.z), convFiltersCache_61, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_57.z), convFiltersCache_60, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_57.z), convFiltersCache_61, acc_7_1_0);
          let convFiltersCache_62 = convFiltersCache[oct + 480];
          acc_0_0_0 = fma(vec4f(valueCache_48.w), convFiltersCache_62, acc_0_0_0);
          let convFiltersCache_63 = convFiltersCache[oct + 496];
          acc_0_1_0 = fma(vec4f(valueCache_48.w), convFiltersCache_63, acc_0_1_0);
          acc_1_0_0 = fma(vec4f(valueCache_51.w), convFiltersCache_62, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_51.w), convFiltersCache_63, acc_1_1_0);
          acc_2_0_0 = fma(vec4f(valueCache_52.w), convFiltersCache_62, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_52.w), convFiltersCache_63, acc_2_1_0);
          acc_3_0_0 = fma(vec4f(valueCache_53.w), convFiltersCache_62, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_53.w), convFiltersCache_63, acc_3_1_0);
          acc_4_0_0 = fma(vec4f(valueCache_54.w), convFiltersCache_62, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_54.w), convFiltersCache_63, acc_4_1_0);
          acc_5_0_0 = fma(vec4f(valueCache_55.w), convFiltersCache_62, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_55.w), convFiltersCache_63, acc_5_1_0);
          acc_6_0_0 = fma(vec4f(valueCache_56.w), convFiltersCache_62, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_56.w), convFiltersCache_63, acc_6_1_0);
          acc_7_0_0 = fma(vec4f(valueCache_57.w), convFiltersCache_62, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_57.w), convFiltersCache_63, acc_7_1_0);
        }
      }
    }
  }
  if (-32 * po - pt + 1088 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s] = acc_0_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 16] = acc_0_1_0;
  }
  if (-32 * po - pt + 1084 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 256] = acc_1_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 272] = acc_1_1_0;
  }
  if (-32 * po - pt + 1080 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 512] = acc_2_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 528] = acc_2_1_0;
  }
  if (-32 * po - pt + 1076 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 768] = acc_3_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 784] = acc_3_1_0;
  }
  if (-32 * po - pt + 1072 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1024] = acc_4_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1040] = acc_4_1_0;
  }
  if (-32 * po - pt + 1068 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1280] = acc_5_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1296] = acc_5_1_0;
  }
  if (-32 * po - pt + 1064 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1536] = acc_6_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1552] = acc_6_1_0;
  }
  if (-32 * po - pt + 1060 >= 0) {
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1792] = acc_7_0_0;
    parts[32 * oco + oct + 2048 * po + 64 * pt + 69696 * s + 1808] = acc_7_1_0;
  }
}
`,
    },
    {
      name: "totalKernel",
      bindings: [{ buffer: "output", access: "read_write" }, { buffer: "parts", access: "read" }],
      dispatches: [{ first: [0, 0, 0], count: [1089, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=4*pu+pt) split(oc=128*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=16*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read_write> output: array<vec4f, 69696>;
@group(0) @binding(1) var<storage, read> parts: array<vec4f, 557568>;

@compute @workgroup_size(64, 1, 1)
fn totalKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  var acc_0 = vec4f(0.0);
  let at0 = launchmember + 64 * launchteam;
  for (var s = 0; s < 8; s++) {
    acc_0 = acc_0 + parts[at0 + 69696 * s];
  }
  output[launchmember + 64 * launchteam] = acc_0;
}
`,
    },
  ],
};
