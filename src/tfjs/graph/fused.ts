/** Graph models whose detours are made straight while they load. */
import { fail, show } from "../../ir/errors.js";
import { conv2dTransposeOf } from "../ops.js";
import type { TfModule, TfTensor } from "../tf.js";
import { straighten, TRANSPOSE_OP } from "./detours.js";
import { type GraphArtifacts, ModelGraph } from "./graphModel.js";

/** A thing that loads a model: `IOHandler` of TensorFlow.js, of which only loading is used. */
export interface TfModelHandler {
  load?(): Promise<object>;
}

interface CustomNode {
  inputs: TfTensor[];
  attrs: { [name: string]: unknown };
}

/** `@tensorflow/tfjs-converter` is part of `@tensorflow/tfjs`, and not of its core. */
interface WithConverter {
  registerOp?(name: string, run: (node: CustomNode) => TfTensor): void;
  deregisterOp?(name: string): void;
  io?: { getLoadHandlers(url: string): TfModelHandler[]; http(url: string): TfModelHandler };
}

/** A handler of models whose graphs are rewritten. */
export function straightened(tf: TfModule, urlOrHandler: string | TfModelHandler): { load(): Promise<object> } {
  const handler = handlerOf(tf as object, urlOrHandler);
  registerTranspose(tf);
  return {
    ...handler,
    async load() {
      const artifacts = (await handler.load()) as GraphArtifacts;
      // Models that are loaded twice are rewritten once: what is given stays as it is.
      const copy = { ...artifacts, modelTopology: structuredClone(artifacts.modelTopology ?? {}) };
      straighten(new ModelGraph(copy));
      return copy;
    },
  };
}

function handlerOf(tf: WithConverter, given: string | TfModelHandler): { load(): Promise<object> } {
  const found = typeof given === "string" ? (tf.io?.getLoadHandlers(given)[0] ?? tf.io?.http(given)) : given;
  const load = found?.load;
  if (found && load) return { load: () => load.call(found) };
  return fail(
    "invalid-argument",
    `fused takes the URL of a model.json or an IOHandler with load(); got ${show(given)}`,
  );
}

function registerTranspose(tf: TfModule): void {
  const { registerOp }: WithConverter = tf as object;
  if (!registerOp) {
    fail("invalid-argument", "fused needs registerOp of @tensorflow/tfjs-converter; install(tf) with @tensorflow/tfjs");
  }
  registerOp(TRANSPOSE_OP, ({ inputs: [x, filters], attrs }) => {
    const [rates, crops] = [attrs.rates, attrs.crops] as [number[], number[]];
    const [top = 0, bottom = 0, left = 0, right = 0] = crops.map(Number);
    return conv2dTransposeOf(tf, x as TfTensor, filters as TfTensor, {
      dilations: rates.map(Number) as [number, number],
      padding: [
        [top, bottom],
        [left, right],
      ],
    });
  });
}
