/** The pictures: what the model was given beside what it made, and how far that is from TensorFlow.js' own. */
import { byId } from "./elements.js";
import type { Difference, Picture, Way } from "./messages.js";

const before = byId("before", HTMLCanvasElement);
const after = byId("after", HTMLCanvasElement);
const difference = byId("difference", HTMLCanvasElement);
const compare = byId("compare", HTMLElement);
const split = byId("split", HTMLInputElement);

const moveSplit = () => compare.style.setProperty("--split", `${split.value}%`);
split.addEventListener("input", moveSplit);
moveSplit();

function draw(canvas: HTMLCanvasElement, { size, pixels }: Picture): void {
  Object.assign(canvas, { width: size, height: size });
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, size), 0, 0);
}

export function showGiven(picture: Picture): void {
  draw(before, picture);
}

export function showMade(way: Way, given: number, made: Picture, apart: Difference): void {
  draw(after, made);
  draw(difference, apart.picture);
  byId("sizes", HTMLElement).textContent =
    `${given} × ${given} pixels became ${made.size} × ${made.size}. Drag the line, or move it with the arrow keys.`;
  byId("apart", HTMLElement).textContent = way === "off" ? "These are TensorFlow.js' own kernels." : sentenceOn(apart);
}

/** An output on a screen has 255 steps. */
function sentenceOn({ share, steps }: Difference): string {
  if (steps === 0) return "Not one number differs from those of TensorFlow.js' own kernels.";
  const times = Math.round(255 / steps).toLocaleString("en", { maximumSignificantDigits: 2 });
  return (
    `Differences from TensorFlow.js' own kernels, ${times} times as bright as they are. The largest is ` +
    `${share.toExponential(1)} of the largest output, or ${steps.toPrecision(1)} of one of 255 steps of a colour.`
  );
}
