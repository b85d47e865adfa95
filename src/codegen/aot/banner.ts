/** The first lines of every generated file. The first one tells that a file is ours to replace and to remove. */
import { VERSION } from "../../ir/version.js";
import { oneLine } from "../module/oneLine.js";

export const MARK = "// Written by tilewright";

/** `lines` say what is in the file. */
export const banner = (...lines: readonly string[]): string =>
  [`${MARK} ${VERSION} (tilewright build). Do not edit.`, ...lines.map((line) => `// ${commented(line)}`)].join("\n");

/** Nothing in it can end a comment, of either kind. */
export const commented = (text: string): string => oneLine(text).replaceAll("*/", "* /");
