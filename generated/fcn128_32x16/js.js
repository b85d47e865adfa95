// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x32 with 3x3x16x32, rate 2, SAME
// conv: split(ox=3*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 128, 128, 32], filters: [3, 3, 16, 32], rate: 2, padding: "SAME" },
  outputShape: [1, 128, 128, 16],
  algorithm: "direct",
  errorBound: 0.00001728564577324833,
  schedule: "conv: split(ox=3*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 150994944, liveFlops: 147865600, bytes: 3164160 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 128, 128, 32], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 16, 32], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 128, 128, 16], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [8, 3, 3, 32, 2], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "5c7ead35f5c504b759bd44fe625553279ec4fff1d32f497062652e08d3f13970",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=3*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 8; oco++) {
          const at6 = (64 * oco) | 0;
          const at7 = (576 * oco) | 0;
          for (let ky = 0; ky < 3; ky++) {
            const at4 = (at6 + 1536 * ky) | 0;
            const at5 = (at7 + 192 * ky) | 0;
            for (let kx = 0; kx < 3; kx++) {
              const at2 = (at4 + 512 * kx) | 0;
              const at3 = (at5 + 64 * kx) | 0;
              for (let ic = 0; ic < 32; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 2 * ic) | 0;
                for (let ocu = 0; ocu < 2; ocu++) {
                  let acc = filters[at0 + 32 * ocu];
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
        for (let oco = 0; oco < 8; oco++) {
          const at14 = (2 * oco) | 0;
          for (let oy = 0; oy < 128; oy++) {
            const at12 = (4096 * oy) | 0;
            const at13 = (at14 + 2048 * oy) | 0;
            for (let oxo = 0; oxo < 43; oxo++) {
              let acc_0_0 = 0;
              let acc_0_1 = 0;
              let acc_1_0 = 0;
              let acc_1_1 = 0;
              let acc_2_0 = 0;
              let acc_2_1 = 0;
              const at10 = (at12 + 96 * oxo) | 0;
              const at11 = (576 * oco) | 0;
              for (let ky = 0; ky < 3; ky++) {
                if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 125 >= 0) {
                  const at8 = (at10 - 8192 * ky) | 0;
                  const at9 = (at11 + 192 * ky) | 0;
                  for (let kx = 0; kx < 3; kx++) {
                    if (-2 * kx + 3 * oxo + 2 >= 0 && 2 * kx - 3 * oxo + 123 >= 0) {
                      const at0 = (at8 - 64 * kx) | 0;
                      const at1 = (at9 + 64 * kx) | 0;
                      for (let ic = 0; ic < 32; ic++) {
                        const value_0 = value[at0 + ic + 8256];
                        const convFilters_1 = convFilters[at1 + 2 * ic];
                        acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                        const convFilters_2 = convFilters[at1 + 2 * ic + 1];
                        acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                        const value_3 = value[at0 + ic + 8288];
                        acc_1_0 = acc_1_0 + (value_3 * convFilters_1);
                        acc_1_1 = acc_1_1 + (value_3 * convFilters_2);
                        const value_4 = value[at0 + ic + 8320];
                        acc_2_0 = acc_2_0 + (value_4 * convFilters_1);
                        acc_2_1 = acc_2_1 + (value_4 * convFilters_2);
                      }
                    }
                    else {
                      if (-2 * kx + 3 * oxo + 2 >= 0 && 2 * kx - 3 * oxo + 125 >= 0) {
                        const at2 = (at8 - 64 * kx) | 0;
                        const at3 = (at9 + 64 * kx) | 0;
                        for (let ic = 0; ic < 32; ic++) {
                          const value_5 = value[at2 + ic + 8256];
                          acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 2 * ic]);
                          acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 2 * ic + 1]);
                        }
                      }
                      if (-2 * kx + 3 * oxo + 3 >= 0 && 2 * kx - 3 * oxo + 124 >= 0) {
                        const at4 = (at8 - 64 * kx) | 0;
                        const at5 = (at9 + 64 * kx) | 0;
                        for (let ic = 0; ic < 32; ic++) {
                          const value_6 = value[at4 + ic + 8288];
                          acc_1_0 = acc_1_0 + (value_6 * convFilters[at5 + 2 * ic]);
                          acc_1_1 = acc_1_1 + (value_6 * convFilters[at5 + 2 * ic + 1]);
                        }
                      }
                      if (2 * kx - 3 * oxo + 123 >= 0) {
                        const at6 = (at8 - 64 * kx) | 0;
                        const at7 = (at9 + 64 * kx) | 0;
                        for (let ic = 0; ic < 32; ic++) {
                          const value_7 = value[at6 + ic + 8320];
                          acc_2_0 = acc_2_0 + (value_7 * convFilters[at7 + 2 * ic]);
                          acc_2_1 = acc_2_1 + (value_7 * convFilters[at7 + 2 * ic + 1]);
                        }
                      }
                    }
                  }
                }
              }
              output[at13 + 48 * oxo] = acc_0_0;
              output[at13 + 48 * oxo + 1] = acc_0_1;
              output[at13 + 48 * oxo + 16] = acc_1_0;
              output[at13 + 48 * oxo + 17] = acc_1_1;
              if (-3 * oxo + 125 >= 0) {
                output[at13 + 48 * oxo + 32] = acc_2_0;
                output[at13 + 48 * oxo + 33] = acc_2_1;
              }
            }
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
