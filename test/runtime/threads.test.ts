/** Threads: they share the work of `run`, the result is the one of a single thread, and one that dies takes nothing along. */
import nodeWorkers, { type Worker } from "node:worker_threads";
import { compile, interpret, type OpSpec, ready } from "tilewright";
import { afterEach, describe, expect, test, vi } from "vitest";
import { elementCount } from "../../src/ir/program.js";
import { newBoard, shareLoop } from "../../src/runtime/threads/board.js";
import { takeChunks } from "../../src/runtime/threads/chunks.js";
import { callOf, specWith } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { firstDifference, smallIntegers } from "../support/run.js";

afterEach(() => vi.restoreAllMocks());

/** Bit by bit, and in few words where they differ. */
function expectSame(actual: Float32Array, expected: Float32Array): void {
  expect(firstDifference([...actual], [...expected])).toBeUndefined();
}

const THREADS = { target: "wasm", threads: 3 } as const;
/** Enough work to wake somebody up for. */
const LARGE = { value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2 } as const;

/** Numbers whose sums round, so that another order of terms would show. */
const fractions = (count: number, seed: number): Float32Array =>
  smallIntegers(count, seed).map((x, i) => (x + 5) / (3 + (i % 7)));

const SPECS: Readonly<Record<string, Partial<OpSpec>>> = {
  "rows are shared": LARGE,
  "blocks of channels are shared": { value: [1, 5, 7, 32], filters: [3, 3, 128, 32] },
  "images are shared": { value: [9, 12, 12, 16], filters: [3, 3, 16, 16], padding: "VALID", bias: true },
  "nothing can be shared": { value: [1, 1, 2000, 16], filters: [1, 5, 16, 16], rate: 3, activation: "relu" },
};

describe.each(Object.entries(SPECS))("%s", (_, change) => {
  test("the same bits as on one thread", async () => {
    const spec = specWith(change);
    const kernel = await compile(spec, THREADS);
    const value = fractions(elementCount(spec.value), 1);
    const bias = spec.bias ? fractions(kernel.outputShape[3], 3) : undefined;
    const weights = kernel.prepare(fractions(elementCount(spec.filters), 2), bias);
    const alone = kernel.runSync(value, weights);
    for (let i = 0; i < 5; i++) {
      kernel.output.fill(Number.NaN);
      expectSame(await kernel.run(value, weights, kernel.output), alone);
      expectSame(await kernel.run(value, weights), alone);
    }
  });

  test("what the definition says", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(change), THREADS);
    expectSame(await kernel.run(value, weights), expected);
  });
});

describe("without a promise", () => {
  test.each(Object.entries(SPECS))(
    "%s: parked threads give the same bits, between calls with a promise",
    async (_, change) => {
      await ready({ threads: 4 });
      const { kernel, weights, value, expected } = await callOf(specWith(change), { target: "wasm", threads: 4 });
      for (let i = 0; i < 30; i++) {
        kernel.output.fill(Number.NaN);
        expectSame(kernel.runSync(value, weights, kernel.output), expected);
        if (i % 10 === 9) expectSame(await kernel.run(value, weights), expected);
      }
    },
  );

  test("kernels in turn, each with code that workers have yet to learn", async () => {
    await ready({ threads: 3 });
    const rates = [1, 2, 3, 4, 5];
    const calls = await Promise.all(rates.map((rate) => callOf(specWith({ ...LARGE, rate }), THREADS)));
    for (let i = 0; i < 4; i++) {
      for (const { kernel, weights, value, expected } of calls) expectSame(kernel.runSync(value, weights), expected);
    }
    for (const { kernel } of calls) kernel.dispose();
  });

  test("workers that run do take part", async () => {
    await ready({ threads: 3 });
    const { kernel, weights, value } = await callOf(specWith({ ...LARGE, value: [1, 96, 96, 16] }), THREADS);
    const share = vi.spyOn(Atomics, "add");
    const parts: number[] = [];
    for (let i = 0; i < 20; i++) {
      share.mockClear();
      kernel.runSync(value, weights);
      parts.push(share.mock.results.length);
    }
    // Chunks that this thread has taken, of twelve and the turn: in some calls workers have taken others.
    expect(Math.min(...parts)).toBeLessThan(13);
  });
});

test("a kernel says on how many threads it runs", async () => {
  expect((await compile(specWith(LARGE), THREADS)).explain()).toContain("3 threads");
  // Too little to wake anybody up for, and languages without threads.
  expect((await compile(specWith(), THREADS)).explain()).toContain("one thread");
  expect((await compile(specWith(LARGE), { ...THREADS, target: "js" })).explain()).toContain("one thread");
});

describe("one memory serves one call at a time", () => {
  test("calls wait for each other, each with its own value and weights", async () => {
    const { kernel, weights, value, filters, expected } = await callOf(specWith(LARGE), THREADS);
    const doubled = kernel.prepare(filters.map((x) => 2 * x));
    const negated = value.map((x) => -x);
    const results = await Promise.all([
      kernel.run(value, weights),
      kernel.run(value, doubled),
      kernel.run(negated, weights),
      kernel.run(negated, doubled),
      kernel.run(value, weights),
    ]);
    for (const [i, factor] of [1, 2, -1, -2, 1].entries()) {
      expectSame(
        results[i] as Float32Array,
        expected.map((x) => factor * x),
      );
    }
  });

  test("what cannot wait is refused while one is under way", async () => {
    const { kernel, weights, value, filters, expected } = await callOf(specWith(LARGE), THREADS);
    const running = kernel.run(value, weights);
    for (const attempt of [() => kernel.runSync(value, weights), () => kernel.prepare(filters)]) {
      expect(errorOf(thrownBy(attempt))).toMatchInlineSnapshot(
        `"invalid-argument: a run() of this kernel is still under way in its memory; await it first"`,
      );
    }
    expectSame(await running, expected);
    expectSame(kernel.runSync(value, weights), expected);
  });

  test.each(["value", "out"] as const)("a %s that is transferred or resized meanwhile is refused", async (name) => {
    const { kernel, weights, value, expected } = await callOf(specWith(LARGE), THREADS);
    const { byteLength } = value;
    // TypeScript's library for this target knows no buffers that can be resized.
    const resizable: ArrayBuffer = Reflect.construct(ArrayBuffer, [byteLength, { maxByteLength: byteLength }]);
    const shrink = () => (resizable as ArrayBuffer & { resize(bytes: number): void }).resize(8);
    const ways: readonly (readonly [Float32Array, (array: Float32Array) => void])[] = [
      [value.slice(), ({ buffer }) => void structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })],
      [new Float32Array(resizable), shrink],
    ];
    for (const [array, change] of ways) {
      const given = { value, out: new Float32Array(expected.length), [name]: array };
      const running = kernel.run(given.value, weights, given.out);
      change(array);
      expect(errorOf(await rejectionOf(running))).toBe(
        `invalid-argument: the array for ${name === "out" ? "output" : name} was transferred or resized while run() ` +
          "was under way; leave arrays alone until its promise is kept",
      );
    }
    expectSame(await kernel.run(value, weights), expected);
  });

  test("a call that is refused leaves the next ones alone", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(LARGE), THREADS);
    const refused = kernel.run(new Float32Array(3), weights);
    expect(errorOf(await rejectionOf(refused))).toMatch(/^invalid-argument/);
    expectSame(await kernel.run(value, weights), expected);
  });
});

test("kernels run side by side, on the same threads", async () => {
  const calls = await Promise.all(
    [1, 2, 3, 4].map((rate) => callOf(specWith({ ...LARGE, rate }), { ...THREADS, threads: 1 + rate })),
  );
  const rounds = [0, 1, 2].flatMap(() => calls.map(({ kernel, weights, value }) => kernel.run(value, weights)));
  const results = await Promise.all(rounds);
  for (const [i, result] of results.entries()) expectSame(result, calls[i % calls.length]?.expected as Float32Array);
});

test("a kernel can be disposed of in the middle of a call, and others go on", async () => {
  const one = await callOf(specWith(LARGE), THREADS);
  const other = await callOf(specWith({ ...LARGE, rate: 1 }), THREADS);
  const running = one.kernel.run(one.value, one.weights);
  one.kernel.dispose();
  expectSame(await running, one.expected);
  expect(errorOf(await rejectionOf(one.kernel.run(one.value, one.weights)))).toMatch(/^disposed/);
  expectSame(await other.kernel.run(other.value, other.weights), other.expected);
});

test("calls that were made before a kernel was disposed of keep their own weights", async () => {
  const { kernel, weights, value, filters, expected } = await callOf(specWith(LARGE), THREADS);
  const doubled = kernel.prepare(filters.map((x) => 2 * x));
  const calls = [weights, doubled, weights].map((set) => kernel.run(value, set));
  kernel.dispose();
  const results = await Promise.all(calls);
  for (const [i, factor] of [1, 2, 1].entries()) {
    expectSame(
      results[i] as Float32Array,
      expected.map((x) => factor * x),
    );
  }
});

describe("a loop on the board", () => {
  test("is not done if a worker that has joined does not end", () => {
    const board = newBoard();
    const loop = { code: 0, entry: 0, addresses: [], iterations: 8, chunk: 2 };
    const ran: number[] = [];
    const share = () => shareLoop(board, loop, 1, (begin) => void ran.push(begin), 10);
    expect(share()).toBe(true);
    expect(ran).toEqual([0, 2, 4, 6]);
    board[3] = 1; // a worker that is active, and was killed
    expect(share()).toBe(false);
  });

  test("that fails says so, and the next call has other workers", async () => {
    vi.resetModules();
    const library = await import("tilewright");
    await library.ready({ threads: 2 });
    const kernel = await library.compile(specWith(LARGE), { target: "wasm", threads: 2 });
    const value = smallIntegers(elementCount(LARGE.value), 1);
    const filters = smallIntegers(elementCount(LARGE.filters), 2);
    const weights = kernel.prepare(filters);
    // A worker that fails leaves a mark on the board, which is the same to the caller as one that hangs.
    const { load } = Atomics;
    const marked = (board: Int32Array, place: number) => (place === 11 ? 1 : load(board, place));
    vi.spyOn(Atomics, "load").mockImplementation(marked as never);
    expect(() => kernel.runSync(value, weights)).toThrow(/^a worker thread failed or hangs/);
    vi.restoreAllMocks();
    await library.ready({ threads: 2 });
    const expected = Float32Array.from(interpret(kernel.spec, value, filters));
    expectSame(kernel.runSync(value, weights), expected);
    expectSame(await kernel.run(value, weights), expected);
    expect(kernel.explain()).toContain("2 threads");
  });
});

describe("a thread that dies", () => {
  const { Worker: RealWorker } = nodeWorkers;

  /** Workers that are started while the library is loaded afresh, so that its pool is empty. */
  async function fresh() {
    vi.resetModules();
    const started: Worker[] = [];
    vi.spyOn(nodeWorkers, "Worker").mockImplementation(function start(...given) {
      const worker = new RealWorker(...given);
      started.push(worker);
      return worker;
    });
    const library = await import("tilewright");
    const kernel = await library.compile(specWith(LARGE), THREADS);
    const value = smallIntegers(elementCount(LARGE.value), 1);
    const filters = smallIntegers(elementCount(LARGE.filters), 2);
    const expected = Float32Array.from(interpret(kernel.spec, value, filters));
    return { kernel, value, weights: kernel.prepare(filters), expected, started };
  }

  test("fails the call that needs it, with a code; the next call starts another", async () => {
    const { kernel, value, weights, expected, started } = await fresh();
    expectSame(await kernel.run(value, weights), expected);
    expect(started.length).toBe(2);
    const running = kernel.run(value, weights);
    const dying = started[0]?.terminate();
    // It may have answered before it ended; but no call may hang, or be wrong.
    const result = await running.catch((error: unknown) => error);
    await dying;
    if (result instanceof Error) expect(result).toMatchObject({ code: "worker-failed" });
    else expectSame(result as Float32Array, expected);
    expectSame(await kernel.run(value, weights), expected);
    expect(started.length).toBe(3);
  });

  test("while it is idle is replaced unnoticed", async () => {
    const { kernel, value, weights, expected, started } = await fresh();
    await kernel.run(value, weights);
    await Promise.all(started.map((worker) => worker.terminate()));
    expectSame(await kernel.run(value, weights), expected);
    expect(started.length).toBe(4);
  });

  test("and where none can be started, the calling thread does it all", async () => {
    const { kernel, value, weights, expected } = await fresh();
    vi.spyOn(nodeWorkers, "Worker").mockImplementation(function none(): never {
      throw new Error("ERR_WORKER_INIT_FAILED");
    });
    for (let i = 0; i < 4; i++) {
      expectSame(await kernel.run(value, weights), expected);
      expect(kernel.explain()).toContain("one thread");
    }
    // Once from its file, and twice for each of two calls from its text; it is not tried again and again.
    expect(nodeWorkers.Worker).toHaveBeenCalledTimes(5);
  });

  test("before it is ready is replaced, and where that happens again and again a warning says so, once", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const { kernel, value, weights, expected } = await fresh();
    const killed = vi.spyOn(nodeWorkers, "Worker").mockImplementation(function kill(...given) {
      const worker = new RealWorker(...given);
      void worker.terminate();
      return worker;
    });
    // Two are started for each call, the first ones from their file and from its text. Three failures are enough.
    for (let i = 0; i < 4; i++) expectSame(await kernel.run(value, weights), expected);
    expect(killed).toHaveBeenCalledTimes(6);
    expect(kernel.explain()).toContain("one thread");
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(
      /^tilewright: worker threads do not start here \(its file: it ended with code \d; its text: it ended/,
    );
  });
});

test("a worker whose file is not to be had is made from the file's text, and no call notices", async () => {
  vi.resetModules();
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const { Worker: RealWorker } = nodeWorkers;
  const started: (string | URL)[] = [];
  vi.spyOn(nodeWorkers, "Worker").mockImplementation(function start(code, options) {
    started.push(code);
    return new RealWorker(code instanceof URL ? new URL("./left-out.js", code) : code, options);
  });
  const library = await import("tilewright");
  const kernel = await library.compile(specWith(LARGE), THREADS);
  const value = smallIntegers(elementCount(LARGE.value), 1);
  const filters = smallIntegers(elementCount(LARGE.filters), 2);
  const weights = kernel.prepare(filters);
  const expected = Float32Array.from(interpret(kernel.spec, value, filters));
  for (let i = 0; i < 3; i++) expectSame(await kernel.run(value, weights), expected);
  await library.ready({ threads: 4 });
  for (let i = 0; i < 3; i++) expectSame(kernel.runSync(value, weights), expected);
  // Two files that are not there, then texts: of those two, and of the one more that four threads take.
  expect(started.map((code) => code instanceof URL)).toEqual([true, true, false, false, false]);
  expect(kernel.explain()).toContain("3 threads");
  expect(warn).not.toHaveBeenCalled();
});

describe("chunks", () => {
  test.each([
    [10, 3],
    [9, 3],
    [1, 4],
    [0, 4],
    [7, 1],
  ])("of %d iterations by %d: every one once, and no empty range", (iterations, chunk) => {
    const seen = new Array<number>(iterations).fill(0);
    const counter = new Int32Array(1);
    takeChunks(
      (begin, end) => {
        expect(end).toBeGreaterThan(begin);
        for (let i = begin; i < end; i++) seen[i] = (seen[i] ?? 0) + 1;
      },
      counter,
      iterations,
      chunk,
    );
    expect(seen).toEqual(new Array<number>(iterations).fill(1));
  });
});
