/** Arrays of several dimensions for tests, in row-major order. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export const stepsOf = (shape: readonly number[]): readonly number[] =>
  shape.map((_, axis) => count(shape.slice(axis + 1)));

/** An array whose elements are computed from their places. The list of the place is the same one each time. */
export function arrayFrom(shape: readonly number[], at: (place: readonly number[]) => number): NdArray {
  const place = shape.map(() => 0);
  const data = new Float32Array(count(shape));
  for (let i = 0; i < data.length; i++) {
    data[i] = at(place);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] as number) + 1;
      if ((place[axis] as number) < (shape[axis] as number)) break;
      place[axis] = 0;
    }
  }
  return { shape, data };
}

/** The element at a place; 0 outside. */
export function elementAt({ shape, data }: NdArray, place: readonly number[]): number {
  let at = 0;
  for (const [axis, size] of shape.entries()) {
    const index = place[axis] as number;
    if (index < 0 || index >= size) return 0;
    at = at * size + index;
  }
  return data[at] as number;
}

/** The array with its axes in another order. */
export function inAxes(from: NdArray, order: readonly number[]): NdArray {
  const steps = stepsOf(from.shape);
  const moves = order.map((axis) => steps[axis] as number);
  return arrayFrom(
    order.map((axis) => from.shape[axis] as number),
    (place) => from.data[moves.reduce((at, step, axis) => at + step * (place[axis] as number), 0)] as number,
  );
}
