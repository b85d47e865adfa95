/** The report of `tilewright extract` on a model, as text. */
import { kernelName } from "../ir/ops/specName.js";
import { specRow } from "../ir/ops/specRow.js";
import { type Convolution, legible, type ModelReport, type WeightName } from "../models/index.js";
import { counted } from "../report/format.js";
import type { WrittenWeight } from "./extractWeights.js";
import { columns } from "./table.js";

type WrittenWeights = ReadonlyMap<WeightName, WrittenWeight>;

/** The most rows for convolutions that are not covered, and the most notes. */
const MAX_ROWS = 50;

/**
 * One row for each convolution, one for each file of weights, one for each reason why others are not covered, then what
 * is odd, then the count.
 */
export function formatReport(report: ModelReport, written: WrittenWeights | undefined): string {
  const { convolutions, uncovered, free, warnings } = report;
  const rows = convolutions.map(({ node, type, spec }) => [legible(node), legible(type), specRow(spec)]);
  const weights = written === undefined ? { files: [], missing: [] } : weightRows(convolutions, written);
  const reasons = grouped(uncovered, ({ type, missing }) => [type, missing.join("; ")]);
  const notes = grouped(
    convolutions.flatMap(({ node, notes }) => notes.map((note) => ({ node, note }))),
    ({ note }) => [note],
  );
  const count = convolutions.length + uncovered.length;
  const distinct = new Set(convolutions.map(({ spec }) => kernelName(spec))).size;
  const parts = [
    rows.length === 0 ? [] : columns([["NODE", "TYPE", "SPEC"], ...rows]),
    weights.files.length === 0 ? [] : columns([["NODE", "TENSOR", "FILE"], ...weights.files]),
    weights.missing.length === 0 ? [] : columns([["NOT WRITTEN", "TENSOR", "WHY"], ...weights.missing]),
    reasons.length === 0 ? [] : columns([["NOT COVERED", "TYPE", "WHAT IS MISSING"], ...reasons]),
    notes.length === 0 ? [] : columns([["NODE", "NOTE"], ...notes]),
    warnings.map((warning) => `warning: ${legible(warning)}`),
    [
      ...(weights.files.length === 0 ? [] : ["each file is float32 in the order of its filters; --json has the specs"]),
      count === 0
        ? "no convolutions"
        : `${counted(count, "convolution")}, ${convolutions.length} covered by ${counted(distinct, "distinct spec")}`,
      ...(free.length === 0 ? [] : [freeText(free)]),
    ],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A row for each tensor that has a file, and one for each reason why others have none. */
function weightRows(convolutions: readonly Convolution[], written: WrittenWeights) {
  const all = convolutions.flatMap(({ node, weights }) =>
    Object.entries<WeightName>({ ...weights }).map(([tensor, weight]) => ({ node, tensor, ...written.get(weight) })),
  );
  const files = all.flatMap(({ node, tensor, file }) => (file === undefined ? [] : [[legible(node), tensor, file]]));
  const missing = all.flatMap(({ node, tensor, missing }) =>
    missing === undefined ? [] : [{ node, tensor, missing }],
  );
  return { files, missing: grouped(missing, ({ tensor, missing }) => [tensor, missing]) };
}

/** A row for each distinct text, with the first node that it is about and the number of others. */
function grouped<T extends { readonly node: string }>(
  items: readonly T[],
  textOf: (item: T) => readonly string[],
): readonly (readonly string[])[] {
  const groups = new Map<string, { readonly first: T; count: number }>();
  for (const item of items) {
    const key = textOf(item).join("\n");
    const group = groups.get(key) ?? { first: item, count: 0 };
    groups.set(key, group);
    group.count++;
  }
  const all = [...groups.values()];
  const rows = all.slice(0, MAX_ROWS).map(({ first, count }) => {
    const node = legible(first.node);
    const cells = textOf(first).map((text) => legible(text, MAX_TEXT));
    return [count === 1 ? node : `${node} and ${count - 1} more`, ...cells];
  });
  const rest = all.slice(MAX_ROWS).reduce((sum, { count }) => sum + count, 0);
  return rest === 0 ? rows : [...rows, [`and ${rest} more for other reasons; --json lists all`]];
}

/** The most characters of a cell that joins reasons. */
const MAX_TEXT = 1000;

const freeText = (free: readonly string[]): string => {
  const names = free.slice(0, 20).map((name) => legible(name, 80));
  const more = free.length > names.length ? `, and ${free.length - names.length} more` : "";
  return `free dimensions: ${names.join(", ")}${more}; give each a size, such as --dim ${names[0]}=1`;
};
