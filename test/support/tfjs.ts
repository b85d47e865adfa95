/** TensorFlow.js in tests: its backends in this process, and results of both sides side by side. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { build } from "esbuild";
import { expect } from "vitest";
import { newFolder } from "./folder.js";

export { tf };

/** Core's form for Node leaves gradients out, and the files that have them are modules that only bundlers find. */
async function registerGradients(): Promise<void> {
  const outfile = join(newFolder(), "gradients.cjs");
  await build({
    stdin: {
      contents: 'import "@tensorflow/tfjs-core/dist/register_all_gradients";',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    ...{ bundle: true, platform: "node", format: "cjs", mainFields: ["module", "main"], ignoreAnnotations: true },
    ...{ outfile, logLevel: "error" },
  });
  createRequire(import.meta.url)(outfile);
}

await registerGradients();

/** Fields of the WebAssembly backend that tests look at. */
export interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    readonly asm: { readonly memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
}

type BackendName = "wasm" | "cpu" | "webgpu";

export async function use(backend: BackendName): Promise<void> {
  tf.enableProdMode();
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
  await tf.ready();
}

export const wasmBackend = (): WasmBackend => tf.backend() as unknown as WasmBackend;

/** A tensor as plain data, which belongs to no backend. */
export interface Given {
  readonly shape: number[];
  readonly data: Float32Array;
}

/** Numbers between -1 and 1. */
export function noise(shape: readonly number[], seed: number): Given {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const count = shape.reduce((all, size) => all * size, 1);
  const data = Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return { shape: [...shape], data };
}

/** The elements of what a function makes of tensors, on a backend. */
export async function elementsOn(
  backend: BackendName,
  given: readonly Given[],
  make: (...tensors: tf.Tensor4D[]) => tf.Tensor,
): Promise<Given> {
  await use(backend);
  const result = tf.tidy(() => make(...given.map(({ shape, data }) => tf.tensor<tf.Rank>(data, shape) as tf.Tensor4D)));
  const { shape } = result;
  const data = (await result.data()) as Float32Array;
  result.dispose();
  return { shape, data };
}

/** The largest difference, as a share of the largest element. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let [apart, largest] = [0, 1e-30];
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    apart = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(apart, difference);
    largest = Math.max(largest, Math.abs(b[i] as number));
  }
  return apart / largest;
}

export function expectClose(actual: Given, expected: Given, bound = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(distance(actual.data, expected.data)).toBeLessThan(bound);
}
