/**
 * The part of TensorFlow.js that is used, under its own public names. These types are structural, so that a program
 * needs no declarations of TensorFlow.js to have ours; what it has fits them.
 */

/** A tensor, or what stands for one in a kernel. */
export interface TfTensor {
  dataId: object;
  shape: number[];
  dtype: "float32" | "int32" | "bool" | "complex64" | "string";
}

type Attributes = { [name: string]: unknown };

/** The arguments of a kernel. Inputs that a call may leave out can be null. */
export interface TfCall {
  inputs: { [name: string]: TfTensor | undefined };
  /** The backend itself, an object. */
  backend: NonNullable<unknown>;
  attrs?: Attributes;
}

export interface TfKernel {
  kernelName: string;
  backendName: string;
  kernelFunc(call: TfCall): TfTensor | TfTensor[];
}

export interface TfGradient {
  kernelName: string;
  inputsToSave?: string[];
  gradFunc(dy: TfTensor | TfTensor[], saved: TfTensor[], attrs: Attributes): { [name: string]: () => TfTensor };
}

/** The sizes of a convolution or a pool, as `computeConv2DInfo` gives them. */
export interface TfConvInfo {
  batchSize: number;
  inHeight: number;
  inWidth: number;
  inChannels: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
  dataFormat: string;
  strideHeight: number;
  strideWidth: number;
  dilationHeight: number;
  dilationWidth: number;
  filterHeight: number;
  filterWidth: number;
  padInfo: { top: number; left: number };
  outShape: number[];
}

export interface TfUtil {
  computeConv2DInfo(
    inShape: number[],
    filterShape: number[],
    strides: unknown,
    dilations: unknown,
    pad: unknown,
    roundingMode?: unknown,
    depthwise?: boolean,
    dataFormat?: unknown,
  ): TfConvInfo;
  computePool2DInfo(
    inShape: number[],
    filterSize: unknown,
    strides: unknown,
    dilations: unknown,
    pad: unknown,
    roundingMode?: unknown,
  ): TfConvInfo;
}

/** The module `@tensorflow/tfjs`, or `@tensorflow/tfjs-core`. */
export interface TfModule {
  getBackend(): string;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  backend(): object;
  getKernel(kernelName: string, backendName: string): TfKernel | undefined;
  registerKernel(kernel: TfKernel): void;
  unregisterKernel(kernelName: string, backendName: string): void;
  getGradient(kernelName: string): TfGradient | undefined;
  registerGradient(gradient: TfGradient): void;
  unregisterGradient(kernelName: string): void;
  env(): { get(flag: string): unknown };
  engine(): { runKernel(kernelName: string, inputs: { [name: string]: TfTensor }, attrs?: Attributes): unknown };
  backend_util: TfUtil;
}
