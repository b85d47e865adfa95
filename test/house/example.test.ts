/**
 * The worked example of ARCHITECTURE.md, held to what the compiler makes of it today. Its listings stand between marker
 * comments; `npm run docs` writes them, by running this file with vitest's `--update`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DOCUMENT, replaced } from "../../scripts/architecture.js";
import { chooseAlgorithm, compileProgram } from "../../src/codegen/compile.js";
import { lowerProgram } from "../../src/codegen/lowerProgram.js";
import { printSchedule, type Schedule } from "../../src/codegen/schedule.js";
import { accessOf } from "../../src/ir/access.js";
import { multiply } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { printKernel, printProgram } from "../../src/ir/print.js";
import { elementCount } from "../../src/ir/program.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, stageOf } from "../support/programs.js";
import { functionsOf, machine, runPartOn } from "../support/wasm.js";

const MOST_LINES = 24;
const MOST_COLUMNS = 110;

const CONV = stageOf("conv", {
  space: "x<7 c<4",
  reduce: "k<3 i<2",
  domain: ["x + k - 1", "7 - x - k"],
  term: multiply(at("signal", "x + k - 1", "i"), at("filters", "k", "i", "c")),
  to: ["output", "x", "c"],
});

const PROGRAM = {
  ...programWith(
    [buffer("signal", [7, 2], "input"), buffer("filters", [3, 2, 4], "weights"), buffer("output", [7, 4], "output")],
    [CONV],
  ),
  name: "smooth",
};

const TARGET = machine();

const SCHEDULE: Schedule = {
  conv: [
    { do: "split", axis: "x", by: 2, into: ["xo", "xu"], tail: "roundUp" },
    { do: "reorder", axes: ["xo", "i", "k", "xu", "c"] },
    { do: "unroll", axis: "xu" },
    { do: "partition", axis: "k" },
    { do: "vectorize", axis: "c" },
  ],
};

/** By pass, "nest" first. */
const STEPS: ReadonlyMap<string, string> = (() => {
  const steps = new Map<string, string>();
  lowerProgram(PROGRAM, SCHEDULE, TARGET, { watch: (pass, kernel) => steps.set(pass, printKernel(kernel).trimEnd()) });
  return steps;
})();

const { run: PART } = compileProgram(PROGRAM, { target: TARGET, schedule: SCHEDULE });

const step = (pass: string): string[] => (STEPS.get(pass) as string).split("\n");

/** The guards, numbered as the text speaks of them. */
function marked(lines: readonly string[]): string[] {
  let guards = 0;
  return lines.map((line) => (line.trimStart().startsWith("if ") ? `${line}   <- (${++guards})` : line));
}

/** A row for each axis: its role, and how far one step along it moves in each buffer. */
function roles(): string[] {
  const { space, reduce, factors } = accessOf(CONV, PROGRAM);
  const head = ["axis", "role", ...factors.map(({ buffer }) => buffer), CONV.output.buffer];
  const rows = [...space, ...reduce].map(({ name, role, by, out }) => [name, role, ...by, out].map(String));
  return [head, ...rows].map((row) =>
    row
      .map((cell) => cell.padEnd(9))
      .join("")
      .trimEnd(),
  );
}

/** What the scheduler would have taken. */
function pick(): string[] {
  const candidate = chooseAlgorithm(PROGRAM, TARGET, {});
  const { sketch, view, ...knobs } = candidate.knobs;
  const tile = Object.entries(knobs).map(([name, value]) => `${name} ${value}`);
  return [
    `sketch   ${sketch}`,
    `view     ${view}   (row, columns, lanes)`,
    `knobs    ${tile.join(", ")}`,
    `cycles   ${Math.round(candidate.cycles)}`,
    ...wrapped(printSchedule(candidate.plan().schedule)),
  ];
}

/** A row of directives, broken between two of them. */
function wrapped(row: string): string[] {
  const [first = "", ...parts] = row.split(/(?<=\)) /);
  const lines = [first];
  for (const part of parts) {
    const longer = `${lines.at(-1)} ${part}`;
    if (longer.length <= MOST_COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(`      ${part}`);
  }
  return lines;
}

/** Of the innermost loop the tiles that need no guard: the first branch. */
function steadyState(): string[] {
  const lines = functionsOf(PART.code).split("\n");
  const loop = lines.findLastIndex((line) => line.includes("(loop "));
  const begin = lines.findIndex((line, i) => i > loop && line.includes("(then"));
  const depth = indentOf(lines[begin]);
  const end = lines.findIndex((line, i) => i > begin && indentOf(line) <= depth);
  return joined(lines.slice(begin, end).map((line) => line.slice(depth)));
}

const indentOf = (line = ""): number => line.search(/\S/);

/** Each line with those that are indented under it, where all of that is short. */
function joined(lines: readonly string[]): string[] {
  const [first, ...rest] = lines;
  if (first === undefined) return [];
  const end = rest.findIndex((line) => indentOf(line) <= indentOf(first));
  const [own, others] = end < 0 ? [rest, []] : [rest.slice(0, end), rest.slice(end)];
  const row = [first, ...own.map((line) => line.trimStart())].join(" ");
  return [...(row.length <= MOST_COLUMNS ? [row] : [first, ...joined(own)]), ...joined(others)];
}

const LISTINGS: Readonly<Record<string, readonly string[]>> = {
  program: printProgram(PROGRAM).split("\n"),
  roles: roles(),
  pick: pick(),
  schedule: wrapped(printSchedule(SCHEDULE)),
  nest: marked(step("nest")),
  partitionLoops: step("partitionLoops"),
  shareLoads: step("shareLoads"),
  lowered: step("bindLaunch"),
  wasm: steadyState(),
};

test("the listings are what the compiler makes; if not, npm run docs writes them", async () => {
  const document = readFileSync(DOCUMENT, "utf8");
  const written = Object.entries(LISTINGS).reduce((text, [name, lines]) => {
    const code = lines.map((line) => `    ${line}`);
    return replaced(text, `example ${name}`, code);
  }, document);
  await expect(written).toMatchFileSnapshot(fileURLToPath(DOCUMENT));
});

test.each(Object.entries(LISTINGS))("%s is short enough to be read", (_, lines) => {
  expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
  expect(lines.filter((line) => line.length > MOST_COLUMNS)).toEqual([]);
});

test("the example computes what it says", () => {
  const given = new Map(
    PROGRAM.buffers
      .filter(({ role }) => role !== "output")
      .map(({ name, shape }) => [name, Float32Array.from({ length: elementCount(shape) }, (_, i) => (i % 7) - 3)]),
  );
  expect(runPartOn(PART, given).output).toEqual([...(interpretProgram(PROGRAM, given).get("output") as Float64Array)]);
});
