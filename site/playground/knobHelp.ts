/** A sentence for each knob of a schedule: what it turns. */

/** By the names of knobs, which are those of the compiler's sketches. */
export const KNOB_HELP: Readonly<Record<string, string>> = {
  algorithm: "How sums are computed: term by term, or by Winograd's algorithm with tiles of so many outputs.",
  sketch: "The family of schedules. Each has knobs of its own.",
  view: "Which axes are the rows, the columns and the lanes of a tile, in this order.",
  rows: "Rows of the tile of outputs that are summed at once, in registers.",
  columns: "Columns of that tile. In code with vectors each is a vector.",
  written: "Whether the loops over taps and sums inside a tile are written out.",
  edges: "The loop that gets a body without guards for the inside of the image: that over tiles, or that over taps.",
  outside: "The outermost loops: blocks of columns, or the other axes of the output.",
  unrolled: "Iterations of the innermost loop of the sum that are written out.",
  peeled: "Whether the tiles at the edges, and the taps along a row, are written out.",
  band: "Iterations that each block of columns passes over while they stay in the cache; 0 is all of them.",
  packed: "Whether a factor is copied into the order in which it is read.",
  parallel: "The loop that threads share, and that stands outermost.",
  tiles: "Tiles of Winograd's algorithm that are computed together.",
  stays: "What stays in the first cache: weights of a few output channels, or a few tiles.",
  vectors: "Vectors of four columns that one invocation of the GPU computes.",
  team: "Invocations of a workgroup, each with a row of its own.",
  teamRows: "Invocations of a workgroup along the rows.",
  teamColumns: "Invocations of a workgroup along the columns.",
  depth: "Terms of the sum that a workgroup copies into its memory in one step.",
  lanes: "Neighbouring outputs that one invocation computes as a vector.",
};
