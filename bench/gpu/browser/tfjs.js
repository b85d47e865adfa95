// @ts-check
/** TensorFlow.js in one file, for the page. */
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";

export { tf };
