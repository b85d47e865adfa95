// @ts-check
/** Finds the objects of a picture in its wavelet planes. */

/**
 * @typedef {object} Found
 * @property {number[]} pixels the pixels it covers, as indices
 * @property {number} scale the plane that holds most of its light: a fine one if it is small, a coarse one if it is large
 */

/** Light is significant where it stands this many standard deviations above the noise ... */
const THRESHOLD = 5;
/** ... and an object once it covers this many pixels. */
const SMALLEST = 5;

/** @param {Float32Array} values */
export function median(values) {
  return Number(values.toSorted()[values.length >> 1]);
}

/**
 * The standard deviation of the noise in a plane. Most of the sky holds nothing but noise, so the median of |w| is
 * that of the noise, whatever the objects do; the factor turns it into sigma, if the noise is Gaussian.
 * @param {Float32Array} plane
 */
export function noise(plane) {
  return 1.4826 * median(plane.map(Math.abs));
}

/**
 * @param {Float32Array[]} planes
 * @param {number} width
 */
export function detect(planes, width) {
  const levels = planes.map((plane) => THRESHOLD * noise(plane));
  /** @param {number} pixel */
  const isLight = (pixel) => {
    const bright = planes.map((plane, j) => Number(plane[pixel]) > Number(levels[j]));
    // Noise rarely repeats from one scale to the next and light does: two neighbouring scales must agree.
    return bright.some((here, j) => here && bright[j + 1]);
  };
  const light = new Set(Array.from(planes[0] ?? [], (_, pixel) => pixel).filter(isLight));

  /** @type {Found[]} */
  const objects = [];
  for (const seed of light) {
    light.delete(seed);
    const pixels = [seed];
    // The list grows while it is walked: that is how the object fills from its first pixel.
    for (const pixel of pixels) {
      for (const neighbour of neighbours(pixel, width)) {
        if (light.delete(neighbour)) pixels.push(neighbour);
      }
    }
    if (pixels.length < SMALLEST) continue;
    const shares = planes.map((plane) => pixels.reduce((share, pixel) => share + Number(plane[pixel]), 0));
    objects.push({ pixels, scale: shares.indexOf(Math.max(...shares)) });
  }
  return objects;
}

/**
 * The pixels left, right, above and below: -1 beyond the left and right edges, no pixel's index beyond the others.
 * @param {number} pixel
 * @param {number} width
 */
export function neighbours(pixel, width) {
  const column = pixel % width;
  return [column > 0 ? pixel - 1 : -1, column < width - 1 ? pixel + 1 : -1, pixel - width, pixel + width];
}
