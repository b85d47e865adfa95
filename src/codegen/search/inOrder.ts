/** The sketch for stages that no other sketch can read, on CPUs: loops in the order of the axes. */
import { liveTerms } from "../../ir/work.js";
import { sketchOf, type View } from "./sketch.js";

/** Instructions of a term that shares no reads with its neighbours. */
const TERM = 20;

export const IN_ORDER = sketchOf<View, Record<string, never>>({
  name: "in order",
  read: (access, { workgroups }) => (workgroups ? [] : [{ name: "in order", access }]),
  picks: () => [{}],
  all: () => [{}],
  cycles: (_, { access }) => TERM * liveTerms(access.stage),
  directives: () => [],
});
