/** The table of what ran on which kernels. */
import type { KernelReport } from "tilewright/tfjs";
import { byId, element } from "./elements.js";

const NONE = "TensorFlow.js' own kernels run everything.";
const HEADS = ["kernel", "ours", "theirs", "because"];

export function showServed(kernels: readonly KernelReport[]): void {
  const called = kernels.filter(({ ours, theirs }) => ours + theirs > 0);
  byId("served", HTMLElement).replaceChildren(...(called.length > 0 ? tableOf(called) : [element("p", "", NONE)]));
}

function tableOf(kernels: readonly KernelReport[]): HTMLElement[] {
  const head = element("tr", "", ...HEADS.map((text) => element("th", "", text)));
  const rows = kernels.map(({ kernel, ours, theirs, reasons }) => {
    const cells = [String(ours), String(theirs), Object.keys(reasons).join("; ") || "–"];
    return element("tr", "", element("th", "", kernel), ...cells.map((text) => element("td", "", text)));
  });
  return [
    element("p", "", "Calls in one prediction. All other kernels are TensorFlow.js' own."),
    element("table", "", element("thead", "", head), element("tbody", "", ...rows)),
  ];
}
