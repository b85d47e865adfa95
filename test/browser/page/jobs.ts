/** What the page does in the browser, as data that both sides of the wire know. */
import type { CompileOptions, OpSpec } from "tilewright";

/** A call of the library and what came of it. */
export interface CallReport {
  readonly title: string;
  readonly tier: string;
  /** Whether the result is the definition's, bit for bit. */
  readonly isRight: boolean;
}

export interface Report {
  readonly tiers: readonly string[];
  readonly isolated: boolean;
  readonly calls: readonly CallReport[];
  /** What the page's policy forbade, in the browser's words. */
  readonly violations: readonly string[];
  /** Whatever was thrown; nothing should be. */
  readonly error: string | null;
}

export const SPECS: Readonly<Record<string, OpSpec>> = {
  same: { op: "atrousConv2dTranspose", value: [1, 9, 11, 5], filters: [3, 3, 6, 5], rate: 2, padding: "SAME" },
  valid: {
    op: "atrousConv2dTranspose",
    value: [2, 4, 5, 3],
    filters: [2, 4, 9, 3],
    rate: 3,
    padding: "VALID",
    bias: true,
    activation: "relu",
  },
  forward: { op: "conv2d", value: [1, 12, 13, 8], filters: [3, 3, 8, 16], rate: 2, padding: "SAME", bias: true },
  single: { op: "atrousConv2dTranspose", value: [1, 1, 300, 1], filters: [1, 3, 1, 1], rate: 4, padding: "SAME" },
  empty: { op: "atrousConv2dTranspose", value: [1, 4, 5, 0], filters: [3, 3, 3, 0], rate: 1, padding: "SAME" },
  /** Enough work to wake somebody up for. */
  large: { op: "atrousConv2dTranspose", value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, padding: "SAME" },
};

const WAYS: readonly CompileOptions[] = [
  {},
  { target: "wasm" },
  { target: "wasm", features: { simd: "simd128", hoistsLoads: true } },
  { target: "wasm", features: { simd: "none" } },
  { target: "wasm", threads: 3 },
  { target: "js" },
  { target: "plain" },
];

/** The ways to compile a spec; interpreting much work takes long and shows nothing new. */
export const waysOf = (title: string): readonly CompileOptions[] =>
  WAYS.filter(({ target }) => title !== "large" || target !== "plain");
