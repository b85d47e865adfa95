/** The first lines of every generated file. Their beginning marks a file that a later build may replace or remove. */
import { VERSION } from "../../ir/version.js";
import { oneLine } from "../module/oneLine.js";

export const MARK = "// Written by tilewright";

/** @param lines what is in the file */
export const banner = (...lines: readonly string[]): string =>
  [`${MARK} ${VERSION} (tilewright build). Do not edit.`, ...lines.map((line) => `// ${commented(line)}`)].join("\n");

/** Text that cannot end the comment in which it stands, of either kind. */
export const commented = (text: string): string => oneLine(text).replaceAll("*/", "* /");
