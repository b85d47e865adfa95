// @ts-check
/** TensorFlow.js in one file, for the page. */
import "@tensorflow/tfjs-backend-webgpu";
// @ts-expect-error: a package of bench/peers, which need not be there
import * as tf from "@tensorflow/tfjs-core";

export { tf };
