// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x1x4096x64 with 1x9x64x64, rate 4, SAME
// conv: split(ox=3*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 1, 4096, 64], filters: [1, 9, 64, 64], rate: 4, padding: "SAME" },
  outputShape: [1, 1, 4096, 64],
  algorithm: "direct",
  errorBound: 0.00003445267162586449,
  schedule: "conv: split(ox=3*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 301989888, liveFlops: 301334528, bytes: 2244608 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 1, 4096, 64], dtype: "f32", role: "input" },
    { name: "filters", shape: [1, 9, 64, 64], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 1, 4096, 64], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [32, 1, 9, 64, 2], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "6d0356e7ef966d4c8aab8201ebaf2a53fd4500a91e5d6425e32f12874bd19ec6",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=3*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 32; oco++) {
          const at4 = (128 * oco) | 0;
          const at5 = (1152 * oco) | 0;
          for (let kx = 0; kx < 9; kx++) {
            const at2 = (at4 + 4096 * kx) | 0;
            const at3 = (at5 + 128 * kx) | 0;
            for (let ic = 0; ic < 64; ic++) {
              const at0 = (at2 + ic) | 0;
              const at1 = (at3 + 2 * ic) | 0;
              for (let ocu = 0; ocu < 2; ocu++) {
                let acc = filters[at0 + 64 * ocu];
                convFilters[at1 + ocu] = acc;
              }
            }
          }
        }
      };
    })();

    const conv = (() => {
      return (value, output, convFilters) => {
        for (let oco = 0; oco < 32; oco++) {
          const at10 = (2 * oco) | 0;
          for (let oxo = 0; oxo < 1366; oxo++) {
            let acc_0_0 = 0;
            let acc_0_1 = 0;
            let acc_1_0 = 0;
            let acc_1_1 = 0;
            let acc_2_0 = 0;
            let acc_2_1 = 0;
            const at8 = (192 * oxo) | 0;
            const at9 = (1152 * oco) | 0;
            for (let kx = 0; kx < 9; kx++) {
              if (-4 * kx + 3 * oxo + 16 >= 0 && 4 * kx - 3 * oxo + 4077 >= 0) {
                const at0 = (at8 - 256 * kx) | 0;
                const at1 = (at9 + 128 * kx) | 0;
                for (let ic = 0; ic < 64; ic++) {
                  const value_0 = value[at0 + ic + 1024];
                  const convFilters_1 = convFilters[at1 + 2 * ic];
                  acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                  const convFilters_2 = convFilters[at1 + 2 * ic + 1];
                  acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                  const value_3 = value[at0 + ic + 1088];
                  acc_1_0 = acc_1_0 + (value_3 * convFilters_1);
                  acc_1_1 = acc_1_1 + (value_3 * convFilters_2);
                  const value_4 = value[at0 + ic + 1152];
                  acc_2_0 = acc_2_0 + (value_4 * convFilters_1);
                  acc_2_1 = acc_2_1 + (value_4 * convFilters_2);
                }
              }
              else {
                if (-4 * kx + 3 * oxo + 16 >= 0 && 4 * kx - 3 * oxo + 4079 >= 0) {
                  const at2 = (at8 - 256 * kx) | 0;
                  const at3 = (at9 + 128 * kx) | 0;
                  for (let ic = 0; ic < 64; ic++) {
                    const value_5 = value[at2 + ic + 1024];
                    acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 2 * ic]);
                    acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 2 * ic + 1]);
                  }
                }
                if (-4 * kx + 3 * oxo + 17 >= 0 && 4 * kx - 3 * oxo + 4078 >= 0) {
                  const at4 = (at8 - 256 * kx) | 0;
                  const at5 = (at9 + 128 * kx) | 0;
                  for (let ic = 0; ic < 64; ic++) {
                    const value_6 = value[at4 + ic + 1088];
                    acc_1_0 = acc_1_0 + (value_6 * convFilters[at5 + 2 * ic]);
                    acc_1_1 = acc_1_1 + (value_6 * convFilters[at5 + 2 * ic + 1]);
                  }
                }
                if (-4 * kx + 3 * oxo + 18 >= 0 && 4 * kx - 3 * oxo + 4077 >= 0) {
                  const at6 = (at8 - 256 * kx) | 0;
                  const at7 = (at9 + 128 * kx) | 0;
                  for (let ic = 0; ic < 64; ic++) {
                    const value_7 = value[at6 + ic + 1152];
                    acc_2_0 = acc_2_0 + (value_7 * convFilters[at7 + 2 * ic]);
                    acc_2_1 = acc_2_1 + (value_7 * convFilters[at7 + 2 * ic + 1]);
                  }
                }
              }
            }
            output[at10 + 192 * oxo] = acc_0_0;
            output[at10 + 192 * oxo + 1] = acc_0_1;
            if (-3 * oxo + 4094 >= 0) {
              output[at10 + 192 * oxo + 64] = acc_1_0;
              output[at10 + 192 * oxo + 65] = acc_1_1;
            }
            if (-3 * oxo + 4093 >= 0) {
              output[at10 + 192 * oxo + 128] = acc_2_0;
              output[at10 + 192 * oxo + 129] = acc_2_1;
            }
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
