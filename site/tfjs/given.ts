/** Pictures for the model: squares of one size, out of any picture. */
import type { Picture } from "./messages.js";

/** Pixels of a side. */
const SIZE = 96;

/** A square of a picture: its corner and its side, in pixels. */
interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

function cut(image: ImageBitmap, { x, y, side }: Square): Picture {
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, x, y, side, side, 0, 0, SIZE, SIZE);
  return { size: SIZE, pixels: context.getImageData(0, 0, SIZE, SIZE).data };
}

/** Galaxies of the photograph by Hubble, pixel by pixel. */
export async function hubble(): Promise<Picture> {
  const response = await fetch("hubble.png");
  return cut(await createImageBitmap(await response.blob()), { x: 26, y: 84, side: SIZE });
}

/**
 * The square in the middle of a file.
 * @throws DOMException if it is no picture
 */
export async function pictureIn(file: File): Promise<Picture> {
  const image = await createImageBitmap(file);
  const side = Math.min(image.width, image.height);
  return cut(image, { x: (image.width - side) / 2, y: (image.height - side) / 2, side });
}
