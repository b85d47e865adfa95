/** What `install` loads, so that a page which has not installed anything yet has not loaded it either. */
export { addGradients } from "./gradients.js";
export { straightened } from "./graph/fused.js";
export { Installation } from "./installation.js";
export { mendLayers } from "./layers.js";
export { atrousTransposeOf, conv2dTransposeOf } from "./ops.js";
