// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x33x33x256 with 3x3x256x256, rate 12, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: {
    op: "atrousConv2dTranspose",
    value: [1, 33, 33, 256],
    filters: [3, 3, 256, 256],
    rate: 12,
    padding: "SAME",
  },
  outputShape: [1, 33, 33, 256],
  algorithm: "direct",
  errorBound: 0.00013746720548724254,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 1284636672, liveFlops: 737280000, bytes: 4589568 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 33, 33, 256], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 256, 256], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 33, 33, 256], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [86, 3, 3, 256, 3], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "eaa245e239a5d089988f915c91e19d8446e8630c73682e96b753e2789cc4cc4f",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 86; oco++) {
          const at6 = (768 * oco) | 0;
          const at7 = (6912 * oco) | 0;
          for (let ky = 0; ky < 3; ky++) {
            const at4 = (at6 + 196608 * ky) | 0;
            const at5 = (at7 + 2304 * ky) | 0;
            for (let kx = 0; kx < 3; kx++) {
              const at2 = (at4 + 65536 * kx) | 0;
              const at3 = (at5 + 768 * kx) | 0;
              for (let ic = 0; ic < 256; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 3 * ic) | 0;
                for (let ocu = 0; ocu < 3; ocu++) {
                  let acc = 0;
                  if (-3 * oco - ocu + 255 >= 0) {
                    acc = filters[at0 + 256 * ocu];
                  }
                  convFilters[at1 + ocu] = acc;
                }
              }
            }
          }
        }
      };
    })();

    const conv = (() => {
      return (value, output, convFilters) => {
        for (let oco = 0; oco < 86; oco++) {
          const at12 = (3 * oco) | 0;
          for (let oy = 0; oy < 33; oy++) {
            const at10 = (8448 * oy) | 0;
            const at11 = (at12 + 8448 * oy) | 0;
            for (let oxo = 0; oxo < 17; oxo++) {
              let acc_0_0 = 0;
              let acc_0_1 = 0;
              let acc_0_2 = 0;
              let acc_1_0 = 0;
              let acc_1_1 = 0;
              let acc_1_2 = 0;
              const at8 = (at10 + 512 * oxo) | 0;
              const at9 = (6912 * oco) | 0;
              for (let ky = 0; ky < 3; ky++) {
                if (-12 * ky + oy + 12 >= 0 && 12 * ky - oy + 20 >= 0) {
                  const at6 = (at8 - 101376 * ky) | 0;
                  const at7 = (at9 + 2304 * ky) | 0;
                  for (let kx = 0; kx < 3; kx++) {
                    if (-12 * kx + 2 * oxo + 12 >= 0 && 12 * kx - 2 * oxo + 19 >= 0) {
                      const at0 = (at6 - 3072 * kx) | 0;
                      const at1 = (at7 + 768 * kx) | 0;
                      for (let ic = 0; ic < 256; ic++) {
                        const value_0 = value[at0 + ic + 104448];
                        const convFilters_1 = convFilters[at1 + 3 * ic];
                        acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                        const convFilters_2 = convFilters[at1 + 3 * ic + 1];
                        acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                        const convFilters_3 = convFilters[at1 + 3 * ic + 2];
                        acc_0_2 = acc_0_2 + (value_0 * convFilters_3);
                        const value_4 = value[at0 + ic + 104704];
                        acc_1_0 = acc_1_0 + (value_4 * convFilters_1);
                        acc_1_1 = acc_1_1 + (value_4 * convFilters_2);
                        acc_1_2 = acc_1_2 + (value_4 * convFilters_3);
                      }
                    }
                    else {
                      if (-12 * kx + 2 * oxo + 12 >= 0 && 12 * kx - 2 * oxo + 20 >= 0) {
                        const at2 = (at6 - 3072 * kx) | 0;
                        const at3 = (at7 + 768 * kx) | 0;
                        for (let ic = 0; ic < 256; ic++) {
                          const value_5 = value[at2 + ic + 104448];
                          acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 3 * ic]);
                          acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 3 * ic + 1]);
                          acc_0_2 = acc_0_2 + (value_5 * convFilters[at3 + 3 * ic + 2]);
                        }
                      }
                      if (-12 * kx + 2 * oxo + 13 >= 0 && 12 * kx - 2 * oxo + 19 >= 0) {
                        const at4 = (at6 - 3072 * kx) | 0;
                        const at5 = (at7 + 768 * kx) | 0;
                        for (let ic = 0; ic < 256; ic++) {
                          const value_6 = value[at4 + ic + 104704];
                          acc_1_0 = acc_1_0 + (value_6 * convFilters[at5 + 3 * ic]);
                          acc_1_1 = acc_1_1 + (value_6 * convFilters[at5 + 3 * ic + 1]);
                          acc_1_2 = acc_1_2 + (value_6 * convFilters[at5 + 3 * ic + 2]);
                        }
                      }
                    }
                  }
                }
              }
              output[at11 + 512 * oxo] = acc_0_0;
              if (-3 * oco + 254 >= 0) {
                output[at11 + 512 * oxo + 1] = acc_0_1;
              }
              if (-3 * oco + 253 >= 0) {
                output[at11 + 512 * oxo + 2] = acc_0_2;
              }
              if (-2 * oxo + 31 >= 0) {
                output[at11 + 512 * oxo + 256] = acc_1_0;
                if (-3 * oco + 254 >= 0) {
                  output[at11 + 512 * oxo + 257] = acc_1_1;
                }
                if (-3 * oco + 253 >= 0) {
                  output[at11 + 512 * oxo + 258] = acc_1_2;
                }
              }
            }
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
