/**
 * TensorFlow's `tf.nn.conv2d` with dilations and stride 1.
 *
 *     out[n,y,x,oc] = sum over ky,kx,ic of value[n, y+ky*r-pt, x+kx*r-pl, ic] * filters[ky,kx,ic,oc]
 *
 * Value is [N,H,W,Ci], filters are [kh,kw,Ci,Co]. SAME keeps H x W, with pt = floor((kh-1)*r/2). VALID gives
 * (H - (kh-1)*r) x (W - (kw-1)*r). Applied to the upstream gradient with the same filters, it is the gradient of
 * `atrousConv2dTranspose` with respect to its value.
 */
import type { DenseConvolution } from "./denseConvolution.js";

export const conv2dOp: DenseConvolution = {
  isTransposed: false,
  filterAt: (row, column, input, output) => [row, column, input, output],
};
