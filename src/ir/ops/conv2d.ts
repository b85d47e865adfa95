/**
 * TensorFlow's `tf.nn.conv2d` with dilations and stride 1.
 *
 *     out[n,y,x,oc] = sum over ky,kx,ic of value[n, y+ky*r-pt, x+kx*r-pl, ic] * filters[ky,kx,ic,oc]
 *
 * Value [N,H,W,Ci], filters [kh,kw,Ci,Co]. SAME keeps H x W with pt = floor((kh-1)*r/2); VALID gives
 * (H - (kh-1)*r) x (W - (kw-1)*r). Applied to the upstream gradient with the same filters it is the gradient of
 * `atrousConv2dTranspose` with respect to its value.
 */
import type { Program } from "../program.js";
import { convolutionBuffers } from "./buffers.js";
import { forwardWindow, gather } from "./convolution.js";
import { epilogue } from "./epilogue.js";
import { geometryOf, type OpSpec } from "./spec.js";

export function conv2d(spec: OpSpec): Program {
  const { batch, inputChannels, outputChannels, y, x } = geometryOf(spec);
  return {
    name: spec.op,
    buffers: convolutionBuffers(spec),
    prepare: [],
    run: [
      gather({
        name: "conv",
        batch,
        groups: 1,
        inputChannels,
        outputChannels,
        y: forwardWindow({ ...y, stride: 1, dilation: spec.rate }),
        x: forwardWindow({ ...x, stride: 1, dilation: spec.rate }),
        filterAt: (row, column, channel) => [row, column, channel.input, channel.output],
        finish: epilogue(spec.bias ?? false, spec.activation),
      }),
    ],
  };
}
