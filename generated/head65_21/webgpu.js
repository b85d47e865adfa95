// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x65x65x256 with 3x3x21x256, rate 4, SAME
// conv: fuse(oy ox=p) split(p=256*po+pi) split(pi=32*pu+pt) split(oc=24*oco+oci roundUp) split(oci=12*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=8*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 oc=launchpoint) split(launchpoint=64*launchteam+launchmember) bind(launchteam workgroup.x) bind(launchmember invocation.x)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 65, 65, 256], filters: [3, 3, 21, 256], rate: 4, padding: "SAME" },
  outputShape: [1, 65, 65, 21],
  algorithm: "direct in 16 parts",
  errorBound: 0.00013746720548724254,
  schedule: "conv: fuse(oy ox=p) split(p=256*po+pi) split(pi=32*pu+pt) split(oc=24*oco+oci roundUp) split(oci=12*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=8*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 oc=launchpoint) split(launchpoint=64*launchteam+launchmember) bind(launchteam workgroup.x) bind(launchmember invocation.x)",
  work: { flops: 408844800, liveFlops: 375986688, bytes: 4874836 },
  language: "wgsl",
  buffers: [
    { name: "value", shape: [1, 65, 65, 256], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 21, 256], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 65, 65, 21], dtype: "f32", role: "output" },
    { name: "parts", shape: [16, 1, 65, 65, 21], dtype: "f32", role: "scratch" },
    { name: "convFilters", shape: [16, 1, 3, 3, 2, 2, 4, 2, 3, 4], dtype: "f32", role: "prepared" },
  ],
  key: "80b88ec4cea1d18dac70f83c15dead63981e7a35a441be6e97465300646dfbbd",
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
      dispatches: [{ first: [0, 0, 0], count: [864, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=256*po+pi) split(pi=32*pu+pt) split(oc=24*oco+oci roundUp) split(oci=12*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=8*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 oc=launchpoint) split(launchpoint=64*launchteam+launchmember) bind(launchteam workgroup.x) bind(launchmember invocation.x)
@group(0) @binding(0) var<storage, read> filters: array<f32, 48384>;
@group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 55296>;

@compute @workgroup_size(64, 1, 1)
fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  let launchpoint7 = (launchmember + 64 * launchteam) / 4;
  let launchpoint6 = launchpoint7 / 3;
  let launchpoint5 = launchpoint6 / 2;
  let launchpoint4 = launchpoint5 / 4;
  let launchpoint3 = launchpoint4 / 2;
  let launchpoint2 = launchpoint3 / 2;
  let launchpoint1 = launchpoint2 / 3;
  let launchpoint0 = launchpoint1 / 3;
  var acc = f32(0.0);
  if (-launchmember + 24 * launchpoint5 - 64 * launchteam + 20 >= 0) {
    acc = filters[256 * launchmember - 48368 * launchpoint0 + 5360 * launchpoint2 - 6143 * launchpoint5 + 16384 * launchteam];
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
        { buffer: "parts", access: "read_write" },
        { buffer: "convFilters", access: "read" },
      ],
      dispatches: [{ first: [0, 0, 0], count: [17, 1, 16] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=256*po+pi) split(pi=32*pu+pt) split(oc=24*oco+oci roundUp) split(oci=12*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=8*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 oc=launchpoint) split(launchpoint=64*launchteam+launchmember) bind(launchteam workgroup.x) bind(launchmember invocation.x)
@group(0) @binding(0) var<storage, read> value: array<vec4f, 270400>;
@group(0) @binding(1) var<storage, read_write> parts: array<f32, 1419600>;
@group(0) @binding(2) var<storage, read> convFilters: array<vec4f, 13824>;
var<workgroup> convFiltersCache: array<vec4f, 48>;
var<workgroup> valueCache: array<vec4f, 512>;

@compute @workgroup_size(3, 32, 1)
fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let s = i32(workgroupId.z);
  let po = i32(workgroupId.x);
  let pt = i32(invocationId.y);
  let oct = i32(invocationId.x);
  let oyFirst = (256 * po) / 65;
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
  let valueCache1Part = (oct + 3 * pt) / 2;
  let valueCacheOy = (256 * po + valueCache1Part) / 65;
  let valueCacheOyc1 = (256 * po + valueCache1Part + 48) / 65;
  let valueCacheOyc2 = (256 * po + valueCache1Part + 96) / 65;
  let valueCacheOyc3 = (256 * po + valueCache1Part + 144) / 65;
  let valueCacheOyc4 = (256 * po + valueCache1Part + 192) / 65;
  let valueCacheOyc5 = (256 * po + valueCache1Part + 240) / 65;
  let live14 = select(-1, 0, -256 * po - valueCache1Part + 4128 >= 0);
  let live15 = select(-1, 0, -256 * po - valueCache1Part + 4080 >= 0);
  let live16 = select(-1, 0, -256 * po - valueCache1Part + 4032 >= 0);
  let live17 = select(-1, 0, -256 * po - valueCache1Part + 3984 >= 0);
  let live6 = select(-1, 0, -oct - 3 * pt + 31 >= 0);
  let live7 = select(-1, 0, -oct - 3 * pt + 47 >= 0);
  let at2 = oct + 3 * pt;
  let at5 = oct + 16384 * po + 3 * pt + 4 * s + 62 * valueCache1Part;
  let at6 = oct + 3 * pt + 864 * s;
  for (var ky = 0; ky < 3; ky++) {
    if (4 * ky - oyFirst + 60 >= 0) {
      let live8 = select(-1, 0, -4 * ky + valueCacheOy + 4 >= 0 && 4 * ky - valueCacheOy + 60 >= 0);
      let live9 = select(-1, 0, -4 * ky + valueCacheOyc1 + 4 >= 0 && 4 * ky - valueCacheOyc1 + 60 >= 0);
      let live10 = select(-1, 0, live14 >= 0 && -4 * ky + valueCacheOyc2 + 4 >= 0 && 4 * ky - valueCacheOyc2 + 60 >= 0);
      let live11 = select(-1, 0, live15 >= 0 && -4 * ky + valueCacheOyc3 + 4 >= 0 && 4 * ky - valueCacheOyc3 + 60 >= 0);
      let live12 = select(-1, 0, live16 >= 0 && -4 * ky + valueCacheOyc4 + 4 >= 0 && 4 * ky - valueCacheOyc4 + 60 >= 0);
      let live13 = select(-1, 0, live17 >= 0 && -4 * ky + valueCacheOyc5 + 4 >= 0 && 4 * ky - valueCacheOyc5 + 60 >= 0);
      let at3 = at5 - 16640 * ky;
      let at4 = at6 + 288 * ky;
      for (var kx = 0; kx < 3; kx++) {
        let live0 = select(-1, 0, live8 >= 0 && -4 * kx + 256 * po + valueCache1Part - 65 * valueCacheOy + 4 >= 0 && 4 * kx - 256 * po - valueCache1Part + 65 * valueCacheOy + 60 >= 0);
        let live1 = select(-1, 0, live9 >= 0 && -4 * kx + 256 * po + valueCache1Part - 65 * valueCacheOyc1 + 52 >= 0 && 4 * kx - 256 * po - valueCache1Part + 65 * valueCacheOyc1 + 12 >= 0);
        let live2 = select(-1, 0, live10 >= 0 && -4 * kx + 256 * po + valueCache1Part - 65 * valueCacheOyc2 + 100 >= 0 && 4 * kx - 256 * po - valueCache1Part + 65 * valueCacheOyc2 - 36 >= 0);
        let live3 = select(-1, 0, live11 >= 0 && -4 * kx + 256 * po + valueCache1Part - 65 * valueCacheOyc3 + 148 >= 0 && 4 * kx - 256 * po - valueCache1Part + 65 * valueCacheOyc3 - 84 >= 0);
        let live4 = select(-1, 0, live12 >= 0 && -4 * kx + 256 * po + valueCache1Part - 65 * valueCacheOyc4 + 196 >= 0 && 4 * kx - 256 * po - valueCache1Part + 65 * valueCacheOyc4 - 132 >= 0);
        let live5 = select(-1, 0, live13 >= 0 && -4 * kx + 256 * po + valueCache1Part - 65 * valueCacheOyc5 + 244 >= 0 && 4 * kx - 256 * po - valueCache1Part + 65 * valueCacheOyc5 - 180 >= 0);
        let at0 = at3 - 256 * kx;
        let at1 = at4 + 96 * kx;
        for (var ico = 0; ico < 2; ico++) {
          var convFiltersCacheStage_0_0 = vec4f(0.0);
          var valueCacheStage_5_0 = vec4f(0.0);
          var valueCacheStage_0_0 = vec4f(0.0);
          if (live0 >= 0) {
            valueCacheStage_0_0 = value[at0 + 2 * ico + 16896];
          }
          var valueCacheStage_1_0 = vec4f(0.0);
          if (live1 >= 0) {
            valueCacheStage_1_0 = value[at0 + 2 * ico + 19968];
          }
          var valueCacheStage_2_0 = vec4f(0.0);
          if (live2 >= 0) {
            valueCacheStage_2_0 = value[at0 + 2 * ico + 23040];
          }
          var valueCacheStage_3_0 = vec4f(0.0);
          if (live3 >= 0) {
            valueCacheStage_3_0 = value[at0 + 2 * ico + 26112];
          }
          var valueCacheStage_4_0 = vec4f(0.0);
          if (live4 >= 0) {
            valueCacheStage_4_0 = value[at0 + 2 * ico + 29184];
          }
          if (live6 >= 0) {
            valueCacheStage_5_0 = vec4f(0.0);
            if (live5 >= 0) {
              valueCacheStage_5_0 = value[at0 + 2 * ico + 32256];
            }
          }
          if (live7 >= 0) {
            convFiltersCacheStage_0_0 = convFilters[at1 + 48 * ico];
          }
          workgroupBarrier();
          valueCache[at2] = valueCacheStage_0_0;
          valueCache[at2 + 96] = valueCacheStage_1_0;
          valueCache[at2 + 192] = valueCacheStage_2_0;
          valueCache[at2 + 288] = valueCacheStage_3_0;
          valueCache[at2 + 384] = valueCacheStage_4_0;
          if (live6 >= 0) {
            valueCache[at2 + 480] = valueCacheStage_5_0;
          }
          if (live7 >= 0) {
            convFiltersCache[at2] = convFiltersCacheStage_0_0;
          }
          workgroupBarrier();
          let valueCache_0 = valueCache[2 * pt];
          let convFiltersCache_1 = convFiltersCache[oct];
          acc_0_0_0 = fma(vec4f(valueCache_0.x), convFiltersCache_1, acc_0_0_0);
          let convFiltersCache_2 = convFiltersCache[oct + 3];
          acc_0_1_0 = fma(vec4f(valueCache_0.x), convFiltersCache_2, acc_0_1_0);
          let valueCache_3 = valueCache[2 * pt + 64];
          acc_1_0_0 = fma(vec4f(valueCache_3.x), convFiltersCache_1, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_3.x), convFiltersCache_2, acc_1_1_0);
          let valueCache_4 = valueCache[2 * pt + 128];
          acc_2_0_0 = fma(vec4f(valueCache_4.x), convFiltersCache_1, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_4.x), convFiltersCache_2, acc_2_1_0);
          let valueCache_5 = valueCache[2 * pt + 192];
          acc_3_0_0 = fma(vec4f(valueCache_5.x), convFiltersCache_1, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_5.x), convFiltersCache_2, acc_3_1_0);
          let valueCache_6 = valueCache[2 * pt + 256];
          acc_4_0_0 = fma(vec4f(valueCache_6.x), convFiltersCache_1, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_6.x), convFiltersCache_2, acc_4_1_0);
          let valueCache_7 = valueCache[2 * pt + 320];
          acc_5_0_0 = fma(vec4f(valueCache_7.x), convFiltersCache_1, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_7.x), convFiltersCache_2, acc_5_1_0);
          let valueCache_8 = valueCache[2 * pt + 384];
          acc_6_0_0 = fma(vec4f(valueCache_8.x), convFiltersCache_1, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_8.x), convFiltersCache_2, acc_6_1_0);
          let valueCache_9 = valueCache[2 * pt + 448];
          acc_7_0_0 = fma(vec4f(valueCache_9.x), convFiltersCache_1, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_9.x), convFiltersCache_2, acc_7_1_0);
          let convFiltersCache_10 = convFiltersCache[oct + 6];
          acc_0_0_0 = fma(vec4f(valueCache_0.y), convFiltersCache_10, acc_0_0_0);
          let convFiltersCache_11 = convFiltersCache[oct + 9];
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
          let convFiltersCache_12 = convFiltersCache[oct + 12];
          acc_0_0_0 = fma(vec4f(valueCache_0.z), convFiltersCache_12, acc_0_0_0);
          let convFiltersCache_13 = convFiltersCache[oct + 15];
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
          let convFiltersCache_14 = convFiltersCache[oct + 18];
          acc_0_0_0 = fma(vec4f(valueCache_0.w), convFiltersCache_14, acc_0_0_0);
          let convFiltersCache_15 = convFiltersCache[oct + 21];
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
          let valueCache_16 = valueCache[2 * pt + 1];
          let convFiltersCache_17 = convFiltersCache[oct + 24];
          acc_0_0_0 = fma(vec4f(valueCache_16.x), convFiltersCache_17, acc_0_0_0);
          let convFiltersCache_18 = convFiltersCache[oct + 27];
          acc_0_1_0 = fma(vec4f(valueCache_16.x), convFiltersCache_18, acc_0_1_0);
          let valueCache_19 = valueCache[2 * pt + 65];
          acc_1_0_0 = fma(vec4f(valueCache_19.x), convFiltersCache_17, acc_1_0_0);
          acc_1_1_0 = fma(vec4f(valueCache_19.x), convFiltersCache_18, acc_1_1_0);
          let valueCache_20 = valueCache[2 * pt + 129];
          acc_2_0_0 = fma(vec4f(valueCache_20.x), convFiltersCache_17, acc_2_0_0);
          acc_2_1_0 = fma(vec4f(valueCache_20.x), convFiltersCache_18, acc_2_1_0);
          let valueCache_21 = valueCache[2 * pt + 193];
          acc_3_0_0 = fma(vec4f(valueCache_21.x), convFiltersCache_17, acc_3_0_0);
          acc_3_1_0 = fma(vec4f(valueCache_21.x), convFiltersCache_18, acc_3_1_0);
          let valueCache_22 = valueCache[2 * pt + 257];
          acc_4_0_0 = fma(vec4f(valueCache_22.x), convFiltersCache_17, acc_4_0_0);
          acc_4_1_0 = fma(vec4f(valueCache_22.x), convFiltersCache_18, acc_4_1_0);
          let valueCache_23 = valueCache[2 * pt + 321];
          acc_5_0_0 = fma(vec4f(valueCache_23.x), convFiltersCache_17, acc_5_0_0);
          acc_5_1_0 = fma(vec4f(valueCache_23.x), convFiltersCache_18, acc_5_1_0);
          let valueCache_24 = valueCache[2 * pt + 385];
          acc_6_0_0 = fma(vec4f(valueCache_24.x), convFiltersCache_17, acc_6_0_0);
          acc_6_1_0 = fma(vec4f(valueCache_24.x), convFiltersCache_18, acc_6_1_0);
          let valueCache_25 = valueCache[2 * pt + 449];
          acc_7_0_0 = fma(vec4f(valueCache_25.x), convFiltersCache_17, acc_7_0_0);
          acc_7_1_0 = fma(vec4f(valueCache_25.x), convFiltersCache_18, acc_7_1_0);
          let convFiltersCache_26 = convFiltersCache[oct + 30];
          acc_0_0_0 = fma(vec4f(valueCache_16.y), convFiltersCache_26, acc_0_0_0);
          let convFiltersCache_27 = convFiltersCache[oct + 33];
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
          let convFiltersCache_28 = convFiltersCache[oct + 36];
          acc_0_0_0 = fma(vec4f(valueCache_16.z), convFiltersCache_28, acc_0_0_0);
          let convFiltersCache_29 = convFiltersCache[oct + 39];
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
          let convFiltersCache_30 = convFiltersCache[oct + 42];
          acc_0_0_0 = fma(vec4f(valueCache_16.w), convFiltersCache_30, acc_0_0_0);
          let convFiltersCache_31 = convFiltersCache[oct + 45];
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
        }
      }
    }
  }
  {
    let stored = acc_0_0_0;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s] = stored.x;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1] = stored.y;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2] = stored.z;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3] = stored.w;
  }
  if (-4 * oct + 5 >= 0) {
    {
      let stored = acc_0_1_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 12] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 13] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 14] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 15] = stored.w;
    }
  }
  else {
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 12] = acc_0_1_0.x;
    if (-4 * oct + 7 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 13] = acc_0_1_0.y;
    }
    if (-4 * oct + 6 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 14] = acc_0_1_0.z;
    }
    if (-4 * oct + 5 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 15] = acc_0_1_0.w;
    }
  }
  {
    let stored = acc_1_0_0;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 672] = stored.x;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 673] = stored.y;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 674] = stored.z;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 675] = stored.w;
  }
  if (-4 * oct + 5 >= 0) {
    {
      let stored = acc_1_1_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 684] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 685] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 686] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 687] = stored.w;
    }
  }
  else {
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 684] = acc_1_1_0.x;
    if (-4 * oct + 7 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 685] = acc_1_1_0.y;
    }
    if (-4 * oct + 6 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 686] = acc_1_1_0.z;
    }
    if (-4 * oct + 5 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 687] = acc_1_1_0.w;
    }
  }
  {
    let stored = acc_2_0_0;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1344] = stored.x;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1345] = stored.y;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1346] = stored.z;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1347] = stored.w;
  }
  if (-4 * oct + 5 >= 0) {
    {
      let stored = acc_2_1_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1356] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1357] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1358] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1359] = stored.w;
    }
  }
  else {
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1356] = acc_2_1_0.x;
    if (-4 * oct + 7 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1357] = acc_2_1_0.y;
    }
    if (-4 * oct + 6 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1358] = acc_2_1_0.z;
    }
    if (-4 * oct + 5 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 1359] = acc_2_1_0.w;
    }
  }
  {
    let stored = acc_3_0_0;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2016] = stored.x;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2017] = stored.y;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2018] = stored.z;
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2019] = stored.w;
  }
  if (-4 * oct + 5 >= 0) {
    {
      let stored = acc_3_1_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2028] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2029] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2030] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2031] = stored.w;
    }
  }
  else {
    parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2028] = acc_3_1_0.x;
    if (-4 * oct + 7 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2029] = acc_3_1_0.y;
    }
    if (-4 * oct + 6 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2030] = acc_3_1_0.z;
    }
    if (-4 * oct + 5 >= 0) {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2031] = acc_3_1_0.w;
    }
  }
  if (-256 * po - pt + 4096 >= 0) {
    {
      let stored = acc_4_0_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2688] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2689] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2690] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2691] = stored.w;
    }
    if (-4 * oct + 5 >= 0) {
      {
        let stored = acc_4_1_0;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2700] = stored.x;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2701] = stored.y;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2702] = stored.z;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2703] = stored.w;
      }
    }
    else {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2700] = acc_4_1_0.x;
      if (-4 * oct + 7 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2701] = acc_4_1_0.y;
      }
      if (-4 * oct + 6 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2702] = acc_4_1_0.z;
      }
      if (-4 * oct + 5 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 2703] = acc_4_1_0.w;
      }
    }
  }
  if (-256 * po - pt + 4064 >= 0) {
    {
      let stored = acc_5_0_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3360] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3361] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3362] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3363] = stored.w;
    }
    if (-4 * oct + 5 >= 0) {
      {
        let stored = acc_5_1_0;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3372] = stored.x;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3373] = stored.y;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3374] = stored.z;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3375] = stored.w;
      }
    }
    else {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3372] = acc_5_1_0.x;
      if (-4 * oct + 7 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3373] = acc_5_1_0.y;
      }
      if (-4 * oct + 6 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3374] = acc_5_1_0.z;
      }
      if (-4 * oct + 5 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 3375] = acc_5_1_0.w;
      }
    }
  }
  if (-256 * po - pt + 4032 >= 0) {
    {
      let stored = acc_6_0_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4032] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4033] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4034] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4035] = stored.w;
    }
    if (-4 * oct + 5 >= 0) {
      {
        let stored = acc_6_1_0;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4044] = stored.x;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4045] = stored.y;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4046] = stored.z;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4047] = stored.w;
      }
    }
    else {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4044] = acc_6_1_0.x;
      if (-4 * oct + 7 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4045] = acc_6_1_0.y;
      }
      if (-4 * oct + 6 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4046] = acc_6_1_0.z;
      }
      if (-4 * oct + 5 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4047] = acc_6_1_0.w;
      }
    }
  }
  if (-256 * po - pt + 4000 >= 0) {
    {
      let stored = acc_7_0_0;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4704] = stored.x;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4705] = stored.y;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4706] = stored.z;
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4707] = stored.w;
    }
    if (-4 * oct + 5 >= 0) {
      {
        let stored = acc_7_1_0;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4716] = stored.x;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4717] = stored.y;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4718] = stored.z;
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4719] = stored.w;
      }
    }
    else {
      parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4716] = acc_7_1_0.x;
      if (-4 * oct + 7 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4717] = acc_7_1_0.y;
      }
      if (-4 * oct + 6 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4718] = acc_7_1_0.z;
      }
      if (-4 * oct + 5 >= 0) {
        parts[4 * oct + 5376 * po + 21 * pt + 88725 * s + 4719] = acc_7_1_0.w;
      }
    }
  }
}
`,
    },
    {
      name: "totalKernel",
      bindings: [{ buffer: "output", access: "read_write" }, { buffer: "parts", access: "read" }],
      dispatches: [{ first: [0, 0, 0], count: [1387, 1, 1] }],
      code: `// tilewright 0.1.0
// conv: fuse(oy ox=p) split(p=256*po+pi) split(pi=32*pu+pt) split(oc=24*oco+oci roundUp) split(oci=12*ocu+ocv roundUp) split(ocv=4*oct+lane roundUp) split(ic=8*ico+ici) split(ici=4*icv+icu) order(s oco po pt oct ky kx ico icv icu pu ocu lane) bind(pt invocation.y) bind(oct invocation.x) unroll(icv) unroll(icu) unroll(pu) pack(filters: s oco ky kx ico icv icu ocu oct lane) cache(value at ico in workgroup: pu pt icv icu) cache(convFilters at ico in workgroup: icv icu ocu oct lane) bind(po workgroup.x) bind(oco workgroup.y) bind(s workgroup.z) unroll(ocu) vectorize(lane) | total: fuse(n oy=launchpoint0) fuse(launchpoint0 ox=launchpoint1) fuse(launchpoint1 oc=launchpoint) split(launchpoint=64*launchteam+launchmember) bind(launchteam workgroup.x) bind(launchmember invocation.x)
@group(0) @binding(0) var<storage, read_write> output: array<f32, 88725>;
@group(0) @binding(1) var<storage, read> parts: array<f32, 1419600>;

@compute @workgroup_size(64, 1, 1)
fn totalKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
  let launchteam = i32(workgroupId.x);
  let launchmember = i32(invocationId.x);
  if (-launchmember - 64 * launchteam + 88724 >= 0) {
    var acc = f32(0.0);
    let at0 = launchmember + 64 * launchteam;
    for (var s = 0; s < 16; s++) {
      acc = acc + parts[at0 + 88725 * s];
    }
    output[launchmember + 64 * launchteam] = acc;
  }
}
`,
    },
  ],
};
