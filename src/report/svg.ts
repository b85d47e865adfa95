/** Vega-Lite to SVG that stands in a page: it scales with its place and is one picture to a screen reader. */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { html, type Markup, trusted } from "./html.js";

/** The picture; `label` says in words what it shows. */
export async function drawChart(spec: TopLevelSpec, label: string): Promise<Markup> {
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  const [, viewBox = ""] = /viewBox="([^"]*)"/.exec(svg) ?? [];
  // Vega's own first tag has a fixed size, and namespaces that HTML does without.
  const body = svg.replace(/^<svg[^>]*>/, "").replace(/<\/svg>$/, "");
  return html`<svg viewBox="${viewBox}" role="img" aria-label="${label}">${trusted(body)}</svg>`;
}
