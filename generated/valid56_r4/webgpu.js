// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x56x56x64 with 3x3x64x64, rate 4, VALID
// conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=64*oco+oci roundUp) split(oci=32*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 56, 56, 64], filters: [3, 3, 64, 64], rate: 4, padding: "VALID" },
  outputShape: [1, 64, 64, 64],
  algorithm: "direct in 2 parts",
  errorBound: 0.00003445267162586449,
  schedule: "conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=64*oco+oci roundUp) split(oci=32*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)",
  work: { flops: 301989888, liveFlops: 231211008, bytes: 1998848 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 56, 56, 64], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 64, 64], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 64, 64, 64], dtype: "f32", role: "output" },
    { name: "parts", shape: [2, 1, 64, 64, 64], dtype: "f32", role: "scratch" },
    { name: "convFilters", shape: [2, 1, 3, 3, 1, 8, 4, 2, 8, 4], dtype: "f32", role: "prepared" },
  ],
  key: "79e4124a5acf5b462ba11d95b522f37711d8a214d1fd091f878749ad81b8ed46",
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
      dispatches: [{ first: [0, 0, 0], count: [576, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=64*oco+oci roundUp) split(oci=32*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 36864>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 36864>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint7 = (launchmember + 64 * launchteam) / 4;
  let launchpoint6 = launchpoint7 / 8;
  let launchpoint5 = launchpoint6 / 2;
  let launchpoint4 = launchpoint5 / 4;
  let launchpoint3 = launchpoint4 / 8;
  let launchpoint1 = launchpoint3 / 3;
  let launchpoint0 = launchpoint1 / 3;
  var acc = filters[64 * launchmember - 36832 * launchpoint0 + 4064 * launchpoint3 - 4095 * launchpoint5 + 4096 * launchteam];
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
      dispatches: [{ first: [0, 0, 0], count: [64, 1, 2] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=64*oco+oci roundUp) split(oci=32*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read> value: array<vec4f, 50176>;
@group(0) @binding(1) var<storage, read_write> parts: array<vec4f, 131072>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 9216>;
var<workgroup> convFiltersCache: array<vec4f, 512>;
var<workgroup> valueCache: array<vec4f, 512>;

@compute @workgroup_size(8, 16, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let s = i32(workgroupId.z);
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.y);
  let oct = i32(invocationId.x);
  let oyFirst = (64 * po) / 64;
  let valueCacheOy = (64 * po + pt) / 64;
  let valueCacheOyc1 = (64 * po + pt + 16) / 64;
  let valueCacheOyc2 = (64 * po + pt + 32) / 64;
  let valueCacheOyc3 = (64 * po + pt + 48) / 64;
  var acc_0_0_0 = vec4f(0.0);
  var acc_0_1_0 = vec4f(0.0);
  var acc_1_0_0 = vec4f(0.0);
  var acc_1_1_0 = vec4f(0.0);
  var acc_2_0_0 = vec4f(0.0);
  var acc_2_1_0 = vec4f(0.0);
  var acc_3_0_0 = vec4f(0.0);
  var acc_3_1_0 = vec4f(0.0);
  let at5 = oct + 8 * pt;
  let at6 = oct + 1024 * po + 16 * pt + 8 * s - 128 * valueCacheOy;
  let at7 = oct + 1024 * po + 16 * pt + 8 * s - 128 * valueCacheOyc1;
  let at8 = oct + 1024 * po + 16 * pt + 8 * s - 128 * valueCacheOyc2;
  let at9 = oct + 1024 * po + 16 * pt + 8 * s - 128 * valueCacheOyc3;
  let at10 = oct + 8 * pt + 4608 * s;
  for (var ky = 0; ky < 3; ky++) {
    if (-4 * ky + oyFirst + 1 >= 0 && 4 * ky - oyFirst + 55 >= 0) {
      let live0 = select(-1, 0, -4 * ky + valueCacheOy >= 0 && 4 * ky - valueCacheOy + 55 >= 0);
      let live1 = select(-1, 0, -4 * ky + valueCacheOyc1 >= 0 && 4 * ky - valueCacheOyc1 + 55 >= 0);
      let live2 = select(-1, 0, -4 * ky + valueCacheOyc2 >= 0 && 4 * ky - valueCacheOyc2 + 55 >= 0);
      let live3 = select(-1, 0, -4 * ky + valueCacheOyc3 >= 0 && 4 * ky - valueCacheOyc3 + 55 >= 0);
      let at0 = at6 - 3584 * ky;
      let at1 = at7 - 3584 * ky;
      let at2 = at8 - 3584 * ky;
      let at3 = at9 - 3584 * ky;
      let at4 = at10 + 1536 * ky;
      for (var kx = 0; kx < 3; kx++) {
        var valueCacheStage_0_0 = vec4f(0.0);
        if (live0 >= 0 && -4 * kx + 64 * po + pt - 64 * valueCacheOy >= 0 && 4 * kx - 64 * po - pt + 64 * valueCacheOy + 55 >= 0) {
          valueCacheStage_0_0 = value[at0 - 64 * kx];
        }
        var valueCacheStage_1_0 = vec4f(0.0);
        if (live1 >= 0 && -4 * kx + 64 * po + pt - 64 * valueCacheOyc1 + 16 >= 0 && 4 * kx - 64 * po - pt + 64 * valueCacheOyc1 + 39 >= 0) {
          valueCacheStage_1_0 = value[at1 - 64 * kx + 256];
        }
        var valueCacheStage_2_0 = vec4f(0.0);
        if (live2 >= 0 && -4 * kx + 64 * po + pt - 64 * valueCacheOyc2 + 32 >= 0 && 4 * kx - 64 * po - pt + 64 * valueCacheOyc2 + 23 >= 0) {
          valueCacheStage_2_0 = value[at2 - 64 * kx + 512];
        }
        var valueCacheStage_3_0 = vec4f(0.0);
        if (live3 >= 0 && -4 * kx + 64 * po + pt - 64 * valueCacheOyc3 + 48 >= 0 && 4 * kx - 64 * po - pt + 64 * valueCacheOyc3 + 7 >= 0) {
          valueCacheStage_3_0 = value[at3 - 64 * kx + 768];
        }
        var convFiltersCacheStage_0_0 = convFilters[at4 + 512 * kx];
        var convFiltersCacheStage_1_0 = convFilters[at4 + 512 * kx + 128];
        var convFiltersCacheStage_2_0 = convFilters[at4 + 512 * kx + 256];
        var convFiltersCacheStage_3_0 = convFilters[at4 + 512 * kx + 384];
        workgroupBarrier();
        valueCache[at5] = valueCacheStage_0_0;
        valueCache[at5 + 128] = valueCacheStage_1_0;
        valueCache[at5 + 256] = valueCacheStage_2_0;
        valueCache[at5 + 384] = valueCacheStage_3_0;
        convFiltersCache[at5] = convFiltersCacheStage_0_0;
        convFiltersCache[at5 + 128] = convFiltersCacheStage_1_0;
        convFiltersCache[at5 + 256] = convFiltersCacheStage_2_0;
        convFiltersCache[at5 + 384] = convFiltersCacheStage_3_0;
        workgroupBarrier();
        let valueCache_0 = valueCache[8 * pt];
        let convFiltersCache_1 = convFiltersCache[oct];
        acc_0_0_0 = fma(vec4f(valueCache_0.x), convFiltersCache_1, acc_0_0_0);
        let convFiltersCache_2 = convFiltersCache[oct + 8];
        acc_0_1_0 = fma(vec4f(valueCache_0.x), convFiltersCache_2, acc_0_1_0);
        let valueCache_3 = valueCache[8 * pt + 128];
        acc_1_0_0 = fma(vec4f(valueCache_3.x), convFiltersCache_1, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_3.x), convFiltersCache_2, acc_1_1_0);
        let valueCache_4 = valueCache[8 * pt + 256];
        acc_2_0_0 = fma(vec4f(valueCache_4.x), convFiltersCache_1, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_4.x), convFiltersCache_2, acc_2_1_0);
        let valueCache_5 = valueCache[8 * pt + 384];
        acc_3_0_0 = fma(vec4f(valueCache_5.x), convFiltersCache_1, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_5.x), convFiltersCache_2, acc_3_1_0);
        let convFiltersCache_6 = convFiltersCache[oct + 16];
        acc_0_0_0 = fma(vec4f(valueCache_0.y), convFiltersCache_6, acc_0_0_0);
        let convFiltersCache_7 = convFiltersCache[oct + 24];
        acc_0_1_0 = fma(vec4f(valueCache_0.y), convFiltersCache_7, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_3.y), convFiltersCache_6, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_3.y), convFiltersCache_7, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_4.y), convFiltersCache_6, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_4.y), convFiltersCache_7, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_5.y), convFiltersCache_6, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_5.y), convFiltersCache_7, acc_3_1_0);
        let convFiltersCache_8 = convFiltersCache[oct + 32];
        acc_0_0_0 = fma(vec4f(valueCache_0.z), convFiltersCache_8, acc_0_0_0);
        let convFiltersCache_9 = convFiltersCache[oct + 40];
        acc_0_1_0 = fma(vec4f(valueCache_0.z), convFiltersCache_9, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_3.z), convFiltersCache_8, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_3.z), convFiltersCache_9, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_4.z), convFiltersCache_8, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_4.z), convFiltersCache_9, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_5.z), convFiltersCache_8, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_5.z), convFiltersCache_9, acc_3_1_0);
        let convFiltersCache_10 = convFiltersCache[oct + 48];
        acc_0_0_0 = fma(vec4f(valueCache_0.w), convFiltersCache_10, acc_0_0_0);
        let convFiltersCache_11 = convFiltersCache[oct + 56];
        acc_0_1_0 = fma(vec4f(valueCache_0.w), convFiltersCache_11, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_3.w), convFiltersCache_10, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_3.w), convFiltersCache_11, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_4.w), convFiltersCache_10, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_4.w), convFiltersCache_11, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_5.w), convFiltersCache_10, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_5.w), convFiltersCache_11, acc_3_1_0);
        let valueCache_12 = valueCache[8 * pt + 1];
        let convFiltersCache_13 = convFiltersCache[oct + 64];
        acc_0_0_0 = fma(vec4f(valueCache_12.x), convFiltersCache_13, acc_0_0_0);
        let convFiltersCache_14 = convFiltersCache[oct + 72];
        acc_0_1_0 = fma(vec4f(valueCache_12.x), convFiltersCache_14, acc_0_1_0);
        let valueCache_15 = valueCache[8 * pt + 129];
        acc_1_0_0 = fma(vec4f(valueCache_15.x), convFiltersCache_13, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_15.x), convFiltersCache_14, acc_1_1_0);
        let valueCache_16 = valueCache[8 * pt + 257];
        acc_2_0_0 = fma(vec4f(valueCache_16.x), convFiltersCache_13, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_16.x), convFiltersCache_14, acc_2_1_0);
        let valueCache_17 = valueCache[8 * pt + 385];
        acc_3_0_0 = fma(vec4f(valueCache_17.x), convFiltersCache_13, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_17.x), convFiltersCache_14, acc_3_1_0);
        let convFiltersCache_18 = convFiltersCache[oct + 80];
        acc_0_0_0 = fma(vec4f(valueCache_12.y), convFiltersCache_18, acc_0_0_0);
        let convFiltersCache_19 = convFiltersCache[oct + 88];
        acc_0_1_0 = fma(vec4f(valueCache_12.y), convFiltersCache_19, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_15.y), convFiltersCache_18, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_15.y), convFiltersCache_19, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_16.y), convFiltersCache_18, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_16.y), convFiltersCache_19, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_17.y), convFiltersCache_18, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_17.y), convFiltersCache_19, acc_3_1_0);
        let convFiltersCache_20 = convFiltersCache[oct + 96];
        acc_0_0_0 = fma(vec4f(valueCache_12.z), convFiltersCache_20, acc_0_0_0);
        let convFiltersCache_21 = convFiltersCache[oct + 104];
        acc_0_1_0 = fma(vec4f(valueCache_12.z), convFiltersCache_21, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_15.z), convFiltersCache_20, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_15.z), convFiltersCache_21, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_16.z), convFiltersCache_20, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_16.z), convFiltersCache_21, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_17.z), convFiltersCache_20, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_17.z), convFiltersCache_21, acc_3_1_0);
        let convFiltersCache_22 = convFiltersCache[oct + 112];
        acc_0_0_0 = fma(vec4f(valueCache_12.w), convFiltersCache_22, acc_0_0_0);
        let convFiltersCache_23 = convFiltersCache[oct + 120];
        acc_0_1_0 = fma(vec4f(valueCache_12.w), convFiltersCache_23, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_15.w), convFiltersCache_22, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_15.w), convFiltersCache_23, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_16.w), convFiltersCache_22, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_16.w), convFiltersCache_23, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_17.w), convFiltersCache_22, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_17.w), convFiltersCache_23, acc_3_1_0);
        let valueCache_24 = valueCache[8 * pt + 2];
        let convFiltersCache_25 = convFiltersCache[oct + 128];
        acc_0_0_0 = fma(vec4f(valueCache_24.x), convFiltersCache_25, acc_0_0_0);
        let convFiltersCache_26 = convFiltersCache[oct + 136];
        acc_0_1_0 = fma(vec4f(valueCache_24.x), convFiltersCache_26, acc_0_1_0);
        let valueCache_27 = valueCache[8 * pt + 130];
        acc_1_0_0 = fma(vec4f(valueCache_27.x), convFiltersCache_25, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_27.x), convFiltersCache_26, acc_1_1_0);
        let valueCache_28 = valueCache[8 * pt + 258];
        acc_2_0_0 = fma(vec4f(valueCache_28.x), convFiltersCache_25, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_28.x), convFiltersCache_26, acc_2_1_0);
        let valueCache_29 = valueCache[8 * pt + 386];
        acc_3_0_0 = fma(vec4f(valueCache_29.x), convFiltersCache_25, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_29.x), convFiltersCache_26, acc_3_1_0);
        let convFiltersCache_30 = convFiltersCache[oct + 144];
        acc_0_0_0 = fma(vec4f(valueCache_24.y), convFiltersCache_30, acc_0_0_0);
        let convFiltersCache_31 = convFiltersCache[oct + 152];
        acc_0_1_0 = fma(vec4f(valueCache_24.y), convFiltersCache_31, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_27.y), convFiltersCache_30, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_27.y), convFiltersCache_31, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_28.y), convFiltersCache_30, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_28.y), convFiltersCache_31, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_29.y), convFiltersCache_30, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_29.y), convFiltersCache_31, acc_3_1_0);
        let convFiltersCache_32 = convFiltersCache[oct + 160];
        acc_0_0_0 = fma(vec4f(valueCache_24.z), convFiltersCache_32, acc_0_0_0);
        let convFiltersCache_33 = convFiltersCache[oct + 168];
        acc_0_1_0 = fma(vec4f(valueCache_24.z), convFiltersCache_33, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_27.z), convFiltersCache_32, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_27.z), convFiltersCache_33, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_28.z), convFiltersCache_32, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_28.z), convFiltersCache_33, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_29.z), convFiltersCache_32, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_29.z), convFiltersCache_33, acc_3_1_0);
        let convFiltersCache_34 = convFiltersCache[oct + 176];
        acc_0_0_0 = fma(vec4f(valueCache_24.w), convFiltersCache_34, acc_0_0_0);
        let convFiltersCache_35 = convFiltersCache[oct + 184];
        acc_0_1_0 = fma(vec4f(valueCache_24.w), convFiltersCache_35, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_27.w), convFiltersCache_34, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_27.w), convFiltersCache_35, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_28.w), convFiltersCache_34, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_28.w), convFiltersCache_35, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_29.w), convFiltersCache_34, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_29.w), convFiltersCache_35, acc_3_1_0);
        let valueCache_36 = valueCache[8 * pt + 3];
        let convFiltersCache_37 = convFiltersCache[oct + 192];
        acc_0_0_0 = fma(vec4f(valueCache_36.x), convFiltersCache_37, acc_0_0_0);
        let convFiltersCache_38 = convFiltersCache[oct + 200];
        acc_0_1_0 = fma(vec4f(valueCache_36.x), convFiltersCache_38, acc_0_1_0);
        let valueCache_39 = valueCache[8 * pt + 131];
        acc_1_0_0 = fma(vec4f(valueCache_39.x), convFiltersCache_37, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_39.x), convFiltersCache_38, acc_1_1_0);
        let valueCache_40 = valueCache[8 * pt + 259];
        acc_2_0_0 = fma(vec4f(valueCache_40.x), convFiltersCache_37, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_40.x), convFiltersCache_38, acc_2_1_0);
        let valueCache_41 = valueCache[8 * pt + 387];
        acc_3_0_0 = fma(vec4f(valueCache_41.x), convFiltersCache_37, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_41.x), convFiltersCache_38, acc_3_1_0);
        let convFiltersCache_42 = convFiltersCache[oct + 208];
        acc_0_0_0 = fma(vec4f(valueCache_36.y), convFiltersCache_42, acc_0_0_0);
        let convFiltersCache_43 = convFiltersCache[oct + 216];
        acc_0_1_0 = fma(vec4f(valueCache_36.y), convFiltersCache_43, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_39.y), convFiltersCache_42, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_39.y), convFiltersCache_43, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_40.y), convFiltersCache_42, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_40.y), convFiltersCache_43, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_41.y), convFiltersCache_42, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_41.y), convFiltersCache_43, acc_3_1_0);
        let convFiltersCache_44 = convFiltersCache[oct + 224];
        acc_0_0_0 = fma(vec4f(valueCache_36.z), convFiltersCache_44, acc_0_0_0);
        let convFiltersCache_45 = convFiltersCache[oct + 232];
        acc_0_1_0 = fma(vec4f(valueCache_36.z), convFiltersCache_45, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_39.z), convFiltersCache_44, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_39.z), convFiltersCache_45, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_40.z), convFiltersCache_44, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_40.z), convFiltersCache_45, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_41.z), convFiltersCache_44, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_41.z), convFiltersCache_45, acc_3_1_0);
        let convFiltersCache_46 = convFiltersCache[oct + 240];
        acc_0_0_0 = fma(vec4f(valueCache_36.w), convFiltersCache_46, acc_0_0_0);
        let convFiltersCache_47 = convFiltersCache[oct + 248];
        acc_0_1_0 = fma(vec4f(valueCache_36.w), convFiltersCache_47, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_39.w), convFiltersCache_46, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_39.w), convFiltersCache_47, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_40.w), convFiltersCache_46, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_40.w), convFiltersCache_47, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_41.w), convFiltersCache_46, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_41.w), convFiltersCache_47, acc_3_1_0);
        let valueCache_48 = valueCache[8 * pt + 4];
        let convFiltersCache_49 = convFiltersCache[oct + 256];
        acc_0_0_0 = fma(vec4f(valueCache_48.x), convFiltersCache_49, acc_0_0_0);
        let convFiltersCache_50 = convFiltersCache[oct + 264];
        acc_0_1_0 = fma(vec4f(valueCache_48.x), convFiltersCache_50, acc_0_1_0);
        let valueCache_51 = valueCache[8 * pt + 132];
        acc_1_0_0 = fma(vec4f(valueCache_51.x), convFiltersCache_49, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_51.x), convFiltersCache_50, acc_1_1_0);
        let valueCache_52 = valueCache[8 * pt + 260];
        acc_2_0_0 = fma(vec4f(valueCache_52.x), convFiltersCache_49, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_52.x), convFiltersCache_50, acc_2_1_0);
        let valueCache_53 = valueCache[8 * pt + 388];
        acc_3_0_0 = fma(vec4f(valueCache_53.x), convFiltersCache_49, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_53.x), convFiltersCache_50, acc_3_1_0);
        let convFiltersCache_54 = convFiltersCache[oct + 272];
        acc_0_0_0 = fma(vec4f(valueCache_48.y), convFiltersCache_54, acc_0_0_0);
        let convFiltersCache_55 = convFiltersCache[oct + 280];
        acc_0_1_0 = fma(vec4f(valueCache_48.y), convFiltersCache_55, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_51.y), convFiltersCache_54, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_51.y), convFiltersCache_55, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_52.y), convFiltersCache_54, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_52.y), convFiltersCache_55, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_53.y), convFiltersCache_54, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_53.y), convFiltersCache_55, acc_3_1_0);
        let convFiltersCache_56 = convFiltersCache[oct + 288];
        acc_0_0_0 = fma(vec4f(valueCache_48.z), convFiltersCache_56, acc_0_0_0);
        let convFiltersCache_57 = convFiltersCache[oct + 296];
        acc_0_1_0 = fma(vec4f(valueCache_48.z), convFiltersCache_57, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_51.z), convFiltersCache_56, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_51.z), convFiltersCache_57, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_52.z), convFiltersCache_56, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_52.z), convFiltersCache_57, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_53.z), convFiltersCache_56, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_53.z), convFiltersCache_57, acc_3_1_0);
        let convFiltersCache_58 = convFiltersCache[oct + 304];
        acc_0_0_0 = fma(vec4f(valueCache_48.w), convFiltersCache_58, acc_0_0_0);
        let convFiltersCache_59 = convFiltersCache[oct + 312];
        acc_0_1_0 = fma(vec4f(valueCache_48.w), convFiltersCache_59, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_51.w), convFiltersCache_58, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_51.w), convFiltersCache_59, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_52.w), convFiltersCache_58, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_52.w), convFiltersCache_59, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_53.w), convFiltersCache_58, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_53.w), convFiltersCache_59, acc_3_1_0);
        let valueCache_60 = valueCache[8 * pt + 5];
        let convFiltersCache_61 = convFiltersCache[oct + 320];
        acc_0_0_0 = fma(vec4f(valueCache_60.x), convFiltersCache_61, acc_0_0_0);
        let convFiltersCache_62 = convFiltersCache[oct + 328];
        acc_0_1_0 = fma(vec4f(valueCache_60.x), convFiltersCache_62, acc_0_1_0);
        let valueCache_63 = valueCache[8 * pt + 133];
        acc_1_0_0 = fma(vec4f(valueCache_63.x), convFiltersCache_61, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_63.x), convFiltersCache_62, acc_1_1_0);
        let valueCache_64 = valueCache[8 * pt + 261];
        acc_2_0_0 = fma(vec4f(valueCache_64.x), convFiltersCache_61, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_64.x), convFiltersCache_62, acc_2_1_0);
        let valueCache_65 = valueCache[8 * pt + 389];
        acc_3_0_0 = fma(vec4f(valueCache_65.x), convFiltersCache_61, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_65.x), convFiltersCache_62, acc_3_1_0);
        let convFiltersCache_66 = convFiltersCache[oct + 336];
        acc_0_0_0 = fma(vec4f(valueCache_60.y), convFiltersCache_66, acc_0_0_0);
        let convFiltersCache_67 = convFiltersCache[oct + 344];
        acc_0_1_0 = fma(vec4f(valueCache_60.y), convFiltersCache_67, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_63.y), convFiltersCache_66, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_63.y), convFiltersCache_67, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_64.y), convFiltersCache_66, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_64.y), convFiltersCache_67, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_65.y), convFiltersCache_66, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_65.y), convFiltersCache_67, acc_3_1_0);
        let convFiltersCache_68 = convFiltersCache[oct + 352];
        acc_0_0_0 = fma(vec4f(valueCache_60.z), convFiltersCache_68, acc_0_0_0);
        let convFiltersCache_69 = convFiltersCache[oct + 360];
        acc_0_1_0 = fma(vec4f(valueCache_60.z), convFiltersCache_69, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_63.z), convFiltersCache_68, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_63.z), convFiltersCache_69, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_64.z), convFiltersCache_68, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_64.z), convFiltersCache_69, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_65.z), convFiltersCache_68, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_65.z), convFiltersCache_69, acc_3_1_0);
        let convFiltersCache_70 = convFiltersCache[oct + 368];
        acc_0_0_0 = fma(vec4f(valueCache_60.w), convFiltersCache_70, acc_0_0_0);
        let convFiltersCache_71 = convFiltersCache[oct + 376];
        acc_0_1_0 = fma(vec4f(valueCache_60.w), convFiltersCache_71, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_63.w), convFiltersCache_70, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_63.w), convFiltersCache_71, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_64.w), convFiltersCache_70, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_64.w), convFiltersCache_71, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_65.w), convFiltersCache_70, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_65.w), convFiltersCache_71, acc_3_1_0);
        let valueCache_72 = valueCache[8 * pt + 6];
        let convFiltersCache_73 = convFiltersCache[oct + 384];
        acc_0_0_0 = fma(vec4f(valueCache_72.x), convFiltersCache_73, acc_0_0_0);
        let convFiltersCache_74 = convFiltersCache[oct + 392];
        acc_0_1_0 = fma(vec4f(valueCache_72.x), convFiltersCache_74, acc_0_1_0);
        let valueCache_75 = valueCache[8 * pt + 134];
        acc_1_0_0 = fma(vec4f(valueCache_75.x), convFiltersCache_73, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_75.x), convFiltersCache_74, acc_1_1_0);
        let valueCache_76 = valueCache[8 * pt + 262];
        acc_2_0_0 = fma(vec4f(valueCache_76.x), convFiltersCache_73, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_76.x), convFiltersCache_74, acc_2_1_0);
        let valueCache_77 = valueCache[8 * pt + 390];
        acc_3_0_0 = fma(vec4f(valueCache_77.x), convFiltersCache_73, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_77.x), convFiltersCache_74, acc_3_1_0);
        let convFiltersCache_78 = convFiltersCache[oct + 400];
        acc_0_0_0 = fma(vec4f(valueCache_72.y), convFiltersCache_78, acc_0_0_0);
        let convFiltersCache_79 = convFiltersCache[oct + 408];
        acc_0_1_0 = fma(vec4f(valueCache_72.y), convFiltersCache_79, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_75.y), convFiltersCache_78, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_75.y), convFiltersCache_79, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_76.y), convFiltersCache_78, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_76.y), convFiltersCache_79, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_77.y), convFiltersCache_78, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_77.y), convFiltersCache_79, acc_3_1_0);
        let convFiltersCache_80 = convFiltersCache[oct + 416];
        acc_0_0_0 = fma(vec4f(valueCache_72.z), convFiltersCache_80, acc_0_0_0);
        let convFiltersCache_81 = convFiltersCache[oct + 424];
        acc_0_1_0 = fma(vec4f(valueCache_72.z), convFiltersCache_81, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_75.z), convFiltersCache_80, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_75.z), convFiltersCache_81, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_76.z), convFiltersCache_80, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_76.z), convFiltersCache_81, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_77.z), convFiltersCache_80, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_77.z), convFiltersCache_81, acc_3_1_0);
        let convFiltersCache_82 = convFiltersCache[oct + 432];
        acc_0_0_0 = fma(vec4f(valueCache_72.w), convFiltersCache_82, acc_0_0_0);
        let convFiltersCache_83 = convFiltersCache[oct + 440];
        acc_0_1_0 = fma(vec4f(valueCache_72.w), convFiltersCache_83, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_75.w), convFiltersCache_82, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_75.w), convFiltersCache_83, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_76.w), convFiltersCache_82, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_76.w), convFiltersCache_83, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_77.w), convFiltersCache_82, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_77.w), convFiltersCache_83, acc_3_1_0);
        let valueCache_84 = valueCache[8 * pt + 7];
        let convFiltersCache_85 = convFiltersCache[oct + 448];
        acc_0_0_0 = fma(vec4f(valueCache_84.x), convFiltersCache_85, acc_0_0_0);
        let convFiltersCache_86 = convFiltersCache[oct + 456];
        acc_0_1_0 = fma(vec4f(valueCache_84.x), convFiltersCache_86, acc_0_1_0);
        let valueCache_87 = valueCache[8 * pt + 135];
        acc_1_0_0 = fma(vec4f(valueCache_87.x), convFiltersCache_85, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_87.x), convFiltersCache_86, acc_1_1_0);
        let valueCache_88 = valueCache[8 * pt + 263];
        acc_2_0_0 = fma(vec4f(valueCache_88.x), convFiltersCache_85, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_88.x), convFiltersCache_86, acc_2_1_0);
        let valueCache_89 = valueCache[8 * pt + 391];
        acc_3_0_0 = fma(vec4f(valueCache_89.x), convFiltersCache_85, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_89.x), convFiltersCache_86, acc_3_1_0);
        let convFiltersCache_90 = convFiltersCache[oct + 464];
        acc_0_0_0 = fma(vec4f(valueCache_84.y), convFiltersCache_90, acc_0_0_0);
        let convFiltersCache_91 = convFiltersCache[oct + 472];
        acc_0_1_0 = fma(vec4f(valueCache_84.y), convFiltersCache_91, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_87.y), convFiltersCache_90, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_87.y), convFiltersCache_91, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_88.y), convFiltersCache_90, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_88.y), convFiltersCache_91, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_89.y), convFiltersCache_90, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_89.y), convFiltersCache_91, acc_3_1_0);
        let convFiltersCache_92 = convFiltersCache[oct + 480];
        acc_0_0_0 = fma(vec4f(valueCache_84.z), convFiltersCache_92, acc_0_0_0);
        let convFiltersCache_93 = convFiltersCache[oct + 488];
        acc_0_1_0 = fma(vec4f(valueCache_84.z), convFiltersCache_93, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_87.z), convFiltersCache_92, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_87.z), convFiltersCache_93, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_88.z), convFiltersCache_92, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_88.z), convFiltersCache_93, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_89.z), convFiltersCache_92, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_89.z), convFiltersCache_93, acc_3_1_0);
        let convFiltersCache_94 = convFiltersCache[oct + 496];
        acc_0_0_0 = fma(vec4f(valueCache_84.w), convFiltersCache_94, acc_0_0_0);
        let convFiltersCache_95 = convFiltersCache[oct + 504];
        acc_0_1_0 = fma(vec4f(valueCache_84.w), convFiltersCache_95, acc_0_1_0);
        acc_1_0_0 = fma(vec4f(valueCache_87.w), convFiltersCache_94, acc_1_0_0);
        acc_1_1_0 = fma(vec4f(valueCache_87.w), convFiltersCache_95, acc_1_1_0);
        acc_2_0_0 = fma(vec4f(valueCache_88.w), convFiltersCache_94, acc_2_0_0);
        acc_2_1_0 = fma(vec4f(valueCache_88.w), convFiltersCache_95, acc_2_1_0);
        acc_3_0_0 = fma(vec4f(valueCache_89.w), convFiltersCache_94, acc_3_0_0);
        acc_3_1_0 = fma(vec4f(valueCache_89.w), convFiltersCache_95, acc_3_1_0);
      }
    }
  }
  parts[oct + 1024 * po + 16 * pt + 65536 * s] = acc_0_0_0;
  parts[oct + 1024 * po + 16 * pt + 65536 * s + 8] = acc_0_1_0;
  parts[oct + 1024 * po + 16 * pt + 65536 * s + 256] = acc_1_0_0;
  parts[oct + 1024 * po + 16 * pt + 65536 * s + 264] = acc_1_1_0;
  parts[oct + 1024 * po + 16 * pt + 65536 * s + 512] = acc_2_0_0;
  parts[oct + 1024 * po + 16 * pt + 65536 * s + 520] = acc_2_1_0;
  parts[oct + 1024 * po + 16 * pt + 65536 * s + 768] = acc_3_0_0;
  parts[oct + 1024 * po + 16 * pt + 65536 * s + 776] = acc_3_1_0;
}
`,
    },
    {
      name: "totalKernel",
      bindings: [{ buffer: "output", access: "read_write" }, { buffer: "parts", access: "read" }],
      dispatches: [{ first: [0, 0, 0], count: [1024, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=64*oco+oci roundUp) split(oci=32*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read_write> output: array<vec4f, 65536>;
@group(0) @binding(1) var<storage, read> parts: array<vec4f, 131072>;

@compute @workgroup_size(64, 1, 1)
fn totalKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  var acc_0 = vec4f(0.0);
  let at0 = launchmember + 64 * launchteam;
  for (var s = 0; s < 2; s++) {
    acc_0 = acc_0 + parts[at0 + 65536 * s];
  }
  output[launchmember + 64 * launchteam] = acc_0;
}
`,
    },
  ],
};
