/** The parts that `install` loads: a page which has not installed anything yet has not loaded them either. */
export { addGradients } from "./gradients.js";
export { straightened } from "./graph/fused.js";
export { Installation } from "./installation.js";
export { mendLayers } from "./layers.js";
export { atrousTransposeOf, conv2dTransposeOf } from "./ops.js";
