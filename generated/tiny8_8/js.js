// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x8x8x8 with 3x3x8x8, rate 2, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=4*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 8, 8, 8], filters: [3, 3, 8, 8], rate: 2, padding: "SAME" },
  outputShape: [1, 8, 8, 8],
  algorithm: "direct",
  errorBound: 0.000004410763168124821,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=4*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 73728, liveFlops: 51200, bytes: 6400 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 8, 8, 8], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 8, 8], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 8, 8, 8], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [2, 3, 3, 8, 4], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "866a20c08bc8071c6a77ee7dfdf727608d58cd2466f28454c0c0627874a9183e",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=4*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 2; oco++) {
          const at6 = (32 * oco) | 0;
          const at7 = (288 * oco) | 0;
          for (let ky = 0; ky < 3; ky++) {
            const at4 = (at6 + 192 * ky) | 0;
            const at5 = (at7 + 96 * ky) | 0;
            for (let kx = 0; kx < 3; kx++) {
              const at2 = (at4 + 64 * kx) | 0;
              const at3 = (at5 + 32 * kx) | 0;
              for (let ic = 0; ic < 8; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 4 * ic) | 0;
                for (let ocu = 0; ocu < 4; ocu++) {
                  let acc = filters[at0 + 8 * ocu];
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
        for (let oco = 0; oco < 2; oco++) {
          const at12 = (4 * oco) | 0;
          for (let oy = 0; oy < 8; oy++) {
            const at10 = (64 * oy) | 0;
            const at11 = (at12 + 64 * oy) | 0;
            for (let oxo = 0; oxo < 4; oxo++) {
              let acc_0_0 = 0;
              let acc_0_1 = 0;
              let acc_0_2 = 0;
              let acc_0_3 = 0;
              let acc_1_0 = 0;
              let acc_1_1 = 0;
              let acc_1_2 = 0;
              let acc_1_3 = 0;
              const at8 = (at10 + 16 * oxo) | 0;
              const at9 = (288 * oco) | 0;
              for (let ky = 0; ky < 3; ky++) {
                if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 5 >= 0) {
                  const at6 = (at8 - 128 * ky) | 0;
                  const at7 = (at9 + 96 * ky) | 0;
                  for (let kx = 0; kx < 3; kx++) {
                    if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 4 >= 0) {
                      const at0 = (at6 - 16 * kx) | 0;
                      const at1 = (at7 + 32 * kx) | 0;
                      for (let ic = 0; ic < 8; ic++) {
                        const value_0 = value[at0 + ic + 144];
                        const convFilters_1 = convFilters[at1 + 4 * ic];
                        acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                        const convFilters_2 = convFilters[at1 + 4 * ic + 1];
                        acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                        const convFilters_3 = convFilters[at1 + 4 * ic + 2];
                        acc_0_2 = acc_0_2 + (value_0 * convFilters_3);
                        const convFilters_4 = convFilters[at1 + 4 * ic + 3];
                        acc_0_3 = acc_0_3 + (value_0 * convFilters_4);
                        const value_5 = value[at0 + ic + 152];
                        acc_1_0 = acc_1_0 + (value_5 * convFilters_1);
                        acc_1_1 = acc_1_1 + (value_5 * convFilters_2);
                        acc_1_2 = acc_1_2 + (value_5 * convFilters_3);
                        acc_1_3 = acc_1_3 + (value_5 * convFilters_4);
                      }
                    }
                    else {
                      if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 5 >= 0) {
                        const at2 = (at6 - 16 * kx) | 0;
                        const at3 = (at7 + 32 * kx) | 0;
                        for (let ic = 0; ic < 8; ic++) {
                          const value_6 = value[at2 + ic + 144];
                          acc_0_0 = acc_0_0 + (value_6 * convFilters[at3 + 4 * ic]);
                          acc_0_1 = acc_0_1 + (value_6 * convFilters[at3 + 4 * ic + 1]);
                          acc_0_2 = acc_0_2 + (value_6 * convFilters[at3 + 4 * ic + 2]);
                          acc_0_3 = acc_0_3 + (value_6 * convFilters[at3 + 4 * ic + 3]);
                        }
                      }
                      if (-2 * kx + 2 * oxo + 3 >= 0 && 2 * kx - 2 * oxo + 4 >= 0) {
                        const at4 = (at6 - 16 * kx) | 0;
                        const at5 = (at7 + 32 * kx) | 0;
                        for (let ic = 0; ic < 8; ic++) {
                          const value_7 = value[at4 + ic + 152];
                          acc_1_0 = acc_1_0 + (value_7 * convFilters[at5 + 4 * ic]);
                          acc_1_1 = acc_1_1 + (value_7 * convFilters[at5 + 4 * ic + 1]);
                          acc_1_2 = acc_1_2 + (value_7 * convFilters[at5 + 4 * ic + 2]);
                          acc_1_3 = acc_1_3 + (value_7 * convFilters[at5 + 4 * ic + 3]);
                        }
                      }
                    }
                  }
                }
              }
              output[at11 + 16 * oxo] = acc_0_0;
              output[at11 + 16 * oxo + 1] = acc_0_1;
              output[at11 + 16 * oxo + 2] = acc_0_2;
              output[at11 + 16 * oxo + 3] = acc_0_3;
              output[at11 + 16 * oxo + 8] = acc_1_0;
              output[at11 + 16 * oxo + 9] = acc_1_1;
              output[at11 + 16 * oxo + 10] = acc_1_2;
              output[at11 + 16 * oxo + 11] = acc_1_3;
            }
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
