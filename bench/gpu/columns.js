// @ts-check
/** Prints a table: the first column to the left, all others to the right. */

/** @param {readonly (readonly string[])[]} table rows of equally many cells, the head first */
export function printColumns(table) {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table) {
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    );
  }
}
