/** Windows against the convolution's own words: out[o] takes tap k of in[i] iff i*stride + k*dilation - pad = o. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forwardWindow, transposedWindows, type Window, type WindowShape } from "../../src/ir/ops/convolution.js";
import { SEED } from "../support/effort.js";

const shapes: fc.Arbitrary<WindowShape> = fc.record({
  input: fc.integer({ min: 0, max: 6 }),
  output: fc.integer({ min: 0, max: 12 }),
  kernel: fc.integer({ min: 1, max: 5 }),
  stride: fc.integer({ min: 1, max: 4 }),
  dilation: fc.integer({ min: 1, max: 6 }),
  pad: fc.integer({ min: 0, max: 9 }),
});

/** Triples (output position, input position, filter row), as text. */
function triplesOf({ points, taps, input, at, reads, row }: Window): string[] {
  const found: string[] = [];
  for (let q = 0; q < points; q++) {
    for (let t = 0; t < taps; t++) {
      const read = reads.point * q + reads.tap * t + reads.offset;
      if (read < 0 || read >= input) continue;
      found.push(`${at.scale * q + at.offset} ${read} ${row.scale * t + row.offset}`);
    }
  }
  return found;
}

function expectedTriples({ input, output, kernel, stride, dilation, pad }: WindowShape, transposed: boolean): string[] {
  const found: string[] = [];
  for (let o = 0; o < output; o++) {
    for (let i = 0; i < input; i++) {
      for (let k = 0; k < kernel; k++) {
        const meets = transposed ? i * stride + k * dilation - pad === o : o * stride + k * dilation - pad === i;
        if (meets) found.push(`${o} ${i} ${k}`);
      }
    }
  }
  return found;
}

describe.each([
  ["forward", false, (shape: WindowShape) => [forwardWindow(shape)]],
  ["transposed", true, transposedWindows],
] as const)("%s", (_, transposed, windowsOf) => {
  const check = (property: (shape: WindowShape) => void) =>
    fc.assert(fc.property(shapes, property), { seed: SEED, numRuns: 2000 });

  test("takes exactly the taps that meet the input", () => {
    check((shape) => {
      const found = windowsOf(shape).flatMap(triplesOf);
      expect(found.sort()).toEqual(expectedTriples(shape, transposed).sort());
    });
  });

  test("covers every output position once", () => {
    check((shape) => {
      const positions = windowsOf(shape).flatMap(({ points, at }) =>
        Array.from({ length: Math.max(0, points) }, (_, q) => at.scale * q + at.offset),
      );
      expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: shape.output }, (_, o) => o));
    });
  });
});
