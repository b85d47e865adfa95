// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x16x16x3 with 3x3x16x3, rate 2, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) unroll(kx) unroll(ic) partition(oxo) pack(filters: oco ky kx ic ocu)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 16, 16, 3], filters: [3, 3, 16, 3], rate: 2, padding: "SAME" },
  outputShape: [1, 16, 16, 16],
  algorithm: "direct",
  errorBound: 0.0000017285376863236966,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) unroll(kx) unroll(ic) partition(oxo) pack(filters: oco ky kx ic ocu)",
  work: { flops: 221184, liveFlops: 185856, bytes: 21184 },
  language: "js",
  buffers: [
    { name: "value", shape: [1, 16, 16, 3], dtype: "f32", role: "input" },
    { name: "filters", shape: [3, 3, 16, 3], dtype: "f32", role: "weights" },
    { name: "output", shape: [1, 16, 16, 16], dtype: "f32", role: "output" },
    { name: "convFilters", shape: [8, 3, 3, 3, 2], dtype: "f64", role: "prepared" },
  ],
  prepare: [{ name: "packConvFilters", buffers: ["filters", "convFilters"] }],
  run: [{ name: "conv", buffers: ["value", "output", "convFilters"] }],
  key: "eddbf653355e0961d193c942f32be5c9ebc0dc828a30be03e249be8fe4dde317",
  functions: (() => {
    "use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu roundUp) split(oc=2*oco+ocu roundUp) order(oco n oy oxo ky kx ic oxu ocu) unroll(oxu) unroll(ocu) unroll(kx) unroll(ic) partition(oxo) pack(filters: oco ky kx ic ocu)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let oco = 0; oco < 8; oco++) {
          const at6 = (6 * oco) | 0;
          const at7 = (54 * oco) | 0;
          for (let ky = 0; ky < 3; ky++) {
            const at4 = (at6 + 144 * ky) | 0;
            const at5 = (at7 + 18 * ky) | 0;
            for (let kx = 0; kx < 3; kx++) {
              const at2 = (at4 + 48 * kx) | 0;
              const at3 = (at5 + 6 * kx) | 0;
              for (let ic = 0; ic < 3; ic++) {
                const at0 = (at2 + ic) | 0;
                const at1 = (at3 + 2 * ic) | 0;
                for (let ocu = 0; ocu < 2; ocu++) {
                  let acc = filters[at0 + 3 * ocu];
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
          const at8 = (2 * oco) | 0;
          for (let oy = 0; oy < 16; oy++) {
            let acc_0_0 = 0;
            let acc_0_1 = 0;
            let acc_1_0 = 0;
            let acc_1_1 = 0;
            const at0 = (48 * oy) | 0;
            const at1 = (54 * oco) | 0;
            for (let ky = 0; ky < 3; ky++) {
              if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 13 >= 0) {
                const value_0 = value[at0 - 96 * ky + 102];
                const convFilters_1 = convFilters[at1 + 18 * ky];
                acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                const convFilters_2 = convFilters[at1 + 18 * ky + 1];
                acc_0_1 = acc_0_1 + (value_0 * convFilters_2);
                const value_3 = value[at0 - 96 * ky + 105];
                acc_1_0 = acc_1_0 + (value_3 * convFilters_1);
                acc_1_1 = acc_1_1 + (value_3 * convFilters_2);
                const value_4 = value[at0 - 96 * ky + 103];
                const convFilters_5 = convFilters[at1 + 18 * ky + 2];
                acc_0_0 = acc_0_0 + (value_4 * convFilters_5);
                const convFilters_6 = convFilters[at1 + 18 * ky + 3];
                acc_0_1 = acc_0_1 + (value_4 * convFilters_6);
                const value_7 = value[at0 - 96 * ky + 106];
                acc_1_0 = acc_1_0 + (value_7 * convFilters_5);
                acc_1_1 = acc_1_1 + (value_7 * convFilters_6);
                const value_8 = value[at0 - 96 * ky + 104];
                const convFilters_9 = convFilters[at1 + 18 * ky + 4];
                acc_0_0 = acc_0_0 + (value_8 * convFilters_9);
                const convFilters_10 = convFilters[at1 + 18 * ky + 5];
                acc_0_1 = acc_0_1 + (value_8 * convFilters_10);
                const value_11 = value[at0 - 96 * ky + 107];
                acc_1_0 = acc_1_0 + (value_11 * convFilters_9);
                acc_1_1 = acc_1_1 + (value_11 * convFilters_10);
                const value_12 = value[at0 - 96 * ky + 96];
                const convFilters_13 = convFilters[at1 + 18 * ky + 6];
                acc_0_0 = acc_0_0 + (value_12 * convFilters_13);
                const convFilters_14 = convFilters[at1 + 18 * ky + 7];
                acc_0_1 = acc_0_1 + (value_12 * convFilters_14);
                const value_15 = value[at0 - 96 * ky + 99];
                acc_1_0 = acc_1_0 + (value_15 * convFilters_13);
                acc_1_1 = acc_1_1 + (value_15 * convFilters_14);
                const value_16 = value[at0 - 96 * ky + 97];
                const convFilters_17 = convFilters[at1 + 18 * ky + 8];
                acc_0_0 = acc_0_0 + (value_16 * convFilters_17);
                const convFilters_18 = convFilters[at1 + 18 * ky + 9];
                acc_0_1 = acc_0_1 + (value_16 * convFilters_18);
                const value_19 = value[at0 - 96 * ky + 100];
                acc_1_0 = acc_1_0 + (value_19 * convFilters_17);
                acc_1_1 = acc_1_1 + (value_19 * convFilters_18);
                const value_20 = value[at0 - 96 * ky + 98];
                const convFilters_21 = convFilters[at1 + 18 * ky + 10];
                acc_0_0 = acc_0_0 + (value_20 * convFilters_21);
                const convFilters_22 = convFilters[at1 + 18 * ky + 11];
                acc_0_1 = acc_0_1 + (value_20 * convFilters_22);
                const value_23 = value[at0 - 96 * ky + 101];
                acc_1_0 = acc_1_0 + (value_23 * convFilters_21);
                acc_1_1 = acc_1_1 + (value_23 * convFilters_22);
              }
            }
            output[at8 + 256 * oy] = acc_0_0;
            output[at8 + 256 * oy + 1] = acc_0_1;
            output[at8 + 256 * oy + 16] = acc_1_0;
            output[at8 + 256 * oy + 17] = acc_1_1;
            const at4 = (48 * oy) | 0;
            const at5 = (at8 + 256 * oy) | 0;
            for (let oxo = 0; oxo < 6; oxo++) {
              let acc_0_0c1 = 0;
              let acc_0_1c1 = 0;
              let acc_1_0c1 = 0;
              let acc_1_1c1 = 0;
              const at2 = (at4 + 6 * oxo) | 0;
              const at3 = (54 * oco) | 0;
              for (let ky = 0; ky < 3; ky++) {
                if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 13 >= 0) {
                  const value_24 = value[at2 - 96 * ky + 108];
                  const convFilters_25 = convFilters[at3 + 18 * ky];
                  acc_0_0c1 = acc_0_0c1 + (value_24 * convFilters_25);
                  const convFilters_26 = convFilters[at3 + 18 * ky + 1];
                  acc_0_1c1 = acc_0_1c1 + (value_24 * convFilters_26);
                  const value_27 = value[at2 - 96 * ky + 111];
                  acc_1_0c1 = acc_1_0c1 + (value_27 * convFilters_25);
                  acc_1_1c1 = acc_1_1c1 + (value_27 * convFilters_26);
                  const value_28 = value[at2 - 96 * ky + 109];
                  const convFilters_29 = convFilters[at3 + 18 * ky + 2];
                  acc_0_0c1 = acc_0_0c1 + (value_28 * convFilters_29);
                  const convFilters_30 = convFilters[at3 + 18 * ky + 3];
                  acc_0_1c1 = acc_0_1c1 + (value_28 * convFilters_30);
                  const value_31 = value[at2 - 96 * ky + 112];
                  acc_1_0c1 = acc_1_0c1 + (value_31 * convFilters_29);
                  acc_1_1c1 = acc_1_1c1 + (value_31 * convFilters_30);
                  const value_32 = value[at2 - 96 * ky + 110];
                  const convFilters_33 = convFilters[at3 + 18 * ky + 4];
                  acc_0_0c1 = acc_0_0c1 + (value_32 * convFilters_33);
                  const convFilters_34 = convFilters[at3 + 18 * ky + 5];
                  acc_0_1c1 = acc_0_1c1 + (value_32 * convFilters_34);
                  const value_35 = value[at2 - 96 * ky + 113];
                  acc_1_0c1 = acc_1_0c1 + (value_35 * convFilters_33);
                  acc_1_1c1 = acc_1_1c1 + (value_35 * convFilters_34);
                  const value_36 = value[at2 - 96 * ky + 102];
                  const convFilters_37 = convFilters[at3 + 18 * ky + 6];
                  acc_0_0c1 = acc_0_0c1 + (value_36 * convFilters_37);
                  const convFilters_38 = convFilters[at3 + 18 * ky + 7];
                  acc_0_1c1 = acc_0_1c1 + (value_36 * convFilters_38);
                  const value_39 = value[at2 - 96 * ky + 105];
                  acc_1_0c1 = acc_1_0c1 + (value_39 * convFilters_37);
                  acc_1_1c1 = acc_1_1c1 + (value_39 * convFilters_38);
                  const value_40 = value[at2 - 96 * ky + 103];
                  const convFilters_41 = convFilters[at3 + 18 * ky + 8];
                  acc_0_0c1 = acc_0_0c1 + (value_40 * convFilters_41);
                  const convFilters_42 = convFilters[at3 + 18 * ky + 9];
                  acc_0_1c1 = acc_0_1c1 + (value_40 * convFilters_42);
                  const value_43 = value[at2 - 96 * ky + 106];
                  acc_1_0c1 = acc_1_0c1 + (value_43 * convFilters_41);
                  acc_1_1c1 = acc_1_1c1 + (value_43 * convFilters_42);
                  const value_44 = value[at2 - 96 * ky + 104];
                  const convFilters_45 = convFilters[at3 + 18 * ky + 10];
                  acc_0_0c1 = acc_0_0c1 + (value_44 * convFilters_45);
                  const convFilters_46 = convFilters[at3 + 18 * ky + 11];
                  acc_0_1c1 = acc_0_1c1 + (value_44 * convFilters_46);
                  const value_47 = value[at2 - 96 * ky + 107];
                  acc_1_0c1 = acc_1_0c1 + (value_47 * convFilters_45);
                  acc_1_1c1 = acc_1_1c1 + (value_47 * convFilters_46);
                  const value_48 = value[at2 - 96 * ky + 96];
                  const convFilters_49 = convFilters[at3 + 18 * ky + 12];
                  acc_0_0c1 = acc_0_0c1 + (value_48 * convFilters_49);
                  const convFilters_50 = convFilters[at3 + 18 * ky + 13];
                  acc_0_1c1 = acc_0_1c1 + (value_48 * convFilters_50);
                  const value_51 = value[at2 - 96 * ky + 99];
                  acc_1_0c1 = acc_1_0c1 + (value_51 * convFilters_49);
                  acc_1_1c1 = acc_1_1c1 + (value_51 * convFilters_50);
                  const value_52 = value[at2 - 96 * ky + 97];
                  const convFilters_53 = convFilters[at3 + 18 * ky + 14];
                  acc_0_0c1 = acc_0_0c1 + (value_52 * convFilters_53);
                  const convFilters_54 = convFilters[at3 + 18 * ky + 15];
                  acc_0_1c1 = acc_0_1c1 + (value_52 * convFilters_54);
                  const value_55 = value[at2 - 96 * ky + 100];
                  acc_1_0c1 = acc_1_0c1 + (value_55 * convFilters_53);
                  acc_1_1c1 = acc_1_1c1 + (value_55 * convFilters_54);
                  const value_56 = value[at2 - 96 * ky + 98];
                  const convFilters_57 = convFilters[at3 + 18 * ky + 16];
                  acc_0_0c1 = acc_0_0c1 + (value_56 * convFilters_57);
                  const convFilters_58 = convFilters[at3 + 18 * ky + 17];
                  acc_0_1c1 = acc_0_1c1 + (value_56 * convFilters_58);
                  const value_59 = value[at2 - 96 * ky + 101];
                  acc_1_0c1 = acc_1_0c1 + (value_59 * convFilters_57);
                  acc_1_1c1 = acc_1_1c1 + (value_59 * convFilters_58);
                }
              }
              output[at5 + 32 * oxo + 32] = acc_0_0c1;
              output[at5 + 32 * oxo + 33] = acc_0_1c1;
              output[at5 + 32 * oxo + 48] = acc_1_0c1;
              output[at5 + 32 * oxo + 49] = acc_1_1c1;
            }
            let acc_0_0c2 = 0;
            let acc_0_1c2 = 0;
            let acc_1_0c2 = 0;
            let acc_1_1c2 = 0;
            const at6 = (48 * oy) | 0;
            const at7 = (54 * oco) | 0;
            for (let ky = 0; ky < 3; ky++) {
              if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 13 >= 0) {
                const value_60 = value[at6 - 96 * ky + 138];
                const convFilters_61 = convFilters[at7 + 18 * ky + 6];
                acc_0_0c2 = acc_0_0c2 + (value_60 * convFilters_61);
                const convFilters_62 = convFilters[at7 + 18 * ky + 7];
                acc_0_1c2 = acc_0_1c2 + (value_60 * convFilters_62);
                const value_63 = value[at6 - 96 * ky + 141];
                acc_1_0c2 = acc_1_0c2 + (value_63 * convFilters_61);
                acc_1_1c2 = acc_1_1c2 + (value_63 * convFilters_62);
                const value_64 = value[at6 - 96 * ky + 139];
                const convFilters_65 = convFilters[at7 + 18 * ky + 8];
                acc_0_0c2 = acc_0_0c2 + (value_64 * convFilters_65);
                const convFilters_66 = convFilters[at7 + 18 * ky + 9];
                acc_0_1c2 = acc_0_1c2 + (value_64 * convFilters_66);
                const value_67 = value[at6 - 96 * ky + 142];
                acc_1_0c2 = acc_1_0c2 + (value_67 * convFilters_65);
                acc_1_1c2 = acc_1_1c2 + (value_67 * convFilters_66);
                const value_68 = value[at6 - 96 * ky + 140];
                const convFilters_69 = convFilters[at7 + 18 * ky + 10];
                acc_0_0c2 = acc_0_0c2 + (value_68 * convFilters_69);
                const convFilters_70 = convFilters[at7 + 18 * ky + 11];
                acc_0_1c2 = acc_0_1c2 + (value_68 * convFilters_70);
                const value_71 = value[at6 - 96 * ky + 143];
                acc_1_0c2 = acc_1_0c2 + (value_71 * convFilters_69);
                acc_1_1c2 = acc_1_1c2 + (value_71 * convFilters_70);
                const value_72 = value[at6 - 96 * ky + 132];
                const convFilters_73 = convFilters[at7 + 18 * ky + 12];
                acc_0_0c2 = acc_0_0c2 + (value_72 * convFilters_73);
                const convFilters_74 = convFilters[at7 + 18 * ky + 13];
                acc_0_1c2 = acc_0_1c2 + (value_72 * convFilters_74);
                const value_75 = value[at6 - 96 * ky + 135];
                acc_1_0c2 = acc_1_0c2 + (value_75 * convFilters_73);
                acc_1_1c2 = acc_1_1c2 + (value_75 * convFilters_74);
                const value_76 = value[at6 - 96 * ky + 133];
                const convFilters_77 = convFilters[at7 + 18 * ky + 14];
                acc_0_0c2 = acc_0_0c2 + (value_76 * convFilters_77);
                const convFilters_78 = convFilters[at7 + 18 * ky + 15];
                acc_0_1c2 = acc_0_1c2 + (value_76 * convFilters_78);
                const value_79 = value[at6 - 96 * ky + 136];
                acc_1_0c2 = acc_1_0c2 + (value_79 * convFilters_77);
                acc_1_1c2 = acc_1_1c2 + (value_79 * convFilters_78);
                const value_80 = value[at6 - 96 * ky + 134];
                const convFilters_81 = convFilters[at7 + 18 * ky + 16];
                acc_0_0c2 = acc_0_0c2 + (value_80 * convFilters_81);
                const convFilters_82 = convFilters[at7 + 18 * ky + 17];
                acc_0_1c2 = acc_0_1c2 + (value_80 * convFilters_82);
                const value_83 = value[at6 - 96 * ky + 137];
                acc_1_0c2 = acc_1_0c2 + (value_83 * convFilters_81);
                acc_1_1c2 = acc_1_1c2 + (value_83 * convFilters_82);
              }
            }
            output[at8 + 256 * oy + 224] = acc_0_0c2;
            output[at8 + 256 * oy + 225] = acc_0_1c2;
            output[at8 + 256 * oy + 240] = acc_1_0c2;
            output[at8 + 256 * oy + 241] = acc_1_1c2;
          }
        }
      };
    })();

    return { packConvFilters, conv };
  })(),
};
