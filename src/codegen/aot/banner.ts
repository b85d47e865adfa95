/** The first lines of every generated file. The first one tells that a file is ours to replace and to remove. */
import { show } from "../../ir/errors.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import { VERSION } from "../../ir/version.js";

export const MARK = "// Written by tilewright";

/** `lines` say what is in the file. */
export const banner = (...lines: readonly string[]): string =>
  [`${MARK} ${VERSION} (tilewright build). Do not edit.`, ...lines.map((line) => `// ${oneLine(line)}`)].join("\n");

/** Nothing in it can end a comment. */
export const oneLine = (text: string): string => text.replace(/[\n\r\u2028\u2029]+/g, " ").replaceAll("*/", "* /");

/** A spec in one row. */
export const specRow = ({ op, value, filters, rate, padding, bias, activation }: OpSpec): string =>
  `${op} ${value.join("x")} with ${filters.join("x")}, rate ${rate}, ${padding}` +
  `${bias ? ", bias" : ""}${activation === undefined ? "" : `, ${show(activation)}`}`;
