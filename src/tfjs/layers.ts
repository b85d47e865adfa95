/**
 * Layers of TensorFlow.js whose results are wrong: `conv2dTranspose` takes a `dilationRate` and passes it over.
 *
 * All fields of the layer that are no public API are in this file. They are as in 4.22.
 */
import type { FamilySpec } from "../ir/ops/familySpec.js";
import { checkFamily } from "../ops/check.js";
import type { Installation } from "./installation.js";
import { transposeBySpec } from "./ops.js";
import type { TfModule, TfTensor } from "./tf.js";

interface TransposeLayer {
  readonly dilationRate: readonly number[];
  readonly strides: readonly number[];
  readonly padding: string;
  readonly dataFormat: string;
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly kernel: { read(): TfTensor };
  readonly bias: { read(): TfTensor } | null;
  readonly activation: { apply(x: TfTensor): TfTensor } | null;
}

type LayerShape = readonly (number | null)[];

interface TransposePrototype {
  call(this: TransposeLayer, inputs: TfTensor | TfTensor[], kwargs: unknown): TfTensor | TfTensor[];
  computeOutputShape(this: TransposeLayer, inputShape: LayerShape): (number | null)[];
  getConfig(this: TransposeLayer): Record<string, unknown>;
}

/** Layers are known to TensorFlow.js by name once `@tensorflow/tfjs-layers` is loaded. */
interface WithLayers {
  readonly serialization?: {
    readonly SerializationMap?: {
      getMap(): { readonly classNameMap: Record<string, [{ readonly prototype: TransposePrototype }, unknown]> };
    };
  };
  readonly add?: LayerOps["add"];
  readonly transpose?: LayerOps["transpose"];
  readonly tidy?: LayerOps["tidy"];
}

/** Ops of the core that the layer uses. */
interface LayerOps {
  add(a: TfTensor, b: TfTensor): TfTensor;
  transpose(x: TfTensor, axes: number[]): TfTensor;
  tidy(run: () => TfTensor): TfTensor;
}

const METHODS = ["call", "computeOutputShape", "getConfig"] as const;

const isDilated = ({ dilationRate }: TransposeLayer): boolean => [dilationRate].flat().some((rate) => rate > 1);

const isChannelsFirst = ({ dataFormat }: TransposeLayer): boolean => dataFormat === "channelsFirst";

export function mendLayers(installation: Installation): void {
  const { tf } = installation;
  const { serialization, add, transpose, tidy }: WithLayers = tf as object;
  const known = serialization?.SerializationMap?.getMap().classNameMap.Conv2DTranspose;
  const prototype = known?.[0].prototype;
  if (!prototype) return;
  const missing = METHODS.find((name) => typeof prototype[name] !== "function");
  if (missing !== undefined || !add || !transpose || !tidy) {
    installation.note("conv2dTranspose of this tfjs-layers is not as in 4.22, and keeps ignoring dilations");
    return;
  }
  const { call, computeOutputShape, getConfig } = prototype;
  prototype.call = function (inputs, kwargs) {
    return isDilated(this)
      ? tidy(() => outputOf(tf, { add, transpose, tidy }, this, inputs))
      : call.call(this, inputs, kwargs);
  };
  prototype.computeOutputShape = function (inputShape) {
    return isDilated(this) ? outputShapeOf(this, inputShape) : computeOutputShape.call(this, inputShape);
  };
  // Without it a model that is saved loses its rates.
  prototype.getConfig = function () {
    return { ...getConfig.call(this), ...(isDilated(this) ? { dilationRate: this.dilationRate } : {}) };
  };
  installation.onUninstall(() => Object.assign(prototype, { call, computeOutputShape, getConfig }));
}

const specOf = (layer: TransposeLayer, value: readonly number[], filters: readonly number[]): FamilySpec => ({
  ...{ op: "conv2dTranspose", convention: "keras", value, filters },
  ...{ strides: layer.strides, dilations: [layer.dilationRate].flat() },
  padding: layer.padding === "same" ? "SAME" : "VALID",
});

function outputOf(tf: TfModule, ops: LayerOps, layer: TransposeLayer, inputs: TfTensor | TfTensor[]): TfTensor {
  const [given] = [inputs].flat() as [TfTensor];
  const turned = (x: TfTensor, axes: number[]) => (isChannelsFirst(layer) ? ops.transpose(x, axes) : x);
  const x = turned(given, [0, 2, 3, 1]);
  const filters = layer.kernel.read();
  const sums = transposeBySpec(tf, x, filters, specOf(layer, x.shape, filters.shape));
  const biased = layer.bias ? ops.add(sums, layer.bias.read()) : sums;
  const output = turned(biased, [0, 3, 1, 2]);
  return layer.activation ? layer.activation.apply(output) : output;
}

/** The shape of the output, in which sizes that are not known yet stay unknown. */
function outputShapeOf(layer: TransposeLayer, [batch = null, ...given]: LayerShape): (number | null)[] {
  const isFirst = isChannelsFirst(layer);
  const image = isFirst ? given.slice(1) : given.slice(0, 2);
  const [kh = 1, kw = 1] = layer.kernelSize;
  const { axes } = checkFamily({
    ...specOf(layer, [1, ...image.map((size) => size ?? 1), 1], [kh, kw, 1, 1]),
  }).convolution;
  const sizes = axes.map(({ input }, i) => (image[i] === null ? null : input));
  return isFirst ? [batch, layer.filters, ...sizes] : [batch, ...sizes, layer.filters];
}
