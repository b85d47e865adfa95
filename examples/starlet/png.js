// @ts-check
/** Pictures in and out of PNG files, as plain arrays of numbers 0..255. */
import { readFileSync, writeFileSync } from "node:fs";
import { PNG } from "pngjs";

/**
 * A grey PNG, as the input of a kernel wants it: one float per pixel, row after row.
 * @param {URL} file
 */
export function readGrey(file) {
  const { width, height, data } = PNG.sync.read(readFileSync(file));
  // The reader always hands out red, green, blue, alpha; in a grey picture the red says it all.
  return { width, height, data: Float32Array.from(data.filter((_, index) => index % 4 === 0)) };
}

/**
 * One value per pixel makes a grey picture, three make a coloured one. Values are rounded, and clamped to 0..255.
 * @param {URL} file
 * @param {number} width
 * @param {Float32Array} values
 * @param {1 | 3} channels
 */
export function writePng(file, width, values, channels = 1) {
  const png = new PNG({ width, height: values.length / width / channels });
  png.data = Buffer.from(Uint8ClampedArray.from(values));
  const colorType = channels === 3 ? 2 : 0;
  writeFileSync(file, PNG.sync.write(png, { colorType, inputColorType: colorType, inputHasAlpha: false }));
}
