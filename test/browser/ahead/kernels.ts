/** Kernels that are defined where they are used. */
import { defineKernel } from "tilewright";

const CHANNELS = 12;

export const inSource = defineKernel({
  op: "atrousConv2dTranspose",
  value: [1, 7, 8, CHANNELS],
  filters: [2, 3, 4, CHANNELS],
  rate: 3,
  padding: "VALID",
  bias: true,
} as const);
