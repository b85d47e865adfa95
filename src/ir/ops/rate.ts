/** The distance between taps in pixels: on both axes, or between rows and between columns. */
export type Rate = number | readonly [rows: number, columns: number];

/** For example `2`, or `2x3`. */
export const rateText = (rate: Rate): string => (typeof rate === "number" ? `${rate}` : rate.join("x"));
