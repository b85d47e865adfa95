/** The clock that calls are timed by. */

const READINGS = 5;

/** Its step in milliseconds, the least of a few: browsers round it, to hide how long things take. */
export function clockStep(): number {
  const steps = Array.from({ length: READINGS }, () => {
    const begin = performance.now();
    let now = begin;
    while (now === begin) now = performance.now();
    return now - begin;
  });
  return Math.min(...steps);
}
