/** Outputs of the model as pictures, and the difference of two as numbers and as a picture. */
import type { Difference, Picture } from "./messages.js";

/** Red, green and blue from no difference to the largest one. */
const COLOURS = [
  [10, 10, 24],
  [74, 36, 138],
  [214, 72, 92],
  [250, 168, 74],
  [255, 246, 214],
] as const;

/** The colour of a number from 0 to 1. */
function colourOf(level: number): readonly number[] {
  const place = level * (COLOURS.length - 1);
  const low = Math.min(Math.floor(place), COLOURS.length - 2);
  const [from, to] = [COLOURS[low] as readonly number[], COLOURS[low + 1] as readonly number[]];
  return from.map((value, i) => value + (place - low) * ((to[i] as number) - value));
}

/** `output` and `reference`: squares with three colours for each pixel, from 0 to 255. */
export function differenceOf(output: Float32Array, reference: Float32Array, size: number): Difference {
  const apart = output.map((value, i) => Math.abs(value - (reference[i] as number)));
  const steps = apart.reduce((most, value) => Math.max(most, value), 0);
  const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const pixels = new Uint8ClampedArray(size * size * 4);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const most = Math.max(...apart.subarray(3 * pixel, 3 * pixel + 3));
    pixels.set([...colourOf(steps > 0 ? most / steps : 0), 255], 4 * pixel);
  }
  return { share: largest > 0 ? steps / largest : 0, steps, picture: { size, pixels } };
}

/** `output`: a square with three colours for each pixel. What is not from 0 to 255 becomes the next that is. */
export function pictureOf(output: Float32Array, size: number): Picture {
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let pixel = 0; pixel < size * size; pixel++) pixels.set(output.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  return { size, pixels };
}
