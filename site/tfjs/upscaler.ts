/** A super-resolution model in TensorFlow.js' WebAssembly backend, with its own kernels or with ours. */
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";
import { type InstalledTfjs, install, type KernelReport } from "tilewright/tfjs";
import type { Picture, Way } from "./messages.js";

export interface Run {
  /** A square with three colours for each pixel, mostly from 0 to 255. */
  readonly output: Float32Array;
  /** Pixels of its side. */
  readonly size: number;
  readonly milliseconds: number;
}

export class Upscaler {
  readonly #model: LayersModel;
  #way: Way = "off";
  #installed: InstalledTfjs | undefined;
  #kernels: readonly KernelReport[] = [];
  #input: tf.Tensor | undefined;

  private constructor(model: LayersModel) {
    this.#model = model;
  }

  /** Loads TensorFlow.js and the model from the folder of this page. */
  static async load(): Promise<Upscaler> {
    const here = new URL(".", location.href).href;
    setWasmPaths(here);
    // Its threads start from text, which a strict policy forbids. So both sides have one.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    tf.enableProdMode();
    await tf.setBackend("wasm");
    return new Upscaler(await loadLayersModel(`${here}model/model.json`));
  }

  /** The picture that is enlarged from now on. */
  setPicture({ size, pixels }: Picture): void {
    this.#input?.dispose();
    const colours = Float32Array.from(pixels).filter((_, i) => i % 4 < 3);
    this.#input = tf.tensor4d(colours, [1, size, size, 3]);
  }

  /** Changes the kernels that run the model. It runs once, as kernels are compiled on their first call. */
  async use(way: Way): Promise<void> {
    if (way === this.#way) return;
    this.#installed?.uninstall();
    this.#installed = way === "off" ? undefined : await install(tf, { accuracy: way });
    this.#way = way;
    this.run();
    this.#kernels = this.#installed?.report().kernels ?? [];
  }

  run(): Run {
    const begin = performance.now();
    const result = this.#model.predict(this.#input as tf.Tensor) as tf.Tensor;
    const output = result.dataSync() as Float32Array;
    const milliseconds = performance.now() - begin;
    const [, size = 0] = result.shape;
    result.dispose();
    return { output, size, milliseconds };
  }

  /** The calls of one prediction, and who served them, if ours are installed. */
  get kernels(): readonly KernelReport[] {
    return this.#kernels;
  }
}
