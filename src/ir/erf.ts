/**
 * The error function erf(x), the integral of 2 / sqrt(pi) * exp(-t^2) from 0 to x, in float64.
 *
 * It is the meaning of `erf`, so it is exact rather than fast: a power series where that converges soon, and a
 * continued fraction elsewhere. Numbers of formulas are those of NIST's Digital Library of Mathematical Functions.
 */

/** The error is at most 1e-14 of the result. Odd: `erf(-0)` is -0. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 2) return series(x);
  return Number.isNaN(x) ? x : Math.sign(x) * (1 - complement(size));
}

/** 7.6.2: all terms have one sign, so no digits are lost. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** 7.9.3 on the imaginary axis, from the inside out: 1 - erf(x) for x >= 2. */
function complement(x: number): number {
  if (x > 6) return 0; // less than half of the last place of 1
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
