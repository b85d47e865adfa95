/** The formula language: index notation as text, as a tree, and as a program. */
export { type FormulaSource, formulaOf } from "./describe.js";
export * from "./formula.js";
export type { FormulaOptions } from "./options.js";
export { parseFormula } from "./parse.js";
export { printFormula } from "./print.js";
export { formulaProgram } from "./program.js";
