// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x256x256x16 with 3x3x3x16, rate 2, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 256, 256, 16], filters: [3, 3, 3, 16], rate: 2, padding: "SAME" },
  outputShape: [1, 256, 256, 3],
  algorithm: "direct",
  errorBound: 0.000008702353867510834,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 56623104, liveFlops: 56034816, bytes: 4982464 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 256, 256, 16], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 3, 16], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 256, 256, 3], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [1, 3, 3, 16, 3], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "893045e81ebaf465f86859db80a77666bec73ce75fa45955256fdcb8681fde6b",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let ky = 0; ky < 3; ky++) {
          const at3 = (144 * ky) | 0;
          for (let kx = 0; kx < 3; kx++) {
            const at2 = (at3 + 48 * kx) | 0;
            for (let ic = 0; ic < 16; ic++) {
              const at0 = (at2 + ic) | 0;
              const at1 = (at2 + 3 * ic) | 0;
              for (let ocu = 0; ocu < 3; ocu++) {
                let acc = filters[at0 + 16 * ocu];
                convFilters[at1 + ocu] = acc;
              }
            }
          }
        }
      };
    })();

    const conv = (() => {
      return (value, output, convFilters) => {
        for (let oy = 0; oy < 256; oy++) {
          const at9 = (4096 * oy) | 0;
          const at10 = (768 * oy) | 0;
          for (let oxo = 0; oxo < 128; oxo++) {
            let acc_0_0 = 0;
            let acc_0_1 = 0;
            let acc_0_2 = 0;
            let acc_1_0 = 0;
            let acc_1_1 = 0;
            let acc_1_2 = 0;
            const at8 = (at9 + 32 * oxo) | 0;
            for (let ky = 0; ky < 3; ky++) {
              if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 253 >= 0) {
                const at6 = (at8 - 8192 * ky) | 0;
                const at7 = (144 * ky) | 0;
                for (let kx = 0; kx < 3; kx++) {
                  if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 252 >= 0) {
                    const at0 = (at6 - 32 * kx) | 0;
                    const at1 = (at7 + 48 * kx) | 0;
                    for (let ic = 0; ic < 16; ic++) {
                      const value_0 = value[at0 + ic + 8224];
                      const convFilters_1 = convFilters[at1 + 3 * ic];
                      acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                      const convFilters_2 = convFilters[at1 + 3 * ic + 1];
                      acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                      const convFilters_3 = convFilters[at1 + 3 * ic + 2];
                      acc_0_2 = acc_0_2 + (value_0 * convFilters_3);
                      const value_4 = value[at0 + ic + 8240];
                      acc_1_0 = acc_1_0 + (value_4 * convFilters_1);
                      acc_1_1 = acc_1_1 + (value_4 * convFilters_2);
                      acc_1_2 = acc_1_2 + (value_4 * convFilters_3);
                    }
                  }
                  else {
                    if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 253 >= 0) {
                      const at2 = (at6 - 32 * kx) | 0;
                      const at3 = (at7 + 48 * kx) | 0;
                      for (let ic = 0; ic < 16; ic++) {
                        const value_5 = value[at2 + ic + 8224];
                        acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 3 * ic]);
                        acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 3 * ic + 1]);
                        acc_0_2 = acc_0_2 + (value_5 * convFilters[at3 + 3 * ic + 2]);
                      }
                    }
                    if (-2 * kx + 2 * oxo + 3 >= 0 && 2 * kx - 2 * oxo + 252 >= 0) {
                      const at4 = (at6 - 32 * kx) | 0;
                      const at5 = (at7 + 48 * kx) | 0;
                      for (let ic = 0; ic < 16; ic++) {
                        const value_6 = value[at4 + ic + 8240];
                        acc_1_0 = acc_1_0 + (value_6 * convFilters[at5 + 3 * ic]);
                        acc_1_1 = acc_1_1 + (value_6 * convFilters[at5 + 3 * ic + 1]);
                        acc_1_2 = acc_1_2 + (value_6 * convFilters[at5 + 3 * ic + 2]);
                      }
                    }
                  }
                }
              }
            }
            output[at10 + 6 * oxo] = acc_0_0;
            output[at10 + 6 * oxo + 1] = acc_0_1;
            output[at10 + 6 * oxo + 2] = acc_0_2;
            output[at10 + 6 * oxo + 3] = acc_1_0;
            output[at10 + 6 * oxo + 4] = acc_1_1;
            output[at10 + 6 * oxo + 5] = acc_1_2;
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
