/** Compiling for a model before its first use. */
import { needInstalled } from "./installed.js";
import type { TfTensor } from "./tf.js";

/** A model of TensorFlow.js: a graph or layers. */
export interface TfModel {
  predict(inputs: TfTensor | TfTensor[]): unknown;
  executeAsync?(inputs: TfTensor | TfTensor[]): Promise<unknown>;
}

/**
 * Predicts once from zeros on TensorFlow.js' own kernels, and compiles ours for the same calls, one by one, so that a
 * page stays alive. Kernels that were made ahead of time are taken where they are registered.
 * @param shape the shape of the model's input, or a list of the shapes of all its inputs
 * @throws TilewrightError `not-ready` before `install`
 */
export async function warmUpModel(
  model: TfModel,
  shape: readonly number[] | readonly (readonly number[])[],
): Promise<void> {
  const { installation } = needInstalled("warmUp");
  const tf = installation.tf as typeof installation.tf & {
    zeros(shape: number[]): TfTensor;
    dispose(all: unknown): void;
  };
  const shapes =
    typeof shape[0] === "number" ? [shape as readonly number[]] : (shape as readonly (readonly number[])[]);
  await installation.warmUp(async () => {
    const zeros = shapes.map((one) => tf.zeros([...one]));
    const inputs = zeros.length === 1 ? (zeros[0] as TfTensor) : zeros;
    try {
      tf.dispose(await predicted(model, inputs));
    } finally {
      tf.dispose(zeros);
    }
  });
}

/** Graphs with loops or outputs of unknown sizes only run asynchronously. */
async function predicted(model: TfModel, inputs: TfTensor | TfTensor[]): Promise<unknown> {
  try {
    return model.predict(inputs);
  } catch (error) {
    if (model.executeAsync) return model.executeAsync(inputs);
    throw error;
  }
}
