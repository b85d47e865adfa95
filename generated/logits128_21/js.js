// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x21 with 3x3x21x21, rate 2, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 128, 128, 21], filters: [3, 3, 21, 21], rate: 2, padding: "SAME" },
  outputShape: [1, 128, 128, 21],
  algorithm: "direct",
  errorBound: 0.000011384616760122847,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 130056192, liveFlops: 127360800, bytes: 2768388 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 128, 128, 21], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 21, 21], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 128, 128, 21], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [7, 3, 3, 21, 3], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "c0c1785507c4efc0bc305962c12fbca567f791723bbc6af96f97cae34fa4d814",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 7; oco++) {
          const at6 = (63 * oco) | 0;
          const at7 = (567 * oco) | 0;
          for (let ky = 0; ky < 3; ky++) {
            const at4 = (at6 + 1323 * ky) | 0;
            const at5 = (at7 + 189 * ky) | 0;
            for (let kx = 0; kx < 3; kx++) {
              const at2 = (at4 + 441 * kx) | 0;
              const at3 = (at5 + 63 * kx) | 0;
              for (let ic = 0; ic < 21; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 3 * ic) | 0;
                for (let ocu = 0; ocu < 3; ocu++) {
                  let acc = filters[at0 + 21 * ocu];
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
        for (let oco = 0; oco < 7; oco++) {
          const at12 = (3 * oco) | 0;
          for (let oy = 0; oy < 128; oy++) {
            const at10 = (2688 * oy) | 0;
            const at11 = (at12 + 2688 * oy) | 0;
            for (let oxo = 0; oxo < 64; oxo++) {
              let acc_0_0 = 0;
              let acc_0_1 = 0;
              let acc_0_2 = 0;
              let acc_1_0 = 0;
              let acc_1_1 = 0;
              let acc_1_2 = 0;
              const at8 = (at10 + 42 * oxo) | 0;
              const at9 = (567 * oco) | 0;
              for (let ky = 0; ky < 3; ky++) {
                if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 125 >= 0) {
                  const at6 = (at8 - 5376 * ky) | 0;
                  const at7 = (at9 + 189 * ky) | 0;
                  for (let kx = 0; kx < 3; kx++) {
                    if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 124 >= 0) {
                      const at0 = (at6 - 42 * kx) | 0;
                      const at1 = (at7 + 63 * kx) | 0;
                      for (let ic = 0; ic < 21; ic++) {
                        const value_0 = value[at0 + ic + 5418];
                        const convFilters_1 = convFilters[at1 + 3 * ic];
                        acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                        const convFilters_2 = convFilters[at1 + 3 * ic + 1];
                        acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                        const convFilters_3 = convFilters[at1 + 3 * ic + 2];
                        acc_0_2 = acc_0_2 + (value_0 * convFilters_3);
                        const value_4 = value[at0 + ic + 5439];
                        acc_1_0 = acc_1_0 + (value_4 * convFilters_1);
                        acc_1_1 = acc_1_1 + (value_4 * convFilters_2);
                        acc_1_2 = acc_1_2 + (value_4 * convFilters_3);
                      }
                    }
                    else {
                      if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 125 >= 0) {
                        const at2 = (at6 - 42 * kx) | 0;
                        const at3 = (at7 + 63 * kx) | 0;
                        for (let ic = 0; ic < 21; ic++) {
                          const value_5 = value[at2 + ic + 5418];
                          acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 3 * ic]);
                          acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 3 * ic + 1]);
                          acc_0_2 = acc_0_2 + (value_5 * convFilters[at3 + 3 * ic + 2]);
                        }
                      }
                      if (-2 * kx + 2 * oxo + 3 >= 0 && 2 * kx - 2 * oxo + 124 >= 0) {
                        const at4 = (at6 - 42 * kx) | 0;
                        const at5 = (at7 + 63 * kx) | 0;
                        for (let ic = 0; ic < 21; ic++) {
                          const value_6 = value[at4 + ic + 5439];
                          acc_1_0 = acc_1_0 + (value_6 * convFilters[at5 + 3 * ic]);
                          acc_1_1 = acc_1_1 + (value_6 * convFilters[at5 + 3 * ic + 1]);
                          acc_1_2 = acc_1_2 + (value_6 * convFilters[at5 + 3 * ic + 2]);
                        }
                      }
                    }
                  }
                }
              }
              output[at11 + 42 * oxo] = acc_0_0;
              output[at11 + 42 * oxo + 1] = acc_0_1;
              output[at11 + 42 * oxo + 2] = acc_0_2;
              output[at11 + 42 * oxo + 21] = acc_1_0;
              output[at11 + 42 * oxo + 22] = acc_1_1;
              output[at11 + 42 * oxo + 23] = acc_1_2;
            }
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
