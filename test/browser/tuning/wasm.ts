/** A page that tunes for WebAssembly and tries nothing else. */
import { endOf, ends, post, tune, tuned } from "./report.js";
import { SMALL } from "./reports.js";

await post(async () => {
  ends.wasm = await endOf(
    tune(SMALL, 1, { level: "balanced" }).then((result) => {
      tuned.wasm = result;
    }),
  );
});
