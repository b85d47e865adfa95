/** The page's worker: it runs the model in the ways that it is told, one after the other, and the page stays alive. */
import { differenceOf, pictureOf } from "./difference.js";
import type { Answer, Order, Reply, Way } from "./messages.js";
import { Upscaler } from "./upscaler.js";

/** A machine's clock and its neighbours change within seconds, so ways take turns. */
const TURNS = 2;
const RUNS_IN_TURN = 5;
/** Engines optimise code while it runs. These runs do not count. */
const WARM_UPS = 2;

/** The number of the newest order. */
let latest = 0;
let served: Promise<void> = Promise.resolve();
let loading: Promise<Upscaler> | undefined;
/** The output of TensorFlow.js' own kernels for the picture. */
let reference: Float32Array | undefined;

type Post = (answer: Answer) => void;

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  const { number } = data;
  latest = number;
  const post: Post = (answer) => postMessage({ number, answer } satisfies Reply);
  served = served.then(async () => {
    try {
      await serve(data, post);
    } catch (error) {
      post({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  });
});

async function serve({ number, picture, ways }: Order, post: Post): Promise<void> {
  const isStale = () => number !== latest;
  loading ??= Upscaler.load();
  const upscaler = await loading;
  if (picture) {
    upscaler.setPicture(picture);
    await upscaler.use("off");
    reference = upscaler.run().output;
  }
  for (let turn = 0; turn < TURNS; turn++) {
    for (const way of ways) {
      await takeTurn(upscaler, way, isStale, post);
      if (isStale()) return;
    }
  }
  post({ kind: "done" });
}

async function takeTurn(upscaler: Upscaler, way: Way, isStale: () => boolean, post: Post): Promise<void> {
  post({ kind: "turn", way });
  await upscaler.use(way);
  for (let run = 0; run < WARM_UPS + RUNS_IN_TURN && !isStale(); run++) {
    const { output, size, milliseconds } = upscaler.run();
    if (run === 0) {
      const difference = differenceOf(output, reference as Float32Array, size);
      post({ kind: "output", way, picture: pictureOf(output, size), difference, kernels: upscaler.kernels });
    }
    if (run >= WARM_UPS) post({ kind: "time", way, milliseconds });
    // Between two runs a newer order can come.
    await new Promise((resolve) => setTimeout(resolve));
  }
}
