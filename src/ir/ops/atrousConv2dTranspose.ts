/**
 * TensorFlow's `tf.nn.atrous_conv2d_transpose`: the gradient of a dilated convolution, used as a layer.
 *
 *     out[n,y,x,oc] = sum over ky,kx,ic of value[n, y+pt-ky*r, x+pl-kx*r, ic] * filters[ky,kx,oc,ic]
 *
 * Value is [N,H,W,Ci], filters are [kh,kw,Co,Ci]. SAME keeps H x W, with pt = floor((kh-1)*r/2). VALID gives
 * (H + (kh-1)*r) x (W + (kw-1)*r), with pt = 0. If (kh-1)*r is odd, TensorFlow rounds pt down: one row more is
 * cropped at the end than at the beginning.
 */
import type { DenseConvolution } from "./denseConvolution.js";

export const atrousConv2dTransposeOp: DenseConvolution = {
  isTransposed: true,
  filterAt: (row, column, input, output) => [row, column, output, input],
};
