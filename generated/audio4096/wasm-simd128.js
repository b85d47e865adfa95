// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x1x4096x64 with 1x9x64x64, rate 4, SAME
// conv: split(ox=2*oxo+oxu roundUp) split(oc=4*oco+ocu roundUp) split(ic=4*ico+lane) order(oco n oy oxo ky kx ico oxu ocu lane) unroll(oxu) unroll(ocu) partition(kx) vectorize(lane) pack(filters: oco ky kx ico ocu lane)
export default {
  spec: { op: "atrousConv2dTranspose", value: [1, 1, 4096, 64], filters: [1, 9, 64, 64], rate: 4, padding: "SAME" },
  outputShape: [1, 1, 4096, 64],
  algorithm: "direct",
  errorBound: 0.00003445267162586449,
  schedule: "conv: split(ox=2*oxo+oxu roundUp) split(oc=4*oco+ocu roundUp) split(ic=4*ico+lane) order(oco n oy oxo ky kx ico oxu ocu lane) unroll(oxu) unroll(ocu) partition(kx) vectorize(lane) pack(filters: oco ky kx ico ocu lane)",
  work: { flops: 301989888, liveFlops: 301334528, bytes: 2244608 },
  language: "wasm",
  vectors: "vectors of 128 bits",
  key: "8cff08b7e66f30a434108fead69414f3fecce7ba84c5596ef60f0dd684d2ab00",
  prepare: {
    pages: 5,
    shared: false,
    buffers: [
      { name: "filters", shape: [1, 9, 64, 64], dtype: "f32", role: "weights", address: 0 },
      { name: "convFilters", shape: [16, 1, 9, 16, 4, 4], dtype: "f32", role: "prepared", address: 147456 },
    ],
    entries: [{ name: "packConvFilters", iterations: null }],
    code: "AGFzbQEAAAABCQJgAXwBfGAAAAIkAwNlbnYGbWVtb3J5AgAFA2VudgNleHAAAANlbnYEdGFuaAAAAwIBAQcTAQ9wYWNrQ29udkZpbHRlcnMAAgrdAQHaAQIPfwF9QQAhAANAIABBgAhsIQEgAEGAyABsIQJBACEDA0AgASADQYCAAWxqIQQgAiADQYAIbGohBUEAIQYDQCAEIAZBEGxqIQcgBSAGQcAAbGohCEEAIQkDQCAHIAlBgAJsaiEKIAggCUEQbGohCyAKIQwgCyENQQQhDgNAIAwqAgAhDyANIA84AoCACSAMQQRqIQwgDUEEaiENIA5Bf2oiDg0ACyAJQQFqIglBBEgNAAsgBkEBaiIGQRBIDQALIANBAWoiA0EJSA0ACyAAQQFqIgBBEEgNAAsL",
  },
  run: {
    pages: 35,
    shared: false,
    buffers: [
      { name: "value", shape: [1, 1, 4096, 64], dtype: "f32", role: "input", address: 1196032 },
      { name: "output", shape: [1, 1, 4096, 64], dtype: "f32", role: "output", address: 147456 },
      { name: "convFilters", shape: [16, 1, 9, 16, 4, 4], dtype: "f32", role: "prepared", address: 0 },
    ],
    entries: [{ name: "conv", iterations: null }],
    code: "AGFzbQEAAAABCQJgAXwBfGAAAAIkAwNlbnYGbWVtb3J5AgAjA2VudgNleHAAAANlbnYEdGFuaAAAAwIBAQcIAQRjb252AAIK/ggB+wgEA38Iewh/BntBACEAA0AgAEEQbCEBQQAhAgNA/QwAAAAAAAAAAAAAAAAAAAAAIQP9DAAAAAAAAAAAAAAAAAAAAAAhBP0MAAAAAAAAAAAAAAAAAAAAACEF/QwAAAAAAAAAAAAAAAAAAAAAIQb9DAAAAAAAAAAAAAAAAAAAAAAhB/0MAAAAAAAAAAAAAAAAAAAAACEI/QwAAAAAAAAAAAAAAAAAAAAAIQn9DAAAAAAAAAAAAAAAAAAAAAAhCiACQYAEbCELIABBgMgAbCEMQQAhDQNAIA1BfGwgAkECbGpBEGpBAE4gDUEEbCACQX5sakHuH2pBAE5xBEAgCyANQYB4bGpBgMAAaiEOIAwgDUGACGxqIQ8gDiEQIA8hEUEQIRIDQCAQ/QACgOBIIRMgEf0AAgAhFCADIBMgFP3mAf3kASEDIBH9AAIQIRUgBCATIBX95gH95AEhBCAR/QACICEWIAUgEyAW/eYB/eQBIQUgEf0AAjAhFyAGIBMgF/3mAf3kASEGIBD9AAKA4kghGCAHIBggFP3mAf3kASEHIAggGCAV/eYB/eQBIQggCSAYIBb95gH95AEhCSAKIBggF/3mAf3kASEKIBBBEGohECARQcAAaiERIBJBf2oiEg0ACwUgDUF8bCACQQJsakEQakEATiANQQRsIAJBfmxqQe8fakEATnEEQCALIA1BgHhsakGAwABqIQ8gDCANQYAIbGohDiAPIRIgDiERQRAhEANAIBL9AAKA4EghGCADIBggEf0AAgD95gH95AEhAyAEIBggEf0AAhD95gH95AEhBCAFIBggEf0AAiD95gH95AEhBSAGIBggEf0AAjD95gH95AEhBiASQRBqIRIgEUHAAGohESAQQX9qIhANAAsLIA1BfGwgAkECbGpBEWpBAE4gDUEEbCACQX5sakHuH2pBAE5xBEAgCyANQYB4bGpBgMAAaiEOIAwgDUGACGxqIQ8gDiEQIA8hEUEQIRIDQCAQ/QACgOJIIRggByAYIBH9AAIA/eYB/eQBIQcgCCAYIBH9AAIQ/eYB/eQBIQggCSAYIBH9AAIg/eYB/eQBIQkgCiAYIBH9AAIw/eYB/eQBIQogEEEQaiEQIBFBwABqIREgEkF/aiISDQALCwsgDUEBaiINQQlIDQALIAEgAkGABGxqIQ0gDSAD/R8AIAP9HwGSIAP9HwKSIAP9HwOSOAKAgAkgDSAE/R8AIAT9HwGSIAT9HwKSIAT9HwOSOAKEgAkgDSAF/R8AIAX9HwGSIAX9HwKSIAX9HwOSOAKIgAkgDSAG/R8AIAb9HwGSIAb9HwKSIAb9HwOSOAKMgAkgDSAH/R8AIAf9HwGSIAf9HwKSIAf9HwOSOAKAggkgDSAI/R8AIAj9HwGSIAj9HwKSIAj9HwOSOAKEggkgDSAJ/R8AIAn9HwGSIAn9HwKSIAn9HwOSOAKIggkgDSAK/R8AIAr9HwGSIAr9HwKSIAr9HwOSOAKMggkgAkEBaiICQYAQSA0ACyAAQQFqIgBBEEgNAAsL",
  },
};
