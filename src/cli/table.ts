/** Prints tables as text. A column is as wide as its widest cell. */
import { printable } from "./printable.js";

/**
 * The lines of a table. A cell is one line, whatever is in it.
 * @param right the columns that are aligned right, for numbers; all others are aligned left
 */
export function columns(given: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const rows = given.map((row) => row.map(printable));
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const pad = (cell: string, i: number) => {
    const width = widths[i] as number;
    return right.includes(i) ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
}
