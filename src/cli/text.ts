/** Prints explanations for people: for each stage of the road a title, and below it the result of the stage. */
import type {
  Explanation,
  KernelRoad,
  LoopShare,
  MemoryLayout,
  RegisterUse,
  Roofline,
} from "../codegen/explanation.js";
import { printDirective } from "../codegen/schedule.js";
import type { Target } from "../codegen/target.js";
import { countedInWords } from "../ir/ops/factsInWords.js";
import { percent, whole } from "../report/format.js";
import { columns } from "./table.js";

interface Section {
  readonly title: string;
  readonly body: string;
}

/** The sections that there are of the explanation of a spec, in the order of the road. One alone needs no title. */
export function formatExplanation(explanation: Partial<Explanation>, of: Explanation["spec"]): string {
  const sections = sectionsOf(explanation, countedInWords(of));
  if (sections.length === 1) return `${sections[0]?.body.trimEnd()}\n`;
  return sections.map(({ title, body }) => `== ${title} ==\n${body.trimEnd()}\n`).join("\n");
}

function sectionsOf(explanation: Partial<Explanation>, counted: "taps" | "terms"): Section[] {
  const { spec, algorithm, program, schedule, kernels, code, memory, work, registers, loops, roofline } = explanation;
  return [
    ...(spec ? [{ title: "spec", body: specTable(spec) }] : []),
    ...(algorithm === undefined ? [] : [{ title: "algorithm", body: algorithm }]),
    ...(program === undefined ? [] : [{ title: "program", body: program }]),
    ...(schedule ? [{ title: "schedule", body: formatSchedule(schedule) }] : []),
    ...(kernels ?? []).flatMap(roadSections),
    ...(code === undefined ? [] : [{ title: "code", body: code }]),
    ...(memory ? [{ title: "memory", body: formatMemory(memory) }] : []),
    ...(work ? [{ title: "work", body: formatWork(work, counted) }] : []),
    ...(registers ? [{ title: "registers", body: registers.map(formatRegisters).join("\n") }] : []),
    ...(loops ? [{ title: "loops", body: formatLoops(loops) }] : []),
    ...(roofline ? [{ title: "roofline", body: formatRoofline(roofline, counted) }] : []),
  ];
}

/** A line for each value, with its name in front. */
export function labelled(table: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(...table.map(([name]) => name.length));
  return table.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

const rows = (table: readonly (readonly [string, string])[]): string => labelled(table).join("\n");

/** A number with four digits. `Number` removes the exponent that `toPrecision` may write. */
const figure = (value: number): string => String(Number(value.toPrecision(4)));

/** A table of the attributes of a spec, one in each row. */
const specTable = (spec: Explanation["spec"]): string =>
  rows(Object.entries(spec).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]));

function formatSchedule({ row, target, directives }: Explanation["schedule"]): string {
  const stages = Object.entries(directives).map(
    ([stage, list]) => `${stage}\n${list.map((directive) => `  ${printDirective(directive)}\n`).join("")}`,
  );
  return `target ${targetRow(target)}\n${stages.length > 0 ? stages.join("") : row}`;
}

export const targetRow = ({ language, arithmetic, lanes, registers, ...traits }: Target): string =>
  [
    `${language}: arithmetic ${arithmetic}`,
    `lanes ${lanes}`,
    `registers ${registers}`,
    ...(traits.fma ? ["fused multiply-add"] : []),
    ...(traits.hoistsLoads ? ["loads hoisted"] : []),
    ...(traits.slowSplats ? ["slow splats"] : []),
    ...(traits.pairs ? ["vectors in pairs"] : []),
    ...(traits.threads ? ["threads"] : []),
    ...(traits.storage === "f16" ? ["storage f16"] : []),
  ].join(", ");

function roadSections({ name, when, steps, unchanged }: KernelRoad): Section[] {
  const titled = steps.map((step) => ({ title: `${name} (${when}): ${step.name}`, body: step.ir }));
  if (unchanged.length === 0) return titled;
  return [
    ...titled,
    { title: `${name} (${when}): no change`, body: `${name}: ${unchanged.join(", ")} changed nothing` },
  ];
}

function formatMemory(memory: readonly MemoryLayout[]): string {
  if (memory.length === 0) return "JavaScript kernels work on arrays; there is no memory to lay out";
  return memory.map(formatLayout).join("\n\n");
}

function formatLayout({ when, bytes, shared, buffers }: MemoryLayout): string {
  const size = `${bytes} bytes${shared ? ", shared by threads" : ""}`;
  const places = buffers.map(({ name, role, shape, offset, bytes }): [string, string] => {
    return [`at ${offset}`, `${role} ${name}[${shape.join(", ")}], ${bytes} bytes`];
  });
  return `${when}: ${size}${places.length > 0 ? `\n${rows(places)}` : ""}`;
}

const formatWork = ({ flops, liveFlops, liveShare, bytes }: Explanation["work"], counted: "taps" | "terms"): string =>
  rows([
    [`all ${counted}`, `${figure(flops / 1e6)} MFLOP, padding included`],
    [`live ${counted}`, `${figure(liveFlops / 1e6)} MFLOP, ${figure(100 * liveShare)} % of them`],
    ["moved", `${bytes} bytes: each element of inputs, weights and output once`],
  ]);

function formatRegisters(use: RegisterUse): string {
  const { kernel, loop, accumulators, values, estimate, available, inMemory } = use;
  const verdict = estimate <= available ? "fits" : "does not fit";
  const memory = inMemory.length === 0 ? "" : `; in memory: ${inMemory.join(", ")}`;
  return (
    `${kernel}, ${loop === null ? "straight code" : `loop ${loop}`}: accumulators ${accumulators} + values ${values} ` +
    `= ${estimate} of ${available}, ${verdict} (an estimate: temporaries do not count)${memory}`
  );
}

const formatLoops = (loops: readonly LoopShare[]): string =>
  columns(
    loops.map(({ kernel, loops, operations, share }) => [
      percent(share),
      `${whole(operations)} operations`,
      `${kernel}: ${loops.join(" ")}`,
    ]),
    [0, 1],
  ).join("\n");

const formatRoofline = (
  { peak, bandwidth, intensity, ridge, binds, milliseconds, gflops }: Roofline,
  counted: "taps" | "terms",
): string =>
  rows([
    ["assumed", `${peak} GFLOP/s, ${bandwidth} GB/s`],
    ["intensity", `${figure(intensity)} live FLOP per byte; arithmetic binds from ${figure(ridge)}`],
    ["bound", `${figure(milliseconds)} ms, by ${binds}; ${figure(gflops)} GFLOP/s counting all ${counted}`],
  ]);
