/** The names in the formula that is shown. */
import { signal } from "@preact/signals";
import type { FormulaNames } from "./messages.js";

export const names = signal<FormulaNames>({ read: [], written: [], axes: [] });
