/** The roofline of a kernel that was explained, as a figure of its page. */
import type { Explanation } from "../codegen/explanation.js";
import { explainedRoofline, rooflineCaption } from "./explained.js";
import type { Markup } from "./html.js";
import { drawFigure } from "./svg.js";

/** Undefined if there is nothing to compute. */
export async function explainedFigure(explanation: Explanation): Promise<Markup | undefined> {
  const spec = explainedRoofline(explanation, []);
  const caption = rooflineCaption(explanation);
  return spec && drawFigure(spec, caption, caption);
}
