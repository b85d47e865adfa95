/** The sketch for stages that no other can read, on CPUs: loops in the order of the axes. Right, and never refused. */
import { liveTerms } from "../../ir/work.js";
import { sketchOf, type View } from "./sketch.js";

/** Instructions of a term that shares nothing with its neighbours. */
const TERM = 20;

export const IN_ORDER = sketchOf<View, Record<string, never>>({
  name: "in order",
  read: (access, { workgroups }) => (workgroups ? [] : [{ name: "in order", access }]),
  picks: () => [{}],
  all: () => [{}],
  cycles: (_, { access }) => TERM * liveTerms(access.stage),
  directives: () => [],
});
