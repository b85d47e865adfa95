// @ts-check
/**
 * Takes chunks of a range from a counter that all threads share, until none is left. A slower thread takes fewer.
 * @param {(begin: number, end: number) => void} run
 * @param {Int32Array} counter one element: the first iteration that nobody has taken
 * @param {number} iterations
 * @param {number} chunk
 */
export function takeChunks(run, counter, iterations, chunk) {
  for (;;) {
    const begin = Atomics.add(counter, 0, chunk);
    if (begin >= iterations) return;
    run(begin, Math.min(iterations, begin + chunk));
  }
}
