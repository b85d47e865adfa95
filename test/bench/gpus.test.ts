/** How launches fill GPUs. */
import { expect, test } from "vitest";
import { fill, GPUS } from "../../bench/gpu/judge/gpus.js";

const gpu = (name: string) => GPUS.find((one) => one.name === name) as (typeof GPUS)[number];

test("two waves in each of 72 workgroups leave most of an H100's 528 units without work", () => {
  const launch = { workgroups: 72, invocations: 64, workgroupBytes: 8192 };
  expect(fill(gpu("H100"), launch, null).share).toBeCloseTo(144 / 528);
  expect(fill(gpu("Apple M2"), launch, null).share).toBeCloseTo(0.9); // 16 waves for four units of the processor with most
});

test("what allows no more workgroups on a processor", () => {
  const fillings = (workgroupBytes: number, registers: number | null) =>
    fill(gpu("H100"), { workgroups: 1000, invocations: 128, workgroupBytes }, registers);
  expect(fillings(0, null)).toMatchObject({ waves: 16, limit: "waves" });
  expect(fillings(16_384, null)).toMatchObject({ waves: 13, limit: "memory" });
  expect(fillings(0, 128)).toMatchObject({ waves: 4, limit: "registers" });
  expect(fill(gpu("H100"), { workgroups: 9, invocations: 8, workgroupBytes: 0 }, 8)).toMatchObject({
    waves: 8,
    limit: "workgroups",
  });
});

test("a part of a wave counts by its invocations; nothing to do is no work", () => {
  expect(fill(gpu("H100"), { workgroups: 528, invocations: 16, workgroupBytes: 0 }, null).share).toBeCloseTo(0.5);
  expect(fill(gpu("H100"), { workgroups: 0, invocations: 64, workgroupBytes: 0 }, null).share).toBe(0);
});
