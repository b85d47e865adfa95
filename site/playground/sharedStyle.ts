/** The colours and drawings that the page shares with reports. */
import { PALETTE } from "../../src/report/palette.js";
import { NEST } from "../../src/report/style.js";

export const SHARED_STYLE = `${PALETTE}\n${NEST}`;
