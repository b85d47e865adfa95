/** A page that asks for what its policy or its browser may not have. */
import { tuneHere } from "../../../src/tune/index.js";
import { endOf, ends, post } from "./report.js";
import { SMALL } from "./reports.js";

await post(async () => {
  for (const target of ["js", "webgpu"] as const) ends[target] = await endOf(tuneHere(SMALL, { target, budget: 1 }));
});
