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
    shared: false,
    buffers: [
      { name: "filters", shape: [1, 9, 64, 64], dtype: "f32", role: "weights", least: 0 },
      { name: "convFilters", shape: [16, 1, 9, 16, 4, 4], dtype: "f32", role: "prepared", least: 0 },
    ],
    entries: [{ name: "packConvFilters", buffers: ["filters", "convFilters"], iterations: null }],
    code: "AGFzbQEAAAABCwJgAXwBfGACf38AAiQDA2VudgZtZW1vcnkCAAADZW52A2V4cAAAA2VudgR0YW5oAAADAgEBBxMBD3BhY2tDb252RmlsdGVycwACCscBAcQBAgl/BHtBACECA0AgACACQYAIbGohAyABIAJBgMgAbGohBEEAIQUDQCADIAVBgIABbGohBiAEIAVBgAhsaiEHIAYhCCAHIQlBECEKA0AgCP0AAgAhCyAJIAv9CwIAIAj9AAKAAiEMIAkgDP0LAhAgCP0AAoAEIQ0gCSAN/QsCICAI/QACgAYhDiAJIA79CwIwIAhBEGohCCAJQcAAaiEJIApBf2oiCg0ACyAFQQFqIgVBCUgNAAsgAkEBaiICQRBIDQALCw==",
  },
  run: {
    shared: false,
    buffers: [
      { name: "value", shape: [1, 1, 4096, 64], dtype: "f32", role: "input", least: 4096 },
      { name: "output", shape: [1, 1, 4096, 64], dtype: "f32", role: "output", least: 0 },
      { name: "convFilters", shape: [16, 1, 9, 16, 4, 4], dtype: "f32", role: "prepared", least: 0 },
    ],
    entries: [{ name: "conv", buffers: ["value", "output", "convFilters"], iterations: null }],
    code: "AGFzbQEAAAABDAJgAXwBfGADf39/AAIkAwNlbnYGbWVtb3J5AgAAA2VudgNleHAAAANlbnYEdGFuaAAAAwIBAQcIAQRjb252AAIKgQkB/ggEBH8Iewh/BnsgAEGAIGshAEEAIQMDQCACIANBgMgAbGohBCABIANBEGxqIQVBACEGA0D9DAAAAAAAAAAAAAAAAAAAAAAhB/0MAAAAAAAAAAAAAAAAAAAAACEI/QwAAAAAAAAAAAAAAAAAAAAAIQn9DAAAAAAAAAAAAAAAAAAAAAAhCv0MAAAAAAAAAAAAAAAAAAAAACEL/QwAAAAAAAAAAAAAAAAAAAAAIQz9DAAAAAAAAAAAAAAAAAAAAAAhDf0MAAAAAAAAAAAAAAAAAAAAACEOIAAgBkGABGxqIQ8gBCEQQQAhEQNAIBFBfGwgBkECbGpBEGpBAE4gEUEEbCAGQX5sakHuH2pBAE5xBEAgDyARQYB4bGpBgMAAaiESIBAgEUGACGxqIRMgEiEUIBMhFUEQIRYDQCAU/QACACEXIBX9AAIAIRggByAXIBj95gH95AEhByAV/QACECEZIAggFyAZ/eYB/eQBIQggFf0AAiAhGiAJIBcgGv3mAf3kASEJIBX9AAIwIRsgCiAXIBv95gH95AEhCiAU/QACgAIhHCALIBwgGP3mAf3kASELIAwgHCAZ/eYB/eQBIQwgDSAcIBr95gH95AEhDSAOIBwgG/3mAf3kASEOIBRBEGohFCAVQcAAaiEVIBZBf2oiFg0ACwUgEUF8bCAGQQJsakEQakEATiARQQRsIAZBfmxqQe8fakEATnEEQCAPIBFBgHhsakGAwABqIRMgECARQYAIbGohEiATIRYgEiEVQRAhFANAIBb9AAIAIRwgByAcIBX9AAIA/eYB/eQBIQcgCCAcIBX9AAIQ/eYB/eQBIQggCSAcIBX9AAIg/eYB/eQBIQkgCiAcIBX9AAIw/eYB/eQBIQogFkEQaiEWIBVBwABqIRUgFEF/aiIUDQALCyARQXxsIAZBAmxqQRFqQQBOIBFBBGwgBkF+bGpB7h9qQQBOcQRAIA8gEUGAeGxqQYDAAGohEiAQIBFBgAhsaiETIBIhFCATIRVBECEWA0AgFP0AAoACIRwgCyAcIBX9AAIA/eYB/eQBIQsgDCAcIBX9AAIQ/eYB/eQBIQwgDSAcIBX9AAIg/eYB/eQBIQ0gDiAcIBX9AAIw/eYB/eQBIQ4gFEEQaiEUIBVBwABqIRUgFkF/aiIWDQALCwsgEUEBaiIRQQlIDQALIAUgBkGABGxqIREgESAH/R8AIAf9HwGSIAf9HwKSIAf9HwOSOAIAIBEgCP0fACAI/R8BkiAI/R8CkiAI/R8DkjgCBCARIAn9HwAgCf0fAZIgCf0fApIgCf0fA5I4AgggESAK/R8AIAr9HwGSIAr9HwKSIAr9HwOSOAIMIBEgC/0fACAL/R8BkiAL/R8CkiAL/R8DkjgCgAIgESAM/R8AIAz9HwGSIAz9HwKSIAz9HwOSOAKEAiARIA39HwAgDf0fAZIgDf0fApIgDf0fA5I4AogCIBEgDv0fACAO/R8BkiAO/R8CkiAO/R8DkjgCjAIgBkEBaiIGQYAQSA0ACyADQQFqIgNBEEgNAAsL",
  },
};
