/** The direct algorithm: every sum by definition, on a GPU perhaps in several parts. */
import type { Access } from "../access.js";
import { boundOfSum, DIRECT, type Rewrite } from "./rewrite.js";
import { splitSum } from "./splitSum.js";

const MAX_PARTS = 16;

/** The fewest terms of a part along the axis that is cut. A shorter part is not copied in whole vectors. */
const LEAST_OF_PART = 16;

/** Terms along the axis that is cut into parts. */
const lengthOf = ({ reduce }: Access): number => reduce.findLast(({ role }) => role === "depth")?.extent ?? 0;

export const directRewrite: Rewrite<"direct"> = {
  kind: "direct",
  options(access) {
    const options = [DIRECT];
    const most = Math.min(MAX_PARTS, lengthOf(access) / LEAST_OF_PART);
    for (let parts = 2; parts <= most; parts *= 2) options.push({ kind: "direct", parts });
    return options;
  },
  fits: (access, _, { parts = 1 }) =>
    parts === 1 || (Number.isSafeInteger(parts) && parts > 1 && parts <= lengthOf(access)),
  apply: (program, { parts = 1 }) => (parts === 1 ? program : splitSum(program, parts)),
  bound: boundOfSum,
  describe: (_, { parts = 1 }) => (parts > 1 ? `direct in ${parts} parts` : "direct"),
};
