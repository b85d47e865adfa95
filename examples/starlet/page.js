// @ts-check
/** Draws the pictures, and the page that shows them side by side. */
import { mkdirSync, writeFileSync } from "node:fs";
import { noise } from "./detect.js";
import { outline, relief, stretch } from "./draw.js";
import { writePng } from "./png.js";

/** Outlines by scale, finest first: [red, green, blue]. */
const COLOURS = [
  [56, 189, 248],
  [74, 222, 128],
  [250, 204, 21],
  [251, 113, 36],
  [244, 63, 174],
];

/**
 * @param {URL} folder
 * @param {object} results
 * @param {number} results.width
 * @param {Float32Array} results.photograph
 * @param {Float32Array} results.rebuilt
 * @param {number} results.deviation of the rebuilt picture, in grey levels
 * @param {number} results.sky
 * @param {{ rate: number, smoothed: Float32Array, plane: Float32Array }[]} results.steps
 * @param {{ rate: number, difference: number, verdict: string, compileMs: number, runMs: number }[]} results.checks
 * @param {import("./detect.js").Found[]} results.objects
 * @param {string} results.engine what made them, in words
 * @returns {URL} the page
 */
export function publish(folder, { width, photograph, rebuilt, deviation, sky, steps, checks, objects, engine }) {
  mkdirSync(folder, { recursive: true });
  writePng(new URL("photograph.png", folder), width, photograph);
  writePng(new URL("rebuilt.png", folder), width, rebuilt);
  writePng(new URL("objects.png", folder), 2 * width, outline(photograph, width, objects, COLOURS), 3);

  const scales = steps.map(({ rate, smoothed, plane }, index) => {
    const scale = index + 1;
    const sigma = noise(plane);
    const members = objects.filter((object) => object.scale === index).length;
    writePng(new URL(`smoothed-${scale}.png`, folder), width, stretch(smoothed.map((value) => value + sky)));
    writePng(new URL(`plane-${scale}.png`, folder), width, relief(plane, sigma));
    return `<section>
      <h3>Scale ${scale} <small>rate ${rate}</small></h3>
      ${figure(`smoothed-${scale}.png`, `Smoothed ${scale === 1 ? "once" : `${scale} times`}`)}
      ${figure(`plane-${scale}.png`, `Plane ${scale}, noise ${sigma.toFixed(1)} grey levels`)}
      <p><i style="background: rgb(${COLOURS[index]})"></i> Objects of this scale: ${members}</p>
    </section>`;
  });
  const rows = checks.map(({ rate, difference, verdict, compileMs, runMs }, index) => {
    const times = [compileMs, runMs].map((ms) => `<td>${ms.toFixed(1)} ms`).join("");
    return `<tr><td>${index + 1}<td>${rate}${times}<td>${difference.toPrecision(2)}<td>${verdict}`;
  });

  const found = `${objects.length} objects found: light that stands five standard deviations above the noise in two
    neighbouring planes. The colour tells the scale that holds most of an object's light.`;
  const again = `The last smoothing plus all five planes: the photograph again. Before rounding to 8 bits no pixel is off
    by more than ${deviation.toPrecision(2)} grey levels, after it none is off at all.`;

  const page = new URL("index.html", folder);
  writeFileSync(
    page,
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The starlet transform</title>
<style>${STYLE}</style>
<main>
  <header>
    <h1>The starlet transform</h1>
    <p>A picture, taken apart by the size of what it shows. One 5&times;5 filter smooths it five times over, its taps
    twice as far apart each time: <code>atrousConv2dTranspose</code> at rates 1, 2, 4, 8 and 16. What each smoothing takes
    away is a wavelet plane, and in the planes the objects stand out from the noise.</p>
  </header>
  <div class="pair">
    ${figure("photograph.png", "A crop of the Hubble eXtreme Deep Field (NASA/ESA). Nearly every speck is a galaxy.")}
    ${figure("objects.png", found)}
  </div>
  <h2>Scale by scale</h2>
  <p>Above, the photograph smoothed ever more, its faint parts lifted; below, the light each smoothing took away.
  Beyond the frame the filter sees zeros, so the sky, ${sky} grey levels, was taken off first.</p>
  <div class="scales">${scales.join("\n    ")}</div>
  <h2>Nothing lost, nothing wrong</h2>
  <div class="pair">
    ${figure("rebuilt.png", again)}
    <div>
      <table>
        <tr><th>Scale<th>Rate<th>Compiled in<th>A call<th>Apart<th>Verdict
        ${rows.join("\n        ")}
      </table>
      <p>The photograph as it is, sky and all, smoothed here and by TensorFlow: the sums of all pixels, and the pixels at
      some hundred recorded points. &ldquo;Apart&rdquo; is the largest difference, in grey levels. The first two scales are
      exact in float32 and must be equal; the later ones may differ by what rounding explains. The times are those of one
      call each, on one thread of ${engine}; the first kernel also waits for the compiler to load.</p>
    </div>
  </div>
</main>
`,
  );
  return page;
}

/** @param {string} file @param {string} caption */
function figure(file, caption) {
  return `<figure><a href="${file}"><img src="${file}" alt="${caption}"></a><figcaption>${caption}</figcaption></figure>`;
}

const STYLE = `
  :root { color-scheme: light dark; --page: #f7f7f5; --ink: #1c1d22; --soft: #62646e; --line: #dcdcd8; }
  @media (prefers-color-scheme: dark) {
    :root { --page: #0e0f13; --ink: #e8e8ea; --soft: #9a9ca8; --line: #2a2c34; }
  }
  * { box-sizing: border-box; margin: 0; }
  body { background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
  main { max-width: 1240px; margin: auto; padding: 56px 24px 80px; }
  header { max-width: 44em; margin-bottom: 36px; }
  h2 + p { margin-bottom: 20px; }
  h1 { font-size: 2.4rem; line-height: 1.15; letter-spacing: -0.02em; margin-bottom: 12px; }
  h2 { font-size: 1.4rem; letter-spacing: -0.01em; margin: 56px 0 16px; }
  h3 { font-size: 1rem; margin-bottom: 8px; }
  small, figcaption, section p, table + p { color: var(--soft); font-size: 0.875rem; font-weight: normal; }
  code { font: 0.9em ui-monospace, monospace; }
  .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 28px; }
  .scales { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 20px; }
  figure { margin-bottom: 12px; }
  img { display: block; width: 100%; border-radius: 8px; }
  figcaption { margin-top: 8px; }
  i { display: inline-block; width: 0.7em; height: 0.7em; border-radius: 50%; outline: 1px solid var(--line); }
  table { width: 100%; border-collapse: collapse; margin-bottom: 16px; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
`;
