// @ts-check
/** All pages that are made of what the project has: its compiler, its tests, its documents, what was measured. */
import { comparisonPages } from "./comparison.js";
import { directivePages } from "./directives.js";
import { formulaPages } from "./formulas.js";
import { homePages } from "./home.js";
import { insidePages } from "./inside.js";
import { measuredPages } from "./measured.js";
import { opPages } from "./ops.js";

/** @returns {readonly import("./directives.js").Page[]} */
export const generatedPages = () => [
  ...homePages(),
  ...formulaPages(),
  ...opPages(),
  ...directivePages(),
  ...insidePages(),
  ...measuredPages(),
  ...comparisonPages(),
];
