// @ts-check
/** Tables of judgements: launches, hot loops by SPIR-V, hot loops by machine code. */
import { printColumns } from "../columns.js";
import { GPUS } from "./gpus.js";

/** @typedef {import("./main.js").Row} Row */

/** @param {readonly Row[]} rows */
export function printJudgements(rows) {
  console.log(
    "\nLaunch; of each GPU: the share that works on average, waves that one unit can hold, and what allows no more",
  );
  printColumns([
    ["", "", "groups", "each", "bytes", ...GPUS.map(({ name }) => name)],
    ...rows.map((row) => [
      titleOf(row),
      row.sizes,
      row.dispatches > 1 ? `${row.workgroups} in ${row.dispatches}` : `${row.workgroups}`,
      textOf(row.launch?.invocations),
      textOf(row.launch?.workgroupBytes),
      ...GPUS.map(({ name }) => fillingText(row.filling[name])),
    ]),
  ]);

  const loops = rows.flatMap(({ loop, ...row }) => (loop ? [{ title: titleOf(row), ...loop }] : []));
  if (loops.length > 0) {
    console.log("\nHot loop by SPIR-V, one round of one invocation; compilers remove much of the other arithmetic");
    printColumns([
      ["", "fma", "other", "clamps", "barriers", "shared B/fma", "global B/fma"],
      ...loops.map(({ title, fmas, others, clamps, barriers, workgroupBytes, globalBytes }) => [
        title,
        ...[fmas, others, clamps, barriers].map(String),
        perFma(workgroupBytes, fmas),
        perFma(globalBytes, fmas),
      ]),
    ]);
  }

  const compiled = rows.flatMap(({ amd, ...row }) => (amd ? [{ title: titleOf(row), ...amd }] : []));
  if (compiled.length > 0) {
    console.log(`\nHot loop by machine code, ${compiled[0]?.device}`);
    printColumns([
      ["", "registers", "spills", "waves", "fma", "share", "shared B/fma", "global B/fma"],
      ...compiled.map(({ title, registers, spills, waves, loop }) => [
        title,
        ...[registers, spills, waves, loop.fmas].map(String),
        loop.fmas === 0 ? "-" : `${((100 * loop.fmas) / (loop.fmas + loop.others)).toFixed(0)} %`,
        perFma(loop.workgroupBytes, loop.fmas),
        perFma(loop.globalBytes, loop.fmas),
      ]),
    ]);
  }
  printMissing(rows);
}

/** @param {{ shape: string, name: string }} row */
const titleOf = ({ shape, name }) => `${shape} ${name}`;

/** @param {number | undefined} value */
const textOf = (value) => (value === undefined ? "-" : String(value));

/** @param {import("./gpus.js").Filling | undefined} filling */
const fillingText = (filling) =>
  filling ? `${(100 * filling.share).toFixed(0)} % ${filling.waves.toFixed(1)} ${filling.limit}` : "-";

/** @param {number} bytes @param {number} fmas */
const perFma = (bytes, fmas) => (fmas === 0 ? "-" : (bytes / fmas).toFixed(2));

/** One line for each reason. @param {readonly Row[]} rows */
function printMissing(rows) {
  const reasons = new Set(rows.flatMap(({ missing }) => missing));
  for (const reason of reasons) {
    const shapes = rows.filter(({ missing }) => missing.includes(reason)).map(titleOf);
    console.log(`${reason}: ${shapes.length === rows.length ? "everywhere" : shapes.join(", ")}`);
  }
}
