// @ts-check
/** Turns numbers into brightness and colour. */
import { neighbours } from "./detect.js";

/**
 * Brightness with the faint parts lifted, as the eye would like it.
 * @param {Float32Array} picture
 */
export function stretch(picture) {
  return picture.map((value) => Math.sqrt(255 * Math.max(0, value)));
}

/**
 * A wavelet plane: grey where there is nothing, lighter where there is more light than around, darker where less.
 * The noise stays faint and the brightest object just fits.
 * @param {Float32Array} plane
 * @param {number} sigma of its noise
 */
export function relief(plane, sigma) {
  const full = Math.asinh(255 / (3 * sigma));
  return plane.map((w) => 128 + (127 * Math.asinh(w / (3 * sigma))) / full);
}

/**
 * The picture twice as large and in colour, the rim of each object drawn in the colour of its scale.
 * @param {Float32Array} picture
 * @param {number} width
 * @param {import("./detect.js").Found[]} objects
 * @param {number[][]} colours one for each scale
 */
export function outline(picture, width, objects, colours) {
  const canvas = new Float32Array(12 * picture.length);
  /**
   * @param {number} pixel of the picture
   * @param {number} quarter of that pixel: 0 and 1 above 2 and 3
   * @param {number[]} rgb
   */
  const paint = (pixel, quarter, rgb) => {
    const x = 2 * (pixel % width) + (quarter % 2);
    const y = 2 * Math.floor(pixel / width) + (quarter >> 1);
    canvas.set(rgb, 3 * (y * 2 * width + x));
  };
  picture.forEach((value, pixel) => {
    for (const quarter of [0, 1, 2, 3]) paint(pixel, quarter, [value, value, value]);
  });
  // The two quarters along each side of a pixel.
  const sides = [
    [0, 2], // left
    [1, 3], // right
    [0, 1], // above
    [2, 3], // below
  ];
  for (const { pixels, scale } of objects) {
    const inside = new Set(pixels);
    for (const pixel of pixels) {
      for (const [side, neighbour] of neighbours(pixel, width).entries()) {
        if (inside.has(neighbour)) continue;
        // Both sides of the rim: half a pixel alone fades where the page shows the picture smaller than it is.
        const isThere = neighbour >= 0 && neighbour < picture.length;
        for (const quarter of sides[side] ?? []) paint(pixel, quarter, colours[scale] ?? []);
        if (isThere) for (const quarter of sides[side ^ 1] ?? []) paint(neighbour, quarter, colours[scale] ?? []);
      }
    }
  }
  return canvas;
}
