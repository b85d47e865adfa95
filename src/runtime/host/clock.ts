/** The clock that calls are timed by. */

const READINGS = 5;

/** The clock's step in milliseconds, the least of a few readings. Browsers round it against timing attacks. */
export function clockStep(): number {
  const steps = Array.from({ length: READINGS }, () => {
    const begin = performance.now();
    let now = begin;
    while (now === begin) now = performance.now();
    return now - begin;
  });
  return Math.min(...steps);
}
