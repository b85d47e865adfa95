/** The op as people write it by hand, on NHWC data with the filters as TensorFlow gives them. SAME padding only. */

/**
 * One output at a time, sum in a plain number.
 * @param {import("tilewright").OpSpec} spec @param {Float32Array} value @param {Float32Array} filters @param {Float32Array} out
 */
export function naiveLoop(
  { value: [batch, height, width, inputs], filters: [kh, kw, outputs], rate },
  value,
  filters,
  out,
) {
  const pt = Math.floor(((kh - 1) * rate) / 2);
  const pl = Math.floor(((kw - 1) * rate) / 2);
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let o = 0; o < outputs; o++) {
          let sum = 0;
          for (let ky = 0; ky < kh; ky++) {
            const iy = y + pt - ky * rate;
            if (iy < 0 || iy >= height) continue;
            for (let kx = 0; kx < kw; kx++) {
              const ix = x + pl - kx * rate;
              if (ix < 0 || ix >= width) continue;
              const v = ((n * height + iy) * width + ix) * inputs;
              const w = ((ky * kw + kx) * outputs + o) * inputs;
              for (let i = 0; i < inputs; i++) sum += value[v + i] * filters[w + i];
            }
          }
          out[((n * height + y) * width + x) * outputs + o] = sum;
        }
}

/**
 * Four output channels at a time: each input is read once for four products. Needs a multiple of four channels.
 * @param {import("tilewright").OpSpec} spec @param {Float32Array} value @param {Float32Array} filters @param {Float32Array} out
 */
export function loopByFour(
  { value: [batch, height, width, inputs], filters: [kh, kw, outputs], rate },
  value,
  filters,
  out,
) {
  const pt = Math.floor(((kh - 1) * rate) / 2);
  const pl = Math.floor(((kw - 1) * rate) / 2);
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let o = 0; o < outputs; o += 4) {
          let a = 0;
          let b = 0;
          let c = 0;
          let d = 0;
          for (let ky = 0; ky < kh; ky++) {
            const iy = y + pt - ky * rate;
            if (iy < 0 || iy >= height) continue;
            for (let kx = 0; kx < kw; kx++) {
              const ix = x + pl - kx * rate;
              if (ix < 0 || ix >= width) continue;
              const v = ((n * height + iy) * width + ix) * inputs;
              const w = ((ky * kw + kx) * outputs + o) * inputs;
              for (let i = 0; i < inputs; i++) {
                const input = value[v + i];
                a += input * filters[w + i];
                b += input * filters[w + inputs + i];
                c += input * filters[w + 2 * inputs + i];
                d += input * filters[w + 3 * inputs + i];
              }
            }
          }
          const at = ((n * height + y) * width + x) * outputs + o;
          out[at] = a;
          out[at + 1] = b;
          out[at + 2] = c;
          out[at + 3] = d;
        }
}
