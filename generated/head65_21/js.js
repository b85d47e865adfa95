// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x65x65x256 with 3x3x21x256, rate 4, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 65, 65, 256], filters: [3, 3, 21, 256], rate: 4, padding: "SAME" },
  outputShape: [1, 65, 65, 21],
  algorithm: "direct",
  errorBound: 0.00013746720548724254,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)",
  work: { flops: 408844800, liveFlops: 375986688, bytes: 4874836 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 65, 65, 256], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 21, 256], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 65, 65, 21], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [7, 3, 3, 256, 3], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "29930c6e3217a59e6a162925cae675b247489f323e43673a4e7f5eb25e665779",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=3*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) partition(kx) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 7; oco++) {
          const at6 = (768 * oco) | 0;
          const at7 = (6912 * oco) | 0;
          for (let ky = 0; ky < 3; ky++) {
            const at4 = (at6 + 16128 * ky) | 0;
            const at5 = (at7 + 2304 * ky) | 0;
            for (let kx = 0; kx < 3; kx++) {
              const at2 = (at4 + 5376 * kx) | 0;
              const at3 = (at5 + 768 * kx) | 0;
              for (let ic = 0; ic < 256; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 3 * ic) | 0;
                for (let ocu = 0; ocu < 3; ocu++) {
                  let acc = filters[at0 + 256 * ocu];
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
          for (let oy = 0; oy < 65; oy++) {
            const at10 = (16640 * oy) | 0;
            const at11 = (at12 + 1365 * oy) | 0;
            for (let oxo = 0; oxo < 33; oxo++) {
              let acc_0_0 = 0;
              let acc_0_1 = 0;
              let acc_0_2 = 0;
              let acc_1_0 = 0;
              let acc_1_1 = 0;
              let acc_1_2 = 0;
              const at8 = (at10 + 512 * oxo) | 0;
              const at9 = (6912 * oco) | 0;
              for (let ky = 0; ky < 3; ky++) {
                if (-4 * ky + oy + 4 >= 0 && 4 * ky - oy + 60 >= 0) {
                  const at6 = (at8 - 66560 * ky) | 0;
                  const at7 = (at9 + 2304 * ky) | 0;
                  for (let kx = 0; kx < 3; kx++) {
                    if (-4 * kx + 2 * oxo + 4 >= 0 && 4 * kx - 2 * oxo + 59 >= 0) {
                      const at0 = (at6 - 1024 * kx) | 0;
                      const at1 = (at7 + 768 * kx) | 0;
                      for (let ic = 0; ic < 256; ic++) {
                        const value_0 = value[at0 + ic + 67584];
                        const convFilters_1 = convFilters[at1 + 3 * ic];
                        acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                        const convFilters_2 = convFilters[at1 + 3 * ic + 1];
                        acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                        const convFilters_3 = convFilters[at1 + 3 * ic + 2];
                        acc_0_2 = acc_0_2 + (value_0 * convFilters_3);
                        const value_4 = value[at0 + ic + 67840];
                        acc_1_0 = acc_1_0 + (value_4 * convFilters_1);
                        acc_1_1 = acc_1_1 + (value_4 * convFilters_2);
                        acc_1_2 = acc_1_2 + (value_4 * convFilters_3);
                      }
                    }
                    else {
                      if (-4 * kx + 2 * oxo + 4 >= 0 && 4 * kx - 2 * oxo + 60 >= 0) {
                        const at2 = (at6 - 1024 * kx) | 0;
                        const at3 = (at7 + 768 * kx) | 0;
                        for (let ic = 0; ic < 256; ic++) {
                          const value_5 = value[at2 + ic + 67584];
                          acc_0_0 = acc_0_0 + (value_5 * convFilters[at3 + 3 * ic]);
                          acc_0_1 = acc_0_1 + (value_5 * convFilters[at3 + 3 * ic + 1]);
                          acc_0_2 = acc_0_2 + (value_5 * convFilters[at3 + 3 * ic + 2]);
                        }
                      }
                      if (-4 * kx + 2 * oxo + 5 >= 0 && 4 * kx - 2 * oxo + 59 >= 0) {
                        const at4 = (at6 - 1024 * kx) | 0;
                        const at5 = (at7 + 768 * kx) | 0;
                        for (let ic = 0; ic < 256; ic++) {
                          const value_6 = value[at4 + ic + 67840];
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
              if (-2 * oxo + 63 >= 0) {
                output[at11 + 42 * oxo + 21] = acc_1_0;
                output[at11 + 42 * oxo + 22] = acc_1_1;
                output[at11 + 42 * oxo + 23] = acc_1_2;
              }
            }
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
