// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 2x17x23x5 with 4x2x7x5, rate 3, VALID
// conv: split(ox=1*oxo+oxu roundUp) split(oc=7*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [2, 17, 23, 5], filters: [4, 2, 7, 5], rate: 3, padding: "VALID" },
  outputShape: [2, 26, 26, 7],
  algorithm: "direct",
  errorBound: 0.0000025034013475690244,
  schedule: "conv: split(ox=1*oxo+oxu roundUp) split(oc=7*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 757120, liveFlops: 437920, bytes: 54616 },
  language: "js",
  buffers: [
    { name: "value", shape: [2, 17, 23, 5], dtype: "f32", role: "input" },
    { name: "filters", shape: [4, 2, 7, 5], dtype: "f32", role: "weights" },
    { name: "output", shape: [2, 26, 26, 7], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [1, 4, 2, 5, 7], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "26a27160c09bab2b6718b6ae40be4b8f69c0b5a3d5308842a5ef29cb4975c0c1",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=1*oxo+oxu roundUp) split(oc=7*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let ky = 0; ky < 4; ky++) {
          const at3 = (70 * ky) | 0;
          for (let kx = 0; kx < 2; kx++) {
            const at2 = (at3 + 35 * kx) | 0;
            for (let ic = 0; ic < 5; ic++) {
              const at0 = (at2 + ic) | 0;
              const at1 = (at2 + 7 * ic) | 0;
              for (let ocu = 0; ocu < 7; ocu++) {
                let acc = filters[at0 + 5 * ocu];
                convFilters[at1 + ocu] = acc;
              }
            }
          }
        }
      };
    })();

    const conv = (() => {
      return (value, output, convFilters) => {
        for (let n = 0; n < 2; n++) {
          const at9 = (1955 * n) | 0;
          const at10 = (4732 * n) | 0;
          for (let oy = 0; oy < 26; oy++) {
            const at7 = (at9 + 115 * oy) | 0;
            const at8 = (at10 + 182 * oy) | 0;
            for (let oxo = 0; oxo < 26; oxo++) {
              let acc_0_0 = 0;
              let acc_0_1 = 0;
              let acc_0_2 = 0;
              let acc_0_3 = 0;
              let acc_0_4 = 0;
              let acc_0_5 = 0;
              let acc_0_6 = 0;
              const at6 = (at7 + 5 * oxo) | 0;
              for (let ky = 0; ky < 4; ky++) {
                if (-3 * ky + oy >= 0 && 3 * ky - oy + 16 >= 0) {
                  const at4 = (at6 - 345 * ky) | 0;
                  const at5 = (70 * ky) | 0;
                  for (let kx = 0; kx < 2; kx++) {
                    if (-3 * kx + oxo >= 0 && 3 * kx - oxo + 22 >= 0) {
                      const at0 = (at4 - 15 * kx) | 0;
                      const at1 = (at5 + 35 * kx) | 0;
                      for (let ic = 0; ic < 5; ic++) {
                        const value_0 = value[at0 + ic];
                        acc_0_0 = acc_0_0 + (value_0 * convFilters[at1 + 7 * ic]);
                        acc_0_1 = acc_0_1 + (value_0 * convFilters[at1 + 7 * ic + 1]);
                        acc_0_2 = acc_0_2 + (value_0 * convFilters[at1 + 7 * ic + 2]);
                        acc_0_3 = acc_0_3 + (value_0 * convFilters[at1 + 7 * ic + 3]);
                        acc_0_4 = acc_0_4 + (value_0 * convFilters[at1 + 7 * ic + 4]);
                        acc_0_5 = acc_0_5 + (value_0 * convFilters[at1 + 7 * ic + 5]);
                        acc_0_6 = acc_0_6 + (value_0 * convFilters[at1 + 7 * ic + 6]);
                      }
                    }
                    else {
                      if (-3 * kx + oxo >= 0 && 3 * kx - oxo + 22 >= 0) {
                        const at2 = (at4 - 15 * kx) | 0;
                        const at3 = (at5 + 35 * kx) | 0;
                        for (let ic = 0; ic < 5; ic++) {
                          const value_1 = value[at2 + ic];
                          acc_0_0 = acc_0_0 + (value_1 * convFilters[at3 + 7 * ic]);
                          acc_0_1 = acc_0_1 + (value_1 * convFilters[at3 + 7 * ic + 1]);
                          acc_0_2 = acc_0_2 + (value_1 * convFilters[at3 + 7 * ic + 2]);
                          acc_0_3 = acc_0_3 + (value_1 * convFilters[at3 + 7 * ic + 3]);
                          acc_0_4 = acc_0_4 + (value_1 * convFilters[at3 + 7 * ic + 4]);
                          acc_0_5 = acc_0_5 + (value_1 * convFilters[at3 + 7 * ic + 5]);
                          acc_0_6 = acc_0_6 + (value_1 * convFilters[at3 + 7 * ic + 6]);
                        }
                      }
                    }
                  }
                }
              }
              output[at8 + 7 * oxo] = acc_0_0;
              output[at8 + 7 * oxo + 1] = acc_0_1;
              output[at8 + 7 * oxo + 2] = acc_0_2;
              output[at8 + 7 * oxo + 3] = acc_0_3;
              output[at8 + 7 * oxo + 4] = acc_0_4;
              output[at8 + 7 * oxo + 5] = acc_0_5;
              output[at8 + 7 * oxo + 6] = acc_0_6;
            }
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
