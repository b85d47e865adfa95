// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x32 with 3x3x16x32, rate 2, SAME
// conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=16*oco+oci roundUp) split(oci=16*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 128, 128, 32], filters: [3, 3, 16, 32], rate: 2, padding: "SAME" },
  outputShape: [1, 128, 128, 16],
  algorithm: "direct",
  errorBound: 0.00001728564577324833,
  schedule: "conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=16*oco+oci roundUp) split(oci=16*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)",
  work: { flops: 150994944, liveFlops: 147865600, bytes: 3164160 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 128, 128, 32], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 16, 32], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 128, 128, 16], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [1, 3, 3, 1, 8, 4, 1, 4, 4], dtype: "f32", role: "prepared" },
  ],
  key: "c89dd8b55ab534b01951d7b2847a7d85354dfd38755c720169f3be4c1b5f288c",
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
      dispatches: [{ first: [0, 0, 0], count: [72, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=16*oco+oci roundUp) split(oci=16*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 4608>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 4608>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint6 = (launchmember + 64 * launchteam) / 4;
  let launchpoint5 = launchpoint6 / 4;
  let launchpoint3 = launchpoint5 / 4;
  let launchpoint2 = launchpoint3 / 8;
  let launchpoint0 = launchpoint2 / 3;
  let oco = launchpoint0 / 3;
  var acc = filters[32 * launchmember + 480 * launchpoint2 - 511 * launchpoint5 + 2048 * launchteam - 4096 * oco];
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
      dispatches: [{ first: [0, 0, 0], count: [256, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=64*po+pi) split(pi=16*pu+pt) split(oc=16*oco+oci roundUp) split(oci=16*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) unroll(ocu) vectorize(lane)
@group(0) @binding(0) var<storage, read> value: array<vec4f, 131072>;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f, 65536>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 1152>;
var<workgroup> convFiltersCache: array<vec4f, 128>;
var<workgroup> valueCache: array<vec4f, 512>;

@compute @workgroup_size(4, 16, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.y);
  let oct = i32(invocationId.x);
  let oyFirst = (64 * po) / 128;
  var acc_0_0_0 = vec4f(0.0);
  var acc_1_0_0 = vec4f(0.0);
  var acc_2_0_0 = vec4f(0.0);
  var acc_3_0_0 = vec4f(0.0);
  let valueCache1Part = (oct + 4 * pt) / 8;
  let valueCacheOy = (64 * po + valueCache1Part) / 128;
  let valueCacheOyc1 = (64 * po + valueCache1Part + 8) / 128;
  let valueCacheOyc2 = (64 * po + valueCache1Part + 16) / 128;
  let valueCacheOyc3 = (64 * po + valueCache1Part + 24) / 128;
  let valueCacheOyc4 = (64 * po + valueCache1Part + 32) / 128;
  let valueCacheOyc5 = (64 * po + valueCache1Part + 40) / 128;
  let valueCacheOyc6 = (64 * po + valueCache1Part + 48) / 128;
  let valueCacheOyc7 = (64 * po + valueCache1Part + 56) / 128;
  let at2 = oct + 4 * pt;
  let at3 = oct + 512 * po + 4 * pt;
  let at4 = oct + 4 * pt;
  for (var ky = 0; ky < 3; ky++) {
    if (-2 * ky + oyFirst + 3 >= 0 && 2 * ky - oyFirst + 125 >= 0) {
      let live0 = select(-1, 0, -2 * ky + valueCacheOy + 2 >= 0 && 2 * ky - valueCacheOy + 125 >= 0);
      let live1 = select(-1, 0, -2 * ky + valueCacheOyc1 + 2 >= 0 && 2 * ky - valueCacheOyc1 + 125 >= 0);
      let live2 = select(-1, 0, -2 * ky + valueCacheOyc2 + 2 >= 0 && 2 * ky - valueCacheOyc2 + 125 >= 0);
      let live3 = select(-1, 0, -2 * ky + valueCacheOyc3 + 2 >= 0 && 2 * ky - valueCacheOyc3 + 125 >= 0);
      let live4 = select(-1, 0, -2 * ky + valueCacheOyc4 + 2 >= 0 && 2 * ky - valueCacheOyc4 + 125 >= 0);
      let live5 = select(-1, 0, -2 * ky + valueCacheOyc5 + 2 >= 0 && 2 * ky - valueCacheOyc5 + 125 >= 0);
      let live6 = select(-1, 0, -2 * ky + valueCacheOyc6 + 2 >= 0 && 2 * ky - valueCacheOyc6 + 125 >= 0);
      let live7 = select(-1, 0, -2 * ky + valueCacheOyc7 + 2 >= 0 && 2 * ky - valueCacheOyc7 + 125 >= 0);
      let at0 = at3 - 2048 * ky;
      let at1 = at4 + 384 * ky;
      for (var kx = 0; kx < 3; kx++) {
        var valueCacheStage_0_0 = vec4f(0.0);
        if (live0 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOy + 2 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOy + 125 >= 0) {
          valueCacheStage_0_0 = value[at0 - 16 * kx + 2064];
        }
        var valueCacheStage_1_0 = vec4f(0.0);
        if (live1 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOyc1 + 10 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOyc1 + 117 >= 0) {
          valueCacheStage_1_0 = value[at0 - 16 * kx + 2128];
        }
        var valueCacheStage_2_0 = vec4f(0.0);
        if (live2 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOyc2 + 18 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOyc2 + 109 >= 0) {
          valueCacheStage_2_0 = value[at0 - 16 * kx + 2192];
        }
        var valueCacheStage_3_0 = vec4f(0.0);
        if (live3 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOyc3 + 26 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOyc3 + 101 >= 0) {
          valueCacheStage_3_0 = value[at0 - 16 * kx + 2256];
        }
        var valueCacheStage_4_0 = vec4f(0.0);
        if (live4 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOyc4 + 34 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOyc4 + 93 >= 0) {
          valueCacheStage_4_0 = value[at0 - 16 * kx + 2320];
        }
        var valueCacheStage_5_0 = vec4f(0.0);
        if (live5 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOyc5 + 42 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOyc5 + 85 >= 0) {
          valueCacheStage_5_0 = value[at0 - 16 * kx + 2384];
        }
        var valueCacheStage_6_0 = vec4f(0.0);
        if (live6 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOyc6 + 50 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOyc6 + 77 >= 0) {
          valueCacheStage_6_0 = value[at0 - 16 * kx + 2448];
        }
        var valueCacheStage_7_0 = vec4f(0.0);
        if (live7 >= 0 && -2 * kx + 64 * po + valueCache1Part - 128 * valueCacheOyc7 + 58 >= 0 && 2 * kx - 64 * po - valueCache1Part + 128 * valueCacheOyc7 + 69 >= 0) {
          valueCacheStage_7_0 = value[at0 - 16 * kx + 2512];
        }
        var convFiltersCacheStage_0_0 = convFilters[at1 + 128 * kx];
        var convFiltersCacheStage_1_0 = convFilters[at1 + 128 * kx + 64];
        workgroupBarrier();
        valueCache[at2] = valueCacheStage_0_0;
        valueCache[at2 + 64] = valueCacheStage_1_0;
        valueCache[at2 + 128] = valueCacheStage_2_0;
        valueCache[at2 + 192] = valueCacheStage_3_0;
        valueCache[at2 + 256] = valueCacheStage_4_0;
        valueCache[at2 + 320] = valueCacheStage_5_0;
        valueCache[at2 + 384] = valueCacheStage_6_0;
        valueCache[at2 + 448] = valueCacheStage_7_0;
        convFiltersCache[at2] = convFiltersCacheStage_0_0;
        convFiltersCache[at2 + 64] = convFiltersCacheStage_1_0;
        workgroupBarrier();
        let valueCache_0 = valueCache[8 * pt];
        let convFiltersCache_1 = convFiltersCache[oct];
        acc_0_0_0 = fma(vec4f(valueCache_0.x), convFiltersCache_1, acc_0_0_0);
        let valueCache_2 = valueCache[8 * pt + 128];
        acc_1_0_0 = fma(vec4f(valueCache_2.x), convFiltersCache_1, acc_1_0_0);
        let valueCache_3 = valueCache[8 * pt + 256];
        acc_2_0_0 = fma(vec4f(valueCache_3.x), convFiltersCache_1, acc_2_0_0);
        let valueCache_4 = valueCache[8 * pt + 384];
        acc_3_0_0 = fma(vec4f(valueCache_4.x), convFiltersCache_1, acc_3_0_0);
        let convFiltersCache_5 = convFiltersCache[oct + 4];
        acc_0_0_0 = fma(vec4f(valueCache_0.y), convFiltersCache_5, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_2.y), convFiltersCache_5, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_3.y), convFiltersCache_5, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_4.y), convFiltersCache_5, acc_3_0_0);
        let convFiltersCache_6 = convFiltersCache[oct + 8];
        acc_0_0_0 = fma(vec4f(valueCache_0.z), convFiltersCache_6, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_2.z), convFiltersCache_6, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_3.z), convFiltersCache_6, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_4.z), convFiltersCache_6, acc_3_0_0);
        let convFiltersCache_7 = convFiltersCache[oct + 12];
        acc_0_0_0 = fma(vec4f(valueCache_0.w), convFiltersCache_7, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_2.w), convFiltersCache_7, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_3.w), convFiltersCache_7, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_4.w), convFiltersCache_7, acc_3_0_0);
        let valueCache_8 = valueCache[8 * pt + 1];
        let convFiltersCache_9 = convFiltersCache[oct + 16];
        acc_0_0_0 = fma(vec4f(valueCache_8.x), convFiltersCache_9, acc_0_0_0);
        let valueCache_10 = valueCache[8 * pt + 129];
        acc_1_0_0 = fma(vec4f(valueCache_10.x), convFiltersCache_9, acc_1_0_0);
        let valueCache_11 = valueCache[8 * pt + 257];
        acc_2_0_0 = fma(vec4f(valueCache_11.x), convFiltersCache_9, acc_2_0_0);
        let valueCache_12 = valueCache[8 * pt + 385];
        acc_3_0_0 = fma(vec4f(valueCache_12.x), convFiltersCache_9, acc_3_0_0);
        let convFiltersCache_13 = convFiltersCache[oct + 20];
        acc_0_0_0 = fma(vec4f(valueCache_8.y), convFiltersCache_13, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_10.y), convFiltersCache_13, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_11.y), convFiltersCache_13, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_12.y), convFiltersCache_13, acc_3_0_0);
        let convFiltersCache_14 = convFiltersCache[oct + 24];
        acc_0_0_0 = fma(vec4f(valueCache_8.z), convFiltersCache_14, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_10.z), convFiltersCache_14, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_11.z), convFiltersCache_14, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_12.z), convFiltersCache_14, acc_3_0_0);
        let convFiltersCache_15 = convFiltersCache[oct + 28];
        acc_0_0_0 = fma(vec4f(valueCache_8.w), convFiltersCache_15, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_10.w), convFiltersCache_15, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_11.w), convFiltersCache_15, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_12.w), convFiltersCache_15, acc_3_0_0);
        let valueCache_16 = valueCache[8 * pt + 2];
        let convFiltersCache_17 = convFiltersCache[oct + 32];
        acc_0_0_0 = fma(vec4f(valueCache_16.x), convFiltersCache_17, acc_0_0_0);
        let valueCache_18 = valueCache[8 * pt + 130];
        acc_1_0_0 = fma(vec4f(valueCache_18.x), convFiltersCache_17, acc_1_0_0);
        let valueCache_19 = valueCache[8 * pt + 258];
        acc_2_0_0 = fma(vec4f(valueCache_19.x), convFiltersCache_17, acc_2_0_0);
        let valueCache_20 = valueCache[8 * pt + 386];
        acc_3_0_0 = fma(vec4f(valueCache_20.x), convFiltersCache_17, acc_3_0_0);
        let convFiltersCache_21 = convFiltersCache[oct + 36];
        acc_0_0_0 = fma(vec4f(valueCache_16.y), convFiltersCache_21, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_18.y), convFiltersCache_21, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_19.y), convFiltersCache_21, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_20.y), convFiltersCache_21, acc_3_0_0);
        let convFiltersCache_22 = convFiltersCache[oct + 40];
        acc_0_0_0 = fma(vec4f(valueCache_16.z), convFiltersCache_22, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_18.z), convFiltersCache_22, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_19.z), convFiltersCache_22, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_20.z), convFiltersCache_22, acc_3_0_0);
        let convFiltersCache_23 = convFiltersCache[oct + 44];
        acc_0_0_0 = fma(vec4f(valueCache_16.w), convFiltersCache_23, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_18.w), convFiltersCache_23, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_19.w), convFiltersCache_23, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_20.w), convFiltersCache_23, acc_3_0_0);
        let valueCache_24 = valueCache[8 * pt + 3];
        let convFiltersCache_25 = convFiltersCache[oct + 48];
        acc_0_0_0 = fma(vec4f(valueCache_24.x), convFiltersCache_25, acc_0_0_0);
        let valueCache_26 = valueCache[8 * pt + 131];
        acc_1_0_0 = fma(vec4f(valueCache_26.x), convFiltersCache_25, acc_1_0_0);
        let valueCache_27 = valueCache[8 * pt + 259];
        acc_2_0_0 = fma(vec4f(valueCache_27.x), convFiltersCache_25, acc_2_0_0);
        let valueCache_28 = valueCache[8 * pt + 387];
        acc_3_0_0 = fma(vec4f(valueCache_28.x), convFiltersCache_25, acc_3_0_0);
        let convFiltersCache_29 = convFiltersCache[oct + 52];
        acc_0_0_0 = fma(vec4f(valueCache_24.y), convFiltersCache_29, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_26.y), convFiltersCache_29, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_27.y), convFiltersCache_29, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_28.y), convFiltersCache_29, acc_3_0_0);
        let convFiltersCache_30 = convFiltersCache[oct + 56];
        acc_0_0_0 = fma(vec4f(valueCache_24.z), convFiltersCache_30, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_26.z), convFiltersCache_30, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_27.z), convFiltersCache_30, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_28.z), convFiltersCache_30, acc_3_0_0);
        let convFiltersCache_31 = convFiltersCache[oct + 60];
        acc_0_0_0 = fma(vec4f(valueCache_24.w), convFiltersCache_31, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_26.w), convFiltersCache_31, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_27.w), convFiltersCache_31, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_28.w), convFiltersCache_31, acc_3_0_0);
        let valueCache_32 = valueCache[8 * pt + 4];
        let convFiltersCache_33 = convFiltersCache[oct + 64];
        acc_0_0_0 = fma(vec4f(valueCache_32.x), convFiltersCache_33, acc_0_0_0);
        let valueCache_34 = valueCache[8 * pt + 132];
        acc_1_0_0 = fma(vec4f(valueCache_34.x), convFiltersCache_33, acc_1_0_0);
        let valueCache_35 = valueCache[8 * pt + 260];
        acc_2_0_0 = fma(vec4f(valueCache_35.x), convFiltersCache_33, acc_2_0_0);
        let valueCache_36 = valueCache[8 * pt + 388];
        acc_3_0_0 = fma(vec4f(valueCache_36.x), convFiltersCache_33, acc_3_0_0);
        let convFiltersCache_37 = convFiltersCache[oct + 68];
        acc_0_0_0 = fma(vec4f(valueCache_32.y), convFiltersCache_37, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_34.y), convFiltersCache_37, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_35.y), convFiltersCache_37, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_36.y), convFiltersCache_37, acc_3_0_0);
        let convFiltersCache_38 = convFiltersCache[oct + 72];
        acc_0_0_0 = fma(vec4f(valueCache_32.z), convFiltersCache_38, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_34.z), convFiltersCache_38, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_35.z), convFiltersCache_38, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_36.z), convFiltersCache_38, acc_3_0_0);
        let convFiltersCache_39 = convFiltersCache[oct + 76];
        acc_0_0_0 = fma(vec4f(valueCache_32.w), convFiltersCache_39, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_34.w), convFiltersCache_39, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_35.w), convFiltersCache_39, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_36.w), convFiltersCache_39, acc_3_0_0);
        let valueCache_40 = valueCache[8 * pt + 5];
        let convFiltersCache_41 = convFiltersCache[oct + 80];
        acc_0_0_0 = fma(vec4f(valueCache_40.x), convFiltersCache_41, acc_0_0_0);
        let valueCache_42 = valueCache[8 * pt + 133];
        acc_1_0_0 = fma(vec4f(valueCache_42.x), convFiltersCache_41, acc_1_0_0);
        let valueCache_43 = valueCache[8 * pt + 261];
        acc_2_0_0 = fma(vec4f(valueCache_43.x), convFiltersCache_41, acc_2_0_0);
        let valueCache_44 = valueCache[8 * pt + 389];
        acc_3_0_0 = fma(vec4f(valueCache_44.x), convFiltersCache_41, acc_3_0_0);
        let convFiltersCache_45 = convFiltersCache[oct + 84];
        acc_0_0_0 = fma(vec4f(valueCache_40.y), convFiltersCache_45, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_42.y), convFiltersCache_45, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_43.y), convFiltersCache_45, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_44.y), convFiltersCache_45, acc_3_0_0);
        let convFiltersCache_46 = convFiltersCache[oct + 88];
        acc_0_0_0 = fma(vec4f(valueCache_40.z), convFiltersCache_46, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_42.z), convFiltersCache_46, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_43.z), convFiltersCache_46, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_44.z), convFiltersCache_46, acc_3_0_0);
        let convFiltersCache_47 = convFiltersCache[oct + 92];
        acc_0_0_0 = fma(vec4f(valueCache_40.w), convFiltersCache_47, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_42.w), convFiltersCache_47, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_43.w), convFiltersCache_47, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_44.w), convFiltersCache_47, acc_3_0_0);
        let valueCache_48 = valueCache[8 * pt + 6];
        let convFiltersCache_49 = convFiltersCache[oct + 96];
        acc_0_0_0 = fma(vec4f(valueCache_48.x), convFiltersCache_49, acc_0_0_0);
        let valueCache_50 = valueCache[8 * pt + 134];
        acc_1_0_0 = fma(vec4f(valueCache_50.x), convFiltersCache_49, acc_1_0_0);
        let valueCache_51 = valueCache[8 * pt + 262];
        acc_2_0_0 = fma(vec4f(valueCache_51.x), convFiltersCache_49, acc_2_0_0);
        let valueCache_52 = valueCache[8 * pt + 390];
        acc_3_0_0 = fma(vec4f(valueCache_52.x), convFiltersCache_49, acc_3_0_0);
        let convFiltersCache_53 = convFiltersCache[oct + 100];
        acc_0_0_0 = fma(vec4f(valueCache_48.y), convFiltersCache_53, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_50.y), convFiltersCache_53, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_51.y), convFiltersCache_53, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_52.y), convFiltersCache_53, acc_3_0_0);
        let convFiltersCache_54 = convFiltersCache[oct + 104];
        acc_0_0_0 = fma(vec4f(valueCache_48.z), convFiltersCache_54, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_50.z), convFiltersCache_54, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_51.z), convFiltersCache_54, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_52.z), convFiltersCache_54, acc_3_0_0);
        let convFiltersCache_55 = convFiltersCache[oct + 108];
        acc_0_0_0 = fma(vec4f(valueCache_48.w), convFiltersCache_55, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_50.w), convFiltersCache_55, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_51.w), convFiltersCache_55, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_52.w), convFiltersCache_55, acc_3_0_0);
        let valueCache_56 = valueCache[8 * pt + 7];
        let convFiltersCache_57 = convFiltersCache[oct + 112];
        acc_0_0_0 = fma(vec4f(valueCache_56.x), convFiltersCache_57, acc_0_0_0);
        let valueCache_58 = valueCache[8 * pt + 135];
        acc_1_0_0 = fma(vec4f(valueCache_58.x), convFiltersCache_57, acc_1_0_0);
        let valueCache_59 = valueCache[8 * pt + 263];
        acc_2_0_0 = fma(vec4f(valueCache_59.x), convFiltersCache_57, acc_2_0_0);
        let valueCache_60 = valueCache[8 * pt + 391];
        acc_3_0_0 = fma(vec4f(valueCache_60.x), convFiltersCache_57, acc_3_0_0);
        let convFiltersCache_61 = convFiltersCache[oct + 116];
        acc_0_0_0 = fma(vec4f(valueCache_56.y), convFiltersCache_61, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_58.y), convFiltersCache_61, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_59.y), convFiltersCache_61, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_60.y), convFiltersCache_61, acc_3_0_0);
        let convFiltersCache_62 = convFiltersCache[oct + 120];
        acc_0_0_0 = fma(vec4f(valueCache_56.z), convFiltersCache_62, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_58.z), convFiltersCache_62, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_59.z), convFiltersCache_62, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_60.z), convFiltersCache_62, acc_3_0_0);
        let convFiltersCache_63 = convFiltersCache[oct + 124];
        acc_0_0_0 = fma(vec4f(valueCache_56.w), convFiltersCache_63, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_58.w), convFiltersCache_63, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_59.w), convFiltersCache_63, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_60.w), convFiltersCache_63, acc_3_0_0);
      }
    }
  }
  output[oct + 256 * po + 4 * pt] = acc_0_0_0;
  output[oct + 256 * po + 4 * pt + 64] = acc_1_0_0;
  output[oct + 256 * po + 4 * pt + 128] = acc_2_0_0;
  output[oct + 256 * po + 4 * pt + 192] = acc_3_0_0;
}
`,
    },
  ],
};
