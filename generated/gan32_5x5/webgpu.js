// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x32x32x128 with 5x5x64x128, rate 2, SAME
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=8*pu+pt) split(oc=64*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 32, 32, 128], filters: [5, 5, 64, 128], rate: 2, padding: "SAME" },
  outputShape: [1, 32, 32, 64],
  algorithm: "direct in 4 parts",
  errorBound: 0.00019089050480105717,
  schedule: "conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=8*pu+pt) split(oc=64*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)",
  work: { flops: 419430400, liveFlops: 358875136, bytes: 1605632 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 32, 32, 128], dtype: "f32", role: "input" },
    { name: "filters", shape: [5, 5, 64, 128], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 32, 32, 64], dtype: "f32", role: "output" },
    { name: "parts", shape: [4, 1, 32, 32, 64], dtype: "f32", role: "scratch" },
    { name: "convFilters", shape: [4, 1, 5, 5, 1, 8, 4, 1, 16, 4], dtype: "f32", role: "prepared" },
  ],
  key: "f8080b4c83e6558c1a8ee0d10da3c217ce69e6570d9ce0ed72c6bbf52a3f9138",
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
      dispatches: [{ first: [0, 0, 0], count: [3200, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=8*pu+pt) split(oc=64*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read> filters: array<f32, 204800>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 204800>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint7 = (launchmember + 64 * launchteam) / 4;
  let launchpoint6 = launchpoint7 / 16;
  let launchpoint4 = launchpoint6 / 4;
  let launchpoint3 = launchpoint4 / 8;
  let launchpoint1 = launchpoint3 / 5;
  let launchpoint0 = launchpoint1 / 5;
  var acc = filters[128 * launchmember - 204768 * launchpoint0 + 8160 * launchpoint3 - 8191 * launchpoint6 + 8192 * launchteam];
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
      dispatches: [{ first: [0, 0, 0], count: [32, 1, 4] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=8*pu+pt) split(oc=64*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read> value: array<vec4f, 32768>;
@group(0) @binding(1) var<storage, read_write> parts: array<vec4f, 65536>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 51200>;
var<workgroup> convFiltersCache: array<vec4f, 512>;
var<workgroup> valueCache: array<vec4f, 256>;

@compute @workgroup_size(16, 8, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let s = i32(workgroupId.z);
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.y);
  let oct = i32(invocationId.x);
  let oyFirst = (32 * po) / 32;
  var acc_0_0_0 = vec4f(0.0);
  var acc_1_0_0 = vec4f(0.0);
  var acc_2_0_0 = vec4f(0.0);
  var acc_3_0_0 = vec4f(0.0);
  let valueCache1Part = oct / 8;
  let valueCacheOy = (32 * po + 2 * pt + valueCache1Part) / 32;
  let valueCacheOyc1 = (32 * po + 2 * pt + valueCache1Part + 16) / 32;
  let at2 = oct + 16 * pt;
  let at3 = oct + 1024 * po + 64 * pt + 8 * s + 24 * valueCache1Part;
  let at4 = oct + 16 * pt + 12800 * s;
  for (var ky = 0; ky < 5; ky++) {
    if (-2 * ky + oyFirst + 5 >= 0 && 2 * ky - oyFirst + 27 >= 0) {
      let live0 = select(-1, 0, -2 * ky + valueCacheOy + 4 >= 0 && 2 * ky - valueCacheOy + 27 >= 0);
      let live1 = select(-1, 0, -2 * ky + valueCacheOyc1 + 4 >= 0 && 2 * ky - valueCacheOyc1 + 27 >= 0);
      let at0 = at3 - 2048 * ky;
      let at1 = at4 + 2560 * ky;
      for (var kx = 0; kx < 5; kx++) {
        var valueCacheStage_0_0 = vec4f(0.0);
        if (live0 >= 0 && -2 * kx + 32 * po + 2 * pt + valueCache1Part - 32 * valueCacheOy + 4 >= 0 && 2 * kx - 32 * po - 2 * pt - valueCache1Part + 32 * valueCacheOy + 27 >= 0) {
          valueCacheStage_0_0 = value[at0 - 64 * kx + 4224];
        }
        var valueCacheStage_1_0 = vec4f(0.0);
        if (live1 >= 0 && -2 * kx + 32 * po + 2 * pt + valueCache1Part - 32 * valueCacheOyc1 + 20 >= 0 && 2 * kx - 32 * po - 2 * pt - valueCache1Part + 32 * valueCacheOyc1 + 11 >= 0) {
          valueCacheStage_1_0 = value[at0 - 64 * kx + 4736];
        }
        var convFiltersCacheStage_0_0 = convFilters[at1 + 512 * kx];
        var convFiltersCacheStage_1_0 = convFilters[at1 + 512 * kx + 128];
        var convFiltersCacheStage_2_0 = convFilters[at1 + 512 * kx + 256];
        var convFiltersCacheStage_3_0 = convFilters[at1 + 512 * kx + 384];
        workgroupBarrier();
        valueCache[at2] = valueCacheStage_0_0;
        valueCache[at2 + 128] = valueCacheStage_1_0;
        convFiltersCache[at2] = convFiltersCacheStage_0_0;
        convFiltersCache[at2 + 128] = convFiltersCacheStage_1_0;
        convFiltersCache[at2 + 256] = convFiltersCacheStage_2_0;
        convFiltersCache[at2 + 384] = convFiltersCacheStage_3_0;
        workgroupBarrier();
        let valueCache_0 = valueCache[8 * pt];
        let convFiltersCache_1 = convFiltersCache[oct];
        acc_0_0_0 = fma(vec4f(valueCache_0.x), convFiltersCache_1, acc_0_0_0);
        let valueCache_2 = valueCache[8 * pt + 64];
        acc_1_0_0 = fma(vec4f(valueCache_2.x), convFiltersCache_1, acc_1_0_0);
        let valueCache_3 = valueCache[8 * pt + 128];
        acc_2_0_0 = fma(vec4f(valueCache_3.x), convFiltersCache_1, acc_2_0_0);
        let valueCache_4 = valueCache[8 * pt + 192];
        acc_3_0_0 = fma(vec4f(valueCache_4.x), convFiltersCache_1, acc_3_0_0);
        let convFiltersCache_5 = convFiltersCache[oct + 16];
        acc_0_0_0 = fma(vec4f(valueCache_0.y), convFiltersCache_5, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_2.y), convFiltersCache_5, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_3.y), convFiltersCache_5, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_4.y), convFiltersCache_5, acc_3_0_0);
        let convFiltersCache_6 = convFiltersCache[oct + 32];
        acc_0_0_0 = fma(vec4f(valueCache_0.z), convFiltersCache_6, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_2.z), convFiltersCache_6, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_3.z), convFiltersCache_6, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_4.z), convFiltersCache_6, acc_3_0_0);
        let convFiltersCache_7 = convFiltersCache[oct + 48];
        acc_0_0_0 = fma(vec4f(valueCache_0.w), convFiltersCache_7, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_2.w), convFiltersCache_7, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_3.w), convFiltersCache_7, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_4.w), convFiltersCache_7, acc_3_0_0);
        let valueCache_8 = valueCache[8 * pt + 1];
        let convFiltersCache_9 = convFiltersCache[oct + 64];
        acc_0_0_0 = fma(vec4f(valueCache_8.x), convFiltersCache_9, acc_0_0_0);
        let valueCache_10 = valueCache[8 * pt + 65];
        acc_1_0_0 = fma(vec4f(valueCache_10.x), convFiltersCache_9, acc_1_0_0);
        let valueCache_11 = valueCache[8 * pt + 129];
        acc_2_0_0 = fma(vec4f(valueCache_11.x), convFiltersCache_9, acc_2_0_0);
        let valueCache_12 = valueCache[8 * pt + 193];
        acc_3_0_0 = fma(vec4f(valueCache_12.x), convFiltersCache_9, acc_3_0_0);
        let convFiltersCache_13 = convFiltersCache[oct + 80];
        acc_0_0_0 = fma(vec4f(valueCache_8.y), convFiltersCache_13, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_10.y), convFiltersCache_13, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_11.y), convFiltersCache_13, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_12.y), convFiltersCache_13, acc_3_0_0);
        let convFiltersCache_14 = convFiltersCache[oct + 96];
        acc_0_0_0 = fma(vec4f(valueCache_8.z), convFiltersCache_14, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_10.z), convFiltersCache_14, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_11.z), convFiltersCache_14, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_12.z), convFiltersCache_14, acc_3_0_0);
        let convFiltersCache_15 = convFiltersCache[oct + 112];
        acc_0_0_0 = fma(vec4f(valueCache_8.w), convFiltersCache_15, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_10.w), convFiltersCache_15, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_11.w), convFiltersCache_15, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_12.w), convFiltersCache_15, acc_3_0_0);
        let valueCache_16 = valueCache[8 * pt + 2];
        let convFiltersCache_17 = convFiltersCache[oct + 128];
        acc_0_0_0 = fma(vec4f(valueCache_16.x), convFiltersCache_17, acc_0_0_0);
        let valueCache_18 = valueCache[8 * pt + 66];
        acc_1_0_0 = fma(vec4f(valueCache_18.x), convFiltersCache_17, acc_1_0_0);
        let valueCache_19 = valueCache[8 * pt + 130];
        acc_2_0_0 = fma(vec4f(valueCache_19.x), convFiltersCache_17, acc_2_0_0);
        let valueCache_20 = valueCache[8 * pt + 194];
        acc_3_0_0 = fma(vec4f(valueCache_20.x), convFiltersCache_17, acc_3_0_0);
        let convFiltersCache_21 = convFiltersCache[oct + 144];
        acc_0_0_0 = fma(vec4f(valueCache_16.y), convFiltersCache_21, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_18.y), convFiltersCache_21, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_19.y), convFiltersCache_21, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_20.y), convFiltersCache_21, acc_3_0_0);
        let convFiltersCache_22 = convFiltersCache[oct + 160];
        acc_0_0_0 = fma(vec4f(valueCache_16.z), convFiltersCache_22, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_18.z), convFiltersCache_22, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_19.z), convFiltersCache_22, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_20.z), convFiltersCache_22, acc_3_0_0);
        let convFiltersCache_23 = convFiltersCache[oct + 176];
        acc_0_0_0 = fma(vec4f(valueCache_16.w), convFiltersCache_23, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_18.w), convFiltersCache_23, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_19.w), convFiltersCache_23, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_20.w), convFiltersCache_23, acc_3_0_0);
        let valueCache_24 = valueCache[8 * pt + 3];
        let convFiltersCache_25 = convFiltersCache[oct + 192];
        acc_0_0_0 = fma(vec4f(valueCache_24.x), convFiltersCache_25, acc_0_0_0);
        let valueCache_26 = valueCache[8 * pt + 67];
        acc_1_0_0 = fma(vec4f(valueCache_26.x), convFiltersCache_25, acc_1_0_0);
        let valueCache_27 = valueCache[8 * pt + 131];
        acc_2_0_0 = fma(vec4f(valueCache_27.x), convFiltersCache_25, acc_2_0_0);
        let valueCache_28 = valueCache[8 * pt + 195];
        acc_3_0_0 = fma(vec4f(valueCache_28.x), convFiltersCache_25, acc_3_0_0);
        let convFiltersCache_29 = convFiltersCache[oct + 208];
        acc_0_0_0 = fma(vec4f(valueCache_24.y), convFiltersCache_29, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_26.y), convFiltersCache_29, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_27.y), convFiltersCache_29, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_28.y), convFiltersCache_29, acc_3_0_0);
        let convFiltersCache_30 = convFiltersCache[oct + 224];
        acc_0_0_0 = fma(vec4f(valueCache_24.z), convFiltersCache_30, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_26.z), convFiltersCache_30, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_27.z), convFiltersCache_30, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_28.z), convFiltersCache_30, acc_3_0_0);
        let convFiltersCache_31 = convFiltersCache[oct + 240];
        acc_0_0_0 = fma(vec4f(valueCache_24.w), convFiltersCache_31, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_26.w), convFiltersCache_31, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_27.w), convFiltersCache_31, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_28.w), convFiltersCache_31, acc_3_0_0);
        let valueCache_32 = valueCache[8 * pt + 4];
        let convFiltersCache_33 = convFiltersCache[oct + 256];
        acc_0_0_0 = fma(vec4f(valueCache_32.x), convFiltersCache_33, acc_0_0_0);
        let valueCache_34 = valueCache[8 * pt + 68];
        acc_1_0_0 = fma(vec4f(valueCache_34.x), convFiltersCache_33, acc_1_0_0);
        let valueCache_35 = valueCache[8 * pt + 132];
        acc_2_0_0 = fma(vec4f(valueCache_35.x), convFiltersCache_33, acc_2_0_0);
        let valueCache_36 = valueCache[8 * pt + 196];
        acc_3_0_0 = fma(vec4f(valueCache_36.x), convFiltersCache_33, acc_3_0_0);
        let convFiltersCache_37 = convFiltersCache[oct + 272];
        acc_0_0_0 = fma(vec4f(valueCache_32.y), convFiltersCache_37, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_34.y), convFiltersCache_37, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_35.y), convFiltersCache_37, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_36.y), convFiltersCache_37, acc_3_0_0);
        let convFiltersCache_38 = convFiltersCache[oct + 288];
        acc_0_0_0 = fma(vec4f(valueCache_32.z), convFiltersCache_38, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_34.z), convFiltersCache_38, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_35.z), convFiltersCache_38, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_36.z), convFiltersCache_38, acc_3_0_0);
        let convFiltersCache_39 = convFiltersCache[oct + 304];
        acc_0_0_0 = fma(vec4f(valueCache_32.w), convFiltersCache_39, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_34.w), convFiltersCache_39, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_35.w), convFiltersCache_39, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_36.w), convFiltersCache_39, acc_3_0_0);
        let valueCache_40 = valueCache[8 * pt + 5];
        let convFiltersCache_41 = convFiltersCache[oct + 320];
        acc_0_0_0 = fma(vec4f(valueCache_40.x), convFiltersCache_41, acc_0_0_0);
        let valueCache_42 = valueCache[8 * pt + 69];
        acc_1_0_0 = fma(vec4f(valueCache_42.x), convFiltersCache_41, acc_1_0_0);
        let valueCache_43 = valueCache[8 * pt + 133];
        acc_2_0_0 = fma(vec4f(valueCache_43.x), convFiltersCache_41, acc_2_0_0);
        let valueCache_44 = valueCache[8 * pt + 197];
        acc_3_0_0 = fma(vec4f(valueCache_44.x), convFiltersCache_41, acc_3_0_0);
        let convFiltersCache_45 = convFiltersCache[oct + 336];
        acc_0_0_0 = fma(vec4f(valueCache_40.y), convFiltersCache_45, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_42.y), convFiltersCache_45, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_43.y), convFiltersCache_45, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_44.y), convFiltersCache_45, acc_3_0_0);
        let convFiltersCache_46 = convFiltersCache[oct + 352];
        acc_0_0_0 = fma(vec4f(valueCache_40.z), convFiltersCache_46, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_42.z), convFiltersCache_46, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_43.z), convFiltersCache_46, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_44.z), convFiltersCache_46, acc_3_0_0);
        let convFiltersCache_47 = convFiltersCache[oct + 368];
        acc_0_0_0 = fma(vec4f(valueCache_40.w), convFiltersCache_47, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_42.w), convFiltersCache_47, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_43.w), convFiltersCache_47, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_44.w), convFiltersCache_47, acc_3_0_0);
        let valueCache_48 = valueCache[8 * pt + 6];
        let convFiltersCache_49 = convFiltersCache[oct + 384];
        acc_0_0_0 = fma(vec4f(valueCache_48.x), convFiltersCache_49, acc_0_0_0);
        let valueCache_50 = valueCache[8 * pt + 70];
        acc_1_0_0 = fma(vec4f(valueCache_50.x), convFiltersCache_49, acc_1_0_0);
        let valueCache_51 = valueCache[8 * pt + 134];
        acc_2_0_0 = fma(vec4f(valueCache_51.x), convFiltersCache_49, acc_2_0_0);
        let valueCache_52 = valueCache[8 * pt + 198];
        acc_3_0_0 = fma(vec4f(valueCache_52.x), convFiltersCache_49, acc_3_0_0);
        let convFiltersCache_53 = convFiltersCache[oct + 400];
        acc_0_0_0 = fma(vec4f(valueCache_48.y), convFiltersCache_53, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_50.y), convFiltersCache_53, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_51.y), convFiltersCache_53, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_52.y), convFiltersCache_53, acc_3_0_0);
        let convFiltersCache_54 = convFiltersCache[oct + 416];
        acc_0_0_0 = fma(vec4f(valueCache_48.z), convFiltersCache_54, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_50.z), convFiltersCache_54, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_51.z), convFiltersCache_54, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_52.z), convFiltersCache_54, acc_3_0_0);
        let convFiltersCache_55 = convFiltersCache[oct + 432];
        acc_0_0_0 = fma(vec4f(valueCache_48.w), convFiltersCache_55, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_50.w), convFiltersCache_55, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_51.w), convFiltersCache_55, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_52.w), convFiltersCache_55, acc_3_0_0);
        let valueCache_56 = valueCache[8 * pt + 7];
        let convFiltersCache_57 = convFiltersCache[oct + 448];
        acc_0_0_0 = fma(vec4f(valueCache_56.x), convFiltersCache_57, acc_0_0_0);
        let valueCache_58 = valueCache[8 * pt + 71];
        acc_1_0_0 = fma(vec4f(valueCache_58.x), convFiltersCache_57, acc_1_0_0);
        let valueCache_59 = valueCache[8 * pt + 135];
        acc_2_0_0 = fma(vec4f(valueCache_59.x), convFiltersCache_57, acc_2_0_0);
        let valueCache_60 = valueCache[8 * pt + 199];
        acc_3_0_0 = fma(vec4f(valueCache_60.x), convFiltersCache_57, acc_3_0_0);
        let convFiltersCache_61 = convFiltersCache[oct + 464];
        acc_0_0_0 = fma(vec4f(valueCache_56.y), convFiltersCache_61, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_58.y), convFiltersCache_61, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_59.y), convFiltersCache_61, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_60.y), convFiltersCache_61, acc_3_0_0);
        let convFiltersCache_62 = convFiltersCache[oct + 480];
        acc_0_0_0 = fma(vec4f(valueCache_56.z), convFiltersCache_62, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_58.z), convFiltersCache_62, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_59.z), convFiltersCache_62, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_60.z), convFiltersCache_62, acc_3_0_0);
        let convFiltersCache_63 = convFiltersCache[oct + 496];
        acc_0_0_0 = fma(vec4f(valueCache_56.w), convFiltersCache_63, acc_0_0_0);
        acc_1_0_0 = fma(vec4f(valueCache_58.w), convFiltersCache_63, acc_1_0_0);
        acc_2_0_0 = fma(vec4f(valueCache_59.w), convFiltersCache_63, acc_2_0_0);
        acc_3_0_0 = fma(vec4f(valueCache_60.w), convFiltersCache_63, acc_3_0_0);
      }
    }
  }
  parts[oct + 512 * po + 16 * pt + 16384 * s] = acc_0_0_0;
  parts[oct + 512 * po + 16 * pt + 16384 * s + 128] = acc_1_0_0;
  parts[oct + 512 * po + 16 * pt + 16384 * s + 256] = acc_2_0_0;
  parts[oct + 512 * po + 16 * pt + 16384 * s + 384] = acc_3_0_0;
}
`,
    },
    {
      name: "totalKernel",
      bindings: [{ buffer: "output", access: "read_write" }, { buffer: "parts", access: "read" }],
      dispatches: [{ first: [0, 0, 0], count: [256, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=32*po+pi) split(pi=8*pu+pt) split(oc=64*oco+oci roundUp) split(oci=64*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=32*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: split(oc=4*launchvector+launchlane) fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 launchvector=launchpoint) split(launchpoint=64*launchteam+launchmember) order(s launchlane) bind(launchteam workgroup.x) bind(launchmember invocation.x) vectorize(launchlane)
@group(0) @binding(0) var<storage, read_write> output: array<vec4f, 16384>;
@group(0) @binding(1) var<storage, read> parts: array<vec4f, 65536>;

@compute @workgroup_size(64, 1, 1)
fn totalKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  var acc_0 = vec4f(0.0);
  let at0 = launchmember + 64 * launchteam;
  for (var s = 0; s < 4; s++) {
    acc_0 = acc_0 + parts[at0 + 16384 * s];
  }
  output[launchmember + 64 * launchteam] = acc_0;
}
`,
    },
  ],
};
