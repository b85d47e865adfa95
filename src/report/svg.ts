/**
 * Draws Vega-Lite charts as SVG inside the page. The SVG scales with its place, and a screen reader sees one picture.
 */
import { parse, View, type ViewOptions } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { html, type Markup, trusted } from "./html.js";

/**
 * A chart with its caption.
 * @param label the content of the chart in words, for screen readers
 */
export async function drawFigure(spec: TopLevelSpec, label: string, caption: string): Promise<Markup> {
  const chart = await drawChart(spec, label);
  return html`<figure>${chart}<figcaption>${caption}</figcaption></figure>`;
}

/**
 * The chart alone.
 * @param expr evaluates expressions where a page's policy allows no code from text; vega-interpreter has it
 */
export async function drawChart(spec: TopLevelSpec, label: string, expr?: ViewOptions["expr"]): Promise<Markup> {
  const runtime = parse(compile(spec).spec, undefined, { ast: expr !== undefined });
  const view = new View(runtime, { renderer: "none", ...(expr ? { expr } : {}) });
  const svg = await view.toSVG();
  view.finalize();
  const [, viewBox = ""] = /viewBox="([^"]*)"/.exec(svg) ?? [];
  // The first tag that Vega writes has a fixed size, and namespaces that HTML does not need.
  const body = svg.replace(/^<svg[^>]*>/, "").replace(/<\/svg>$/, "");
  return html`<svg viewBox="${viewBox}" role="img" aria-label="${label}">${trusted(withTitles(body))}</svg>`;
}

/** Shows the description of a mark where a pointer rests on it. Vega writes it, escaped, for screen readers alone. */
const withTitles = (svg: string): string =>
  svg
    .replace(/(<g class="[^"]*") role="graphics-\w+" aria-roledescription="[^"]*"/g, "$1")
    .replace(
      /<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*"([^>]*)\/>/g,
      (_, description: string, rest: string) => `<path${rest}><title>${description}</title></path>`,
    );
