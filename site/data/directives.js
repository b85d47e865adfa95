// @ts-check
/** Examples of directives for their pages: what is added to which schedule, and what a reader should see. */

/**
 * @typedef {object} Example
 * @property {string} title
 * @property {string} [note] what to look at
 * @property {readonly Directive[]} [before] directives that both schedules have
 * @property {readonly Directive[]} directives
 * @property {"vectors" | "threads" | "gpu"} [target]
 * @property {"signal" | "pair"} [on] which formula
 * @property {string} [shows] the pass that removes the mark which the directive leaves
 */

/** @typedef {import("../../build/codegen/index.js").Directive} Directive */

/** One stage: seven points, three taps, two channels become four. */
export const SIGNAL = /** @type {const} */ ({
  formula: "output[x, c] = sum(k, i: signal[x + k - 1, i] * filters[k, i, c]) for x < 7",
  tensors: { signal: [7, 2], filters: [3, 2, 4] },
  weights: ["filters"],
});

/** Two stages, of which the second reads what the first writes. */
export const PAIR = /** @type {const} */ ({
  formula: `hidden[x, c] = relu(sum(k: signal[x + k] * filters[k, c])) for x < 14
output[x] = sum(c: hidden[x, c] * mix[c])`,
  tensors: { signal: [16], filters: [3, 4], mix: [4] },
  weights: ["filters", "mix"],
});

/** @type {(by: number, tail: "guard" | "roundUp" | "shiftInwards") => Directive} */
const tiles = (by, tail) => ({ do: "split", axis: "x", by, into: ["xo", "xi"], tail });
/** @type {Directive} */
const TILE_ORDER = { do: "reorder", axes: ["xo", "k", "i", "xi", "c"] };

/**
 * The schedule of the kernel that ARCHITECTURE.md takes along its road.
 * @type {import("../../build/codegen/index.js").Schedule}
 */
export const ROAD = {
  output: [
    tiles(2, "roundUp"),
    { do: "reorder", axes: ["xo", "i", "k", "xi", "c"] },
    { do: "unroll", axis: "xi" },
    { do: "partition", axis: "k" },
    { do: "vectorize", axis: "c" },
  ],
};

/** @type {Readonly<Record<string, readonly Example[]>>} */
export const EXAMPLES = {
  split: [
    {
      title: "A tail with a guard",
      note:
        "Seven points are two tiles of four, and the second has one point too many. A guard keeps it from being " +
        "summed and stored.",
      directives: [tiles(4, "guard")],
    },
    {
      title: "A tail that is rounded up",
      note:
        "The point too many is summed and not stored. Its reads must stay inside the buffers, which the guard " +
        "of the padding sees to.",
      directives: [tiles(4, "roundUp")],
    },
    {
      title: "A tail that moves inwards",
      note: "The last tile begins at point 3 and computes a point twice. No guard is needed for the tail.",
      directives: [tiles(4, "shiftInwards")],
    },
  ],
  fuse: [
    {
      title: "Two loops as one",
      note: "Where one loop is too short to be tiled or shared well, two of them make a longer one.",
      directives: [{ do: "fuse", axes: ["x", "c"], into: "p" }],
    },
  ],
  reorder: [
    {
      title: "A register tile",
      note:
        "Loops of the output inside the outermost loop of the sum index the accumulators. Here these are " +
        "eight: two points by four channels. " +
        "Each filter that is read serves two points then, and each point four channels.",
      before: [tiles(2, "roundUp")],
      directives: [TILE_ORDER],
    },
  ],
  unroll: [
    {
      title: "The points of a tile, written out",
      note: "Only what is written out can stay in registers: each accumulator becomes a local of its own.",
      before: [tiles(2, "roundUp"), TILE_ORDER],
      directives: [{ do: "unroll", axis: "xi" }],
      shows: "unrollLoops",
    },
  ],
  vectorize: [
    {
      title: "Four channels at once",
      note: "Neighbours in memory become one load, and a number that does not move with the loop becomes a splat.",
      before: [tiles(2, "roundUp"), TILE_ORDER],
      directives: [{ do: "vectorize", axis: "c" }],
      shows: "vectorizeLoops",
    },
  ],
  parallel: [
    {
      title: "Points that threads share",
      note: "The function takes a range of the loop. A worker that is done asks for the next part.",
      target: "threads",
      directives: [{ do: "parallel", axis: "x" }],
    },
  ],
  partition: [
    {
      title: "Tiles that need no guard",
      note:
        "Most tiles of an image meet no padding. They get a body without guards, behind one test of their worst " +
        "point.",
      before: [tiles(2, "roundUp"), TILE_ORDER],
      directives: [{ do: "partition", axis: "k" }],
      shows: "partitionLoops",
    },
  ],
  peel: [
    {
      title: "The edges, written out",
      note:
        "The tiles before and after the steady state are unrolled, so their guards are decided while compiling. " +
        "That makes longer code.",
      before: [tiles(2, "roundUp"), TILE_ORDER],
      directives: [{ do: "peel", axis: "xo" }],
      shows: "partitionLoops",
    },
  ],
  bind: [
    {
      title: "A point for each invocation",
      note:
        "On a GPU the outer loops are workgroups and the inner ones invocations. All invocations of a workgroup " +
        "can share its memory.",
      target: "gpu",
      directives: [
        { do: "bind", axis: "x", to: "workgroup.x" },
        { do: "bind", axis: "c", to: "invocation.x" },
      ],
    },
  ],
  accumulate: [
    {
      title: "A sum in parts",
      note:
        "Each tap adds its part to what lies in memory. The first part begins at zero, and the last one writes " +
        "the output.",
      directives: [{ do: "accumulate", at: "k" }],
    },
  ],
  pack: [
    {
      title: "Filters in the order of the loops",
      note:
        "The copy is made in prepare, once per set of weights. The loops then read it from its beginning to its " +
        "end.",
      before: [tiles(2, "roundUp"), TILE_ORDER],
      directives: [{ do: "pack", buffer: "filters", layout: ["i", "k", "c"] }],
    },
  ],
  computeAt: [
    {
      title: "One stage in the loops of another",
      note:
        "Two kernels become one. The buffer between them shrinks from all points to the one that an iteration " +
        "needs, so it never " +
        "leaves the registers.",
      on: "pair",
      directives: [{ do: "computeAt", stage: "output", at: "x" }],
    },
  ],
  cache: [
    {
      title: "The box that a point reads",
      note: "Three neighbours are copied once for a point, and read for each of its channels.",
      directives: [{ do: "cache", buffer: "signal", at: "x", space: "local" }],
    },
    {
      title: "A copy that a workgroup shares",
      note:
        "With a layout the copy has an element for each read, in the order of reading, and zeros where the sum " +
        "leaves a term out.",
      target: "gpu",
      before: [
        tiles(4, "guard"),
        { do: "reorder", axes: ["xo", "xi", "i", "k", "c"] },
        { do: "bind", axis: "xo", to: "workgroup.x" },
        { do: "bind", axis: "xi", to: "invocation.x" },
      ],
      directives: [{ do: "cache", buffer: "signal", at: "i", space: "workgroup", layout: ["k", "xi"] }],
    },
  ],
};
