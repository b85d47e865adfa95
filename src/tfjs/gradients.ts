/** Gradients that TensorFlow.js lacks: those of our ops, and those of dilated convolutions. */
import type { Installation } from "./installation.js";
import { GENERAL, type GeneralAttributes } from "./rules/general.js";
import type { TfGradient, TfModule, TfTensor } from "./tf.js";

type TensorsByName = Readonly<Record<string, TfTensor>>;

/** Runs one of the three kernels of a convolution. TensorFlow.js records it for further gradients. */
export function runGeneral(
  tf: TfModule,
  kernelName: string,
  inputs: TensorsByName,
  attributes: GeneralAttributes,
): TfTensor {
  return tf.engine().runKernel(kernelName, { ...inputs }, { ...attributes }) as TfTensor;
}

export function addGradients(installation: Installation): void {
  const { tf } = installation;
  for (const gradient of generalGradients(tf)) {
    tf.registerGradient(gradient);
    installation.onUninstall(() => tf.unregisterGradient(gradient.kernelName));
  }
  for (const name of ["Conv2D", "DepthwiseConv2dNative"]) {
    const original = tf.getGradient(name);
    if (!original) continue;
    tf.registerGradient(dilatedGradient(tf, original));
    installation.onUninstall(() => tf.registerGradient(original));
  }
}

/**
 * A convolution is linear in its image and in its filters, so the gradients of all three kernels are these kernels: the
 * number <y, conv(x, filter)> is the same whichever of the three tensors it is derived by.
 */
function generalGradients(tf: TfModule): TfGradient[] {
  const of = (
    kernelName: string,
    names: readonly [string, string],
    gradients: (
      dy: TfTensor,
      a: TfTensor,
      b: TfTensor,
      attributes: GeneralAttributes,
    ) => ReturnType<TfGradient["gradFunc"]>,
  ): TfGradient => ({
    kernelName,
    inputsToSave: [...names],
    gradFunc: (dy, saved, attrs) =>
      gradients(dy as TfTensor, saved[0] as TfTensor, saved[1] as TfTensor, attrs as unknown as GeneralAttributes),
  });
  const forward = (x: TfTensor, filter: TfTensor, attributes: GeneralAttributes) =>
    runGeneral(tf, GENERAL.forward, { x, filter }, attributes);
  const transposed = (y: TfTensor, filter: TfTensor, attributes: GeneralAttributes) =>
    runGeneral(tf, GENERAL.transposed, { y, filter }, attributes);
  const filters = (x: TfTensor, y: TfTensor, attributes: GeneralAttributes) =>
    runGeneral(tf, GENERAL.filters, { x, y }, attributes);
  return [
    of(GENERAL.forward, ["x", "filter"], (dy, x, filter, attributes) => ({
      x: () => transposed(dy, filter, attributes),
      filter: () => filters(x, dy, attributes),
    })),
    of(GENERAL.transposed, ["y", "filter"], (dx, y, filter, attributes) => ({
      y: () => forward(dx, filter, attributes),
      filter: () => filters(dx, y, attributes),
    })),
    of(GENERAL.filters, ["x", "y"], (dfilter, x, y, attributes) => ({
      x: () => transposed(y, dfilter, attributes),
      y: () => forward(x, dfilter, attributes),
    })),
  ];
}

/** TensorFlow.js refuses to derive a convolution with dilations. */
function dilatedGradient(tf: TfModule, original: TfGradient): TfGradient {
  const isDepthwise = original.kernelName === "DepthwiseConv2dNative";
  return {
    ...original,
    gradFunc(dy, saved, attrs) {
      const [x, filter] = saved as [TfTensor, TfTensor];
      const isDilated = [attrs.dilations ?? 1].flat().some((dilation) => dilation !== 1);
      const isOurs = (attrs.dataFormat ?? "NHWC") === "NHWC" && tf.getKernel(GENERAL.transposed, tf.getBackend());
      if (!isDilated || !isOurs) return original.gradFunc(dy, saved, attrs);
      const attributes = attributesOf(tf, x.shape, filter.shape, attrs, isDepthwise);
      const y = dy as TfTensor;
      const inGroups = reshaped(tf, filter, attributes.filterShape);
      return {
        x: () => runGeneral(tf, GENERAL.transposed, { y, filter: inGroups }, attributes),
        filter: () => reshaped(tf, runGeneral(tf, GENERAL.filters, { x, y }, attributes), filter.shape),
      };
    },
  };
}

function reshaped(tf: TfModule, x: TfTensor, shape: readonly number[]): TfTensor {
  return String(x.shape) === String(shape) ? x : (tf.engine().runKernel("Reshape", { x }, { shape }) as TfTensor);
}

/** A depthwise convolution has a group for each channel of its image. */
function attributesOf(
  tf: TfModule,
  image: number[],
  filterShape: number[],
  { strides, dilations, pad, dimRoundingMode }: Readonly<Record<string, unknown>>,
  isDepthwise: boolean,
): GeneralAttributes {
  const { computeConv2DInfo } = tf.backend_util;
  const info = computeConv2DInfo(image, filterShape, strides, dilations, pad, dimRoundingMode, isDepthwise);
  return {
    image: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    channels: [info.inChannels, info.outChannels],
    filterShape: isDepthwise ? [...filterShape.slice(0, 2), 1, info.outChannels] : filterShape,
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    groups: isDepthwise ? info.inChannels : 1,
    before: [info.padInfo.top, info.padInfo.left],
  };
}
