/** The direct algorithm on CPUs: tiles of vectors, or of numbers where an engine has no vectors. */
import { sketchStages } from "./heuristics.js";
import { scalarSketch } from "./scalarSketch.js";
import { vectorSketch } from "./vectorSketch.js";

export const directOnCpu = sketchStages(({ lanes }) => (lanes > 1 ? vectorSketch : scalarSketch));
