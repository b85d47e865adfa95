// @ts-check
/**
 * A board: memory in which a thread that cannot wait for messages shares the iterations of a loop with parked workers.
 *
 * A parked worker sleeps in `Atomics.wait` and reads no messages. To share a loop the caller writes it on the board and
 * wakes the workers. Whoever comes while the loop is open takes iterations; nobody waits for one that does not come.
 * Workers leave the board, for their messages, once its epoch has passed or if they do not know a loop's code.
 *
 * @typedef {(code: number, entry: number) => ((...parameters: number[]) => void) | undefined} Find finds a function
 */
import { takeChunks } from "./chunks.js";

/** The places of the board's integers. */
const TURN = 0; // grows with each loop, and whenever workers are called away
const EPOCH = 1; // grows whenever workers are called away
const OPEN = 2; // 1 while a loop may be joined
const ACTIVE = 3; // workers between joining and leaving a loop
const COUNTER = 4; // the first iteration that no thread has taken
const CODE = 5;
const ENTRY = 6; // the place of the function among the entries of its code
const ITERATIONS = 7;
const CHUNK = 8;
const LIMIT = 9; // the number of workers that may join
const JOINED = 10;
const FAILED = 11; // 1 if a worker has failed in this loop
const COUNT = 12; // the number of addresses, which follow
const ADDRESSES = 13;

/** More buffers than any kernel has. */
const MOST_ADDRESSES = 256;

export const newBoard = () =>
  new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (ADDRESSES + MOST_ADDRESSES)));

/** @param {Int32Array} board */
export const epochOf = (board) => Atomics.load(board, EPOCH);

/**
 * Calls all workers away, to their messages.
 * @param {Int32Array} board
 */
export function callAway(board) {
  Atomics.add(board, EPOCH, 1);
  Atomics.add(board, TURN, 1);
  Atomics.notify(board, TURN);
}

/**
 * The caller's side: shares a loop with at most `limit` parked workers, works along, and returns when all is done.
 * Returns false if a worker that had joined failed, or does not end within `patience` milliseconds.
 * @param {Int32Array} board
 * @param {{ code: number, entry: number, addresses: readonly number[], iterations: number, chunk: number }} loop
 * @param {number} limit
 * @param {(begin: number, end: number) => void} runHere
 * @param {number} patience
 */
export function shareLoop(board, { code, entry, addresses, iterations, chunk }, limit, runHere, patience) {
  board[CODE] = code;
  board[ENTRY] = entry;
  board[ITERATIONS] = iterations;
  board[CHUNK] = chunk;
  board[LIMIT] = limit;
  board[JOINED] = 0;
  board[FAILED] = 0;
  board[COUNT] = addresses.length;
  board.set(addresses, ADDRESSES);
  Atomics.store(board, COUNTER, 0);
  Atomics.store(board, OPEN, 1);
  Atomics.add(board, TURN, 1);
  Atomics.notify(board, TURN);
  try {
    takeChunks(runHere, board.subarray(COUNTER), iterations, chunk);
  } finally {
    // A worker joins before it looks whether the loop is open. So once it is closed and none is active, nobody works.
    Atomics.store(board, OPEN, 0);
  }
  return isLeft(board, patience) && Atomics.load(board, FAILED) === 0;
}

/**
 * Waits until no worker is active.
 * @param {Int32Array} board
 * @param {number} patience
 */
function isLeft(board, patience) {
  for (;;) {
    const active = Atomics.load(board, ACTIVE);
    if (active === 0) return true;
    if (Atomics.wait(board, ACTIVE, active, patience) === "timed-out") return false;
  }
}

/**
 * The worker's side: takes part in loops until the epoch has passed or a loop's code is unknown.
 * @param {Int32Array} board
 * @param {number} epoch
 * @param {Find} find
 */
export function takePart(board, epoch, find) {
  // A loop that was opened before the worker came is still worth joining.
  for (let seen = -1; Atomics.load(board, EPOCH) === epoch; ) {
    Atomics.wait(board, TURN, seen);
    seen = Atomics.load(board, TURN);
    if (!join(board, find)) return;
  }
}

/**
 * Takes iterations of the loop that is open, if there is one. Returns false if its code is unknown.
 * @param {Int32Array} board
 * @param {Find} find
 */
function join(board, find) {
  Atomics.add(board, ACTIVE, 1);
  try {
    if (Atomics.load(board, OPEN) === 0) return true;
    const run = find(Number(board[CODE]), Number(board[ENTRY]));
    if (!run) return false;
    if (Atomics.add(board, JOINED, 1) >= Number(board[LIMIT])) return true;
    const addresses = board.slice(ADDRESSES, ADDRESSES + Number(board[COUNT]));
    takeChunks(
      (begin, end) => run(...addresses, begin, end),
      board.subarray(COUNTER),
      Number(board[ITERATIONS]),
      Number(board[CHUNK]),
    );
    return true;
  } catch (error) {
    Atomics.store(board, FAILED, 1);
    throw error;
  } finally {
    Atomics.sub(board, ACTIVE, 1);
    Atomics.notify(board, ACTIVE);
  }
}
