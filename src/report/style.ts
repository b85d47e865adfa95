/** The one stylesheet of the page. */
import { PALETTE } from "./palette.js";

const PAGE = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; padding: 3.5rem 1.5rem 5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
body > * { max-width: 68rem; margin-inline: auto; }
h1, h2, h3, p, figure, ul, dl, dd { margin: 0; }
h1, h2, h3 { line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2rem; }
h2 { font-size: 1.4rem; }
h3 { font-size: 1rem; }
h1, h2, h3, td, th, code, li, p { unicode-bidi: isolate; }
a { color: var(--tuned); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--tuned); outline-offset: 2px; }
code, .opening { font-family: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace; }
p { max-width: 46rem; overflow-wrap: anywhere; }
.muted, figcaption, .about { color: var(--muted); }
header .about { margin-top: 0.4rem; }
nav { margin-top: 1.75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.35rem 1.25rem; padding: 0; list-style: none; font-size: 0.9rem; }
nav li { max-width: 20rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
section { margin-top: 3.5rem; display: grid; gap: 1.5rem; }
section > *, .pair > *, .block > * { min-width: 0; }
section.shape { padding-top: 2.25rem; border-top: 1px solid var(--line); }
.lead { display: grid; gap: 0.35rem; }
.lead .about { font-size: 0.9rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1.25rem 1.5rem; }
.facts dt { font-size: 0.8rem; color: var(--muted); }
.facts dd { font-size: 1.5rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.facts small { display: block; font-size: 0.8rem; font-weight: 400; color: var(--muted); white-space: nowrap; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem; align-items: start; }
.block { display: grid; gap: 0.75rem; }
.pair > p, .notes { font-size: 0.9rem; color: var(--muted); }
`;

const CARDS = `
figure, .card { background: var(--surface); border: 1px solid var(--line); border-radius: 0.6rem; }
figure { padding: 1rem 1.1rem 1.1rem; display: grid; gap: 0.75rem; max-width: 37rem; }
figure > * { min-width: 0; }
figcaption { font-size: 0.85rem; line-height: 1.5; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0.9rem 1.1rem 0; color: var(--muted); font-size: 0.85rem; }
th, td { padding: 0.55rem 0.8rem; text-align: left; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 1.1rem; }
th:last-child, td:last-child { padding-right: 1.1rem; }
thead th { font-size: 0.78rem; font-weight: 500; color: var(--muted); vertical-align: bottom; line-height: 1.35; }
tbody tr, tfoot tr { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
tfoot tr { border-top-width: 2px; }
tfoot th, tfoot td { font-weight: 600; }
thead button { all: unset; cursor: pointer; }
thead button:focus-visible, nav input:focus-visible { outline: 2px solid var(--tuned); outline-offset: 2px; }
[aria-sort="ascending"] button::after { content: " ↑"; }
[aria-sort="descending"] button::after { content: " ↓"; }
nav input {
  font: inherit; width: min(100%, 20rem); margin-bottom: 0.75rem; padding: 0.35rem 0.6rem; color: var(--ink);
  background: var(--surface); border: 1px solid var(--line); border-radius: 0.4rem;
}
nav input::placeholder { color: var(--muted); opacity: 1; }
[hidden] { display: none !important; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
thead .words { min-width: 0; }
.number small { display: block; color: var(--muted); font-size: 0.75rem; font-weight: 400; }
.words { min-width: 7.5rem; max-width: 24rem; overflow-wrap: anywhere; }
.knobs { min-width: 14rem; overflow-wrap: anywhere; font-size: 0.8rem; line-height: 1.5; }
tbody .knobs { font-weight: 400; }
.knobs .tag { margin-left: 0.35rem; }
.tag {
  display: inline-block; padding: 0 0.45em; border-radius: 1em; border: 1px solid currentColor; white-space: nowrap;
  font: 500 0.72rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
.tag.tuned { color: var(--tuned); }
.tag.untuned { color: var(--untuned); }
`;

/** The style of `nestBoxes`, which other pages draw as well. */
export const NEST = `
.nest { font-size: 0.8rem; line-height: 1.5; }
.nest ul { list-style: none; padding: 0; display: grid; gap: 0.3rem; }
.nest code { white-space: pre-wrap; overflow-wrap: anywhere; }
.nest .line, .nest .opening { min-width: 24ch; }
.nest .line { padding: 0 0.5rem; }
.box {
  --kind: var(--for); min-width: min-content; padding: 0.25rem 0.3rem 0.3rem 0.6rem; border: 1px solid var(--line);
  border-left: 3px solid var(--kind); border-radius: 0.35rem; background: color-mix(in srgb, var(--kind) 5%, var(--surface));
}
.box > ul { margin-top: 0.3rem; }
.opening > code { font-weight: 600; }
.opening .tag { color: var(--kind); }
.share {
  margin-left: 0.75rem; color: var(--muted); font-size: 0.75rem; white-space: nowrap; font-variant-numeric: tabular-nums;
}
.share meter { width: 4rem; margin-right: 0.4rem; vertical-align: middle; }
.share .reach { margin-left: 0.4rem; }
.kind-unrolled { --kind: var(--unrolled); }
.kind-peeled { --kind: var(--unrolled); }
.kind-vectorized { --kind: var(--vectorized); }
.kind-parallel { --kind: var(--parallel); }
.kind-workgroup, .kind-invocation { --kind: var(--gpu); }
.kind-if, .kind-else { --kind: var(--guard); border-style: dashed; border-left-style: solid; }
.kind-alloc, .kind-kernel, .kind-other { --kind: var(--line); }
.kind-if > .opening > code, .kind-else > .opening > code, .kind-alloc > .opening > code { font-weight: 400; color: var(--muted); }
summary { cursor: pointer; font-size: 0.9rem; color: var(--tuned); }
details[open] > summary { margin-bottom: 0.75rem; }
`;

const NARROW_AND_PRINT = `
@media (max-width: 40rem) {
  body { padding: 2rem 1rem 3rem; }
  h1 { font-size: 1.6rem; }
  figure { padding: 0.75rem; }
  section { margin-top: 2.5rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  html { font-size: 11px; }
  body { padding: 0; }
  nav { display: none; }
  figure, tr, .facts { break-inside: avoid; }
  h2, h3, .lead { break-after: avoid; }
  section.shape { break-before: page; border-top: 0; padding-top: 0; margin-top: 0; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;

export const STYLE = [PALETTE, PAGE, CARDS, NEST, NARROW_AND_PRINT].join("\n");
