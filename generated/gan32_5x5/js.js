// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x32x32x128 with 5x5x64x128, rate 2, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 32, 32, 128], filters: [5, 5, 64, 128], rate: 2, padding: "SAME" },
  outputShape: [1, 32, 32, 64],
  algorithm: "direct",
  errorBound: 0.00019089050480105717,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 419430400, liveFlops: 358875136, bytes: 1605632 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 32, 32, 128], dtype: "f32", role: "input" },
    { name: "filters", shape: [5, 5, 64, 128], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 32, 32, 64], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [22, 5, 5, 128, 3], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "19753c7cb0c1784e345a7d7fa7a50f8d2ee5acca47e379b4af287704f5574ade",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 22; oco++) {
          const at6 = (384 * oco) | 0;
          const at7 = (9600 * oco) | 0;
          for (let ky = 0; ky < 5; ky++) {
            const at4 = (at6 + 40960 * ky) | 0;
            const at5 = (at7 + 1920 * ky) | 0;
            for (let kx = 0; kx < 5; kx++) {
              const at2 = (at4 + 8192 * kx) | 0;
              const at3 = (at5 + 384 * kx) | 0;
              for (let ic = 0; ic < 128; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 3 * ic) | 0;
                for (let ocu = 0; ocu < 3; ocu++) {
                  let acc = 0;
                  if (-3 * oco - ocu + 63 >= 0) {
                    acc = filters[at0 + 128 * ocu];
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
          const at12 = (3 * oco) | 0;
          for (let oy = 0; oy < 32; oy++) {
            const at10 = (4096 * oy) | 0;
            const at11 = (at12 + 2048 * oy) | 0;
            for (let oxo = 0; oxo < 16; oxo++) {
              let acc_0_0 = 0;
              let acc_0_1 = 0;
              let acc_0_2 = 0;
              let acc_1_0 = 0;
              let acc_1_1 = 0;
              let acc_1_2 = 0;
              const at8 = (at10 + 256 * oxo) | 0;
              const at9 = (9600 * oco) | 0;
              for (let ky = 0; ky < 5; ky++) {
                if (-2 * ky + oy + 4 >= 0 && 2 * ky - oy + 27 >= 0) {
                  const at6 = (at8 - 8192 * ky) | 0;
                  const at7 = (at9 + 1920 * ky) | 0;
                  for (let kx = 0; kx < 5; kx++) {
                    if (-2 * kx + 2 * oxo + 4 >= 0 && 2 * kx - 2 * oxo + 26 >= 0) {
                      const at0 = (at6 - 256 * kx) | 0;
                      const at1 = (at7 + 384 * kx) | 0;
                      for (let ic = 0; ic < 128; ic++) {
                        const value_0 = value[at0 + ic + 16896];
                        const convFilters_1 = convFilters[at1 + 3 * ic];
                        acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                        const convFilters_2 = convFilters[at1 + 3 * ic + 1];
                        acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                        const convFilters_3 = convFilters[at1 + 3 * ic + 2];
                        acc_0_2 = acc_0_2 + (value_0 * convFilters_3);
                        const value_4 = value[at0 + ic + 17024];
                        acc_1_0 = acc_1_0 + (value_4 * convFilters_1);
                        acc_1_1 = acc_1_1 + (value_4 * convFilters_2);
                        acc_1_2 = acc_1_2 + (value_4 * convFilters_3);
                      }
                    }
                    else {
                      if (-2 * kx + 2 * oxo + 4 >= 0 && 2 * kx - 2 * oxo + 27 >= 0) {
                        const at2 = (at6 - 256 * kx) | 0;
                        const at3 = (at7 + 384 * kx) | 0;
                        for (let ic = 0; ic < 128; ic++) {
                          const value_5 = value[at2 + ic + 16896];
                          acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 3 * ic]);
                          acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 3 * ic + 1]);
                          acc_0_2 = acc_0_2 + (value_5 * convFilters[at3 + 3 * ic + 2]);
                        }
                      }
                      if (-2 * kx + 2 * oxo + 5 >= 0 && 2 * kx - 2 * oxo + 26 >= 0) {
                        const at4 = (at6 - 256 * kx) | 0;
                        const at5 = (at7 + 384 * kx) | 0;
                        for (let ic = 0; ic < 128; ic++) {
                          const value_6 = value[at4 + ic + 17024];
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
      };
    })();

    return { packConvFilters, conv };
  })(),
};
