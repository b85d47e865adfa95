/** The worker of a page that measures; the page ends it if a candidate does not return. */
import { Measurer } from "../measurer.js";
import { abilityFor } from "./ability.js";
import type { PageReply, PageRequest } from "./messages.js";

// A page cannot set flags of its engine, so code starts in a lower tier; Node's measurer turns that tier off.
const measurer = new Measurer((reply) => postMessage(reply), true);

const answer = async (request: PageRequest): Promise<PageReply> =>
  request.do === "look" ? { did: "look", ability: await abilityFor(request.language) } : measurer.answer(request);

addEventListener("message", async ({ data }: MessageEvent<PageRequest>) => {
  postMessage(await answer(data));
});

// If several threads share a call that traps, each of them fails, and the call reports one failure. The page need not
// report the others.
addEventListener("unhandledrejection", (event) => event.preventDefault());
