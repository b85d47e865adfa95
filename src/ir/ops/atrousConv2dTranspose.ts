/**
 * TensorFlow's `tf.nn.atrous_conv2d_transpose`: the gradient of a dilated convolution, used as a layer.
 *
 *     out[n,y,x,oc] = sum over ky,kx,ic of value[n, y+pt-ky*r, x+pl-kx*r, ic] * filters[ky,kx,oc,ic]
 *
 * Value [N,H,W,Ci], filters [kh,kw,Co,Ci]. SAME keeps H x W with pt = floor((kh-1)*r/2); VALID gives
 * (H + (kh-1)*r) x (W + (kw-1)*r) with pt = 0. When (kh-1)*r is odd, TensorFlow rounds pt down: one row more is
 * cropped at the end than at the beginning.
 */
import type { Program } from "../program.js";
import { convolutionBuffers } from "./buffers.js";
import { gather, transposedWindows, type Window } from "./convolution.js";
import { epilogue } from "./epilogue.js";
import { type Extent, geometryOf, type OpSpec } from "./spec.js";

export function atrousConv2dTranspose(spec: OpSpec): Program {
  const { batch, inputChannels, outputChannels, y, x } = geometryOf(spec);
  const window = (extent: Extent) => transposedWindows({ ...extent, stride: 1, dilation: spec.rate })[0] as Window; // stride 1 has one phase
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
        y: window(y),
        x: window(x),
        filterAt: (row, column, channel) => [row, column, channel.output, channel.input],
        finish: epilogue(spec.bias ?? false, spec.activation),
      }),
    ],
  };
}
