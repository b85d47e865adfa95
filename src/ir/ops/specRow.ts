/** A spec in one row of text, for people and for the banner of generated files. */
import { show } from "../errors.js";
import type { OpSpec } from "./spec.js";

export const specRow = ({ op, value, filters, rate, padding, bias, activation }: OpSpec): string =>
  `${op} ${value.join("x")} with ${filters.join("x")}, rate ${rate}, ${padding}` +
  `${bias ? ", bias" : ""}${activation === undefined ? "" : `, ${show(activation)}`}`;
