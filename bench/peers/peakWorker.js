// @ts-check
/** The process that takes the machine's peaks, with the flags that the contestants run with: `peakWorker.js true|false`. */
import { peakMeter } from "../peak.js";
import { serve } from "./process.js";

const take = await peakMeter(process.argv[2] === "true");

serve({ take: (/** @type {{ ms: number }} */ { ms }) => take(ms) });
