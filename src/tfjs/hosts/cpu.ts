/**
 * The backend in JavaScript: inputs are copied into the memory of a kernel, and the output out of it.
 *
 * All fields of the backend that are no public API of TensorFlow.js are in this file. They are as in 4.22.
 */
import type { TfTensor } from "../tf.js";
import { type FoundHost, missingFunction } from "./host.js";

interface ArrayTensors {
  readonly data: {
    has(dataId: object): boolean;
    get(dataId: object): { readonly values?: unknown };
  };
  makeTensorInfo(shape: number[], dtype: TfTensor["dtype"], values: Float32Array): TfTensor;
}

export function cpuHost(given: object): FoundHost {
  const backend = given as ArrayTensors;
  const missing =
    missingFunction("data", backend.data, ["has", "get"]) ?? missingFunction("backend", backend, ["makeTensorInfo"]);
  if (missing !== undefined) return missing;
  const valuesOf = ({ dataId }: TfTensor) => {
    const { values } = backend.data.get(dataId);
    return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
  };
  return {
    options: { target: "wasm" },
    handicap: 1,
    isAlive: (dataId) => backend.data.has(dataId),
    elementsOf: (tensor) => valuesOf(tensor).slice(),
    run(kernel, weights, inputs, shape) {
      const values: Record<string, Float32Array> = {};
      for (const [name, tensor] of Object.entries(inputs)) values[name] = valuesOf(tensor);
      const { output } = kernel.runSync(values, weights);
      return backend.makeTensorInfo(shape, "float32", output as Float32Array);
    },
    dispose: () => undefined,
  };
}
