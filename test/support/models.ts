/** Two small models of the kinds that apps have, as files: an exporter's dilated convolution, and TensorFlow's detour of three ops. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onnxModel } from "./onnxModel.js";
import { integers, tfjsModel, writeTfjsModel } from "./tfjsModel.js";

/** Writes model.onnx, which needs `conv2d_1x3x8x8_6x3x3x3_j18p8frp5w1d`, and model.json, which needs `atrousConv2dTranspose_2x9x10x4_3x3x5_r2_same`. */
export function writeModels(folder: string): void {
  writeFileSync(join(folder, "model.onnx"), onnx());
  writeTfjsModel(folder, detour());
}

const onnx = (): Uint8Array =>
  onnxModel({
    inputs: { image: [1, 3, 8, 8] },
    outputs: { features: [1, 6, 8, 8] },
    initializers: { weights: { dims: [6, 3, 3, 3] } },
    nodes: [
      {
        op: "Conv",
        name: "dilated",
        inputs: ["image", "weights"],
        outputs: ["features"],
        attributes: { dilations: [2, 2], pads: [2, 2, 2, 2] },
      },
    ],
  });

/** `atrousConv2dTranspose` of 9x10 pixels at rate 2, for as many images as `batch` says. */
const detour = () =>
  tfjsModel({
    inputs: { image: [-1, 9, 10, 4] },
    constants: {
      filters: { shape: [3, 3, 5, 4] },
      block: integers([2, 2]),
      pads: integers([0, 1, 0, 0], 2),
      crops: integers([2, 3, 2, 2], 2),
      sizes: integers([0, 0, 0, 5]),
    },
    nodes: [
      { name: "before", op: "SpaceToBatchND", inputs: ["image", "block", "pads"] },
      {
        name: "transposed",
        op: "Conv2DBackpropInput",
        inputs: ["sizes", "filters", "before"],
        attributes: { strides: { list: [1, 1, 1, 1] }, padding: "VALID", data_format: "NHWC" },
      },
      { name: "after", op: "BatchToSpaceND", inputs: ["transposed", "block", "crops"] },
    ],
    outputs: ["after"],
  });
