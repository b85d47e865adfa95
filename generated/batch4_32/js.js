// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 4x32x32x64 with 3x3x64x64, rate 2, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [4, 32, 32, 64], filters: [3, 3, 64, 64], rate: 2, padding: "SAME" },
  outputShape: [4, 32, 32, 64],
  algorithm: "direct",
  errorBound: 0.00003445267162586449,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 301989888, liveFlops: 277348352, bytes: 2244608 },
  language: "js",
  buffers: [
    { name: "value", shape: [4, 32, 32, 64], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 64, 64], dtype: "f32", role: "weights" },
    { name: "output", shape: [4, 32, 32, 64], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [22, 3, 3, 64, 3], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "1e12b5a009757d21cdaf6d76b97f079dee622eadfb24fc875343136163e303bc",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 22; oco++) {
          const at6 = (192 * oco) | 0;
          const at7 = (1728 * oco) | 0;
          for (let ky = 0; ky < 3; ky++) {
            const at4 = (at6 + 12288 * ky) | 0;
            const at5 = (at7 + 576 * ky) | 0;
            for (let kx = 0; kx < 3; kx++) {
              const at2 = (at4 + 4096 * kx) | 0;
              const at3 = (at5 + 192 * kx) | 0;
              for (let ic = 0; ic < 64; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 3 * ic) | 0;
                for (let ocu = 0; ocu < 3; ocu++) {
                  let acc = 0;
                  if (-3 * oco - ocu + 63 >= 0) {
                    acc = filters[at0 + 64 * ocu];
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
        for (let oco = 0; oco < 22; oco++) {
          const at14 = (3 * oco) | 0;
          for (let n = 0; n < 4; n++) {
            const at12 = (65536 * n) | 0;
            const at13 = (at14 + 65536 * n) | 0;
            for (let oy = 0; oy < 32; oy++) {
              const at10 = (at12 + 2048 * oy) | 0;
              const at11 = (at13 + 2048 * oy) | 0;
              for (let oxo = 0; oxo < 16; oxo++) {
                let acc_0_0 = 0;
                let acc_0_1 = 0;
                let acc_0_2 = 0;
                let acc_1_0 = 0;
                let acc_1_1 = 0;
                let acc_1_2 = 0;
                const at8 = (at10 + 128 * oxo) | 0;
                const at9 = (1728 * oco) | 0;
                for (let ky = 0; ky < 3; ky++) {
                  if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 29 >= 0) {
                    const at6 = (at8 - 4096 * ky) | 0;
                    const at7 = (at9 + 576 * ky) | 0;
                    for (let kx = 0; kx < 3; kx++) {
                      if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 28 >= 0) {
                        const at0 = (at6 - 128 * kx) | 0;
                        const at1 = (at7 + 192 * kx) | 0;
                        for (let ic = 0; ic < 64; ic++) {
                          const value_0 = value[at0 + ic + 4224];
                          const convFilters_1 = convFilters[at1 + 3 * ic];
                          acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                          const convFilters_2 = convFilters[at1 + 3 * ic + 1];
                          acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                          const convFilters_3 = convFilters[at1 + 3 * ic + 2];
                          acc_0_2 = acc_0_2 + (value_0 * convFilters_3);
                          const value_4 = value[at0 + ic + 4288];
                          acc_1_0 = acc_1_0 + (value_4 * convFilters_1);
                          acc_1_1 = acc_1_1 + (value_4 * convFilters_2);
                          acc_1_2 = acc_1_2 + (value_4 * convFilters_3);
                        }
                      }
                      else {
                        if (-2 * kx + 2 * oxo + 2 >= 0 && 2 * kx - 2 * oxo + 29 >= 0) {
                          const at2 = (at6 - 128 * kx) | 0;
                          const at3 = (at7 + 192 * kx) | 0;
                          for (let ic = 0; ic < 64; ic++) {
                            const value_5 = value[at2 + ic + 4224];
                            acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 3 * ic]);
                            acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 3 * ic + 1]);
                            acc_0_2 = acc_0_2 + (value_5 * convFilters[at3 + 3 * ic + 2]);
                          }
                        }
                        if (-2 * kx + 2 * oxo + 3 >= 0 && 2 * kx - 2 * oxo + 28 >= 0) {
                          const at4 = (at6 - 128 * kx) | 0;
                          const at5 = (at7 + 192 * kx) | 0;
                          for (let ic = 0; ic < 64; ic++) {
                            const value_6 = value[at4 + ic + 4288];
                            acc_1_0 = acc_1_0 + (value_6 * convFilters[at5 + 3 * ic]);
                            acc_1_1 = acc_1_1 + (value_6 * convFilters[at5 + 3 * ic + 1]);
                            acc_1_2 = acc_1_2 + (value_6 * convFilters[at5 + 3 * ic + 2]);
                          }
                        }
                      }
                    }
                  }
                }
                output[at11 + 128 * oxo] = acc_0_0;
                if (-3 * oco + 62 >= 0) {
                  output[at11 + 128 * oxo + 1] = acc_0_1;
                }
                if (-3 * oco + 61 >= 0) {
                  output[at11 + 128 * oxo + 2] = acc_0_2;
                }
                output[at11 + 128 * oxo + 64] = acc_1_0;
                if (-3 * oco + 62 >= 0) {
                  output[at11 + 128 * oxo + 65] = acc_1_1;
                }
                if (-3 * oco + 61 >= 0) {
                  output[at11 + 128 * oxo + 66] = acc_1_2;
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
