/** The same op in TensorFlow.js, for those that it has. It comes from the page's own files. */

import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { fail } from "../../../src/ir/errors.js";
import type { Program } from "../../../src/ir/program.js";
import type { CheckData, FloatsByName } from "../../../src/tune/checkData.js";
import { timed } from "../../../src/tune/sampling.js";
import { callOf } from "./tensorflowCalls.js";
import { samplesOf } from "./timing.js";

let isReady: Promise<boolean> | undefined;

async function open(): Promise<boolean> {
  setWasmPaths(new URL("./tensorflow/", import.meta.url).href);
  const isOpen = await tf.setBackend("wasm");
  await tf.ready();
  return isOpen;
}

export interface Peer {
  readonly name: string;
  readonly samples: readonly number[];
  readonly outputs: FloatsByName;
}

/** Throws `target-unavailable` where TensorFlow.js has no such op, or its backend does not start. */
export async function runPeer(spec: unknown, program: Program, data: CheckData): Promise<Peer> {
  const call = callOf(spec);
  isReady ??= open();
  if (!(await isReady)) fail("target-unavailable", "TensorFlow.js' WebAssembly backend does not start here");
  const tensors = new Map(
    program.buffers.flatMap(({ name, shape }) => {
      const values = data.given.get(name);
      return values ? [[name, tf.tensor(values, [...shape])] as const] : [];
    }),
  );
  const named = (name: string): tf.Tensor =>
    tensors.get(name) ??
    fail("target-unavailable", `TensorFlow.js' form of this op reads ${name}, which is none of ours`);
  const result = tf.tidy(() => call(named));
  const output = program.buffers.find(({ role }) => role === "output")?.name ?? "output";
  const outputs = new Map([[output, (await result.data()) as Float32Array]]);
  result.dispose();
  const samples = await samplesOf(
    // The WebAssembly backend has computed when the op returns.
    timed(() => void tf.tidy(() => void call(named))),
  );
  for (const tensor of tensors.values()) tensor.dispose();
  return { name: `TensorFlow.js ${tf.version_core}, ${tf.getBackend()}`, samples, outputs };
}
