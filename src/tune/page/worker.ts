/** The thread of a page that measures: alone with what it measures, and ended from outside where that does not come back. */
import { Measurer } from "../measurer.js";
import { abilityFor } from "./ability.js";
import type { PageReply, PageRequest } from "./messages.js";

// Pages cannot tell their engine to begin with its best compiler, as Node's measurer does.
const measurer = new Measurer((reply) => postMessage(reply), true);

const answer = async (request: PageRequest): Promise<PageReply> =>
  request.do === "look" ? { did: "look", ability: await abilityFor(request.language) } : measurer.answer(request);

addEventListener("message", async ({ data }: MessageEvent<PageRequest>) => {
  postMessage(await answer(data));
});

// Where several threads share a call that traps, each of them fails, and the call is told of one. The page need not hear of the rest.
addEventListener("unhandledrejection", (event) => event.preventDefault());
