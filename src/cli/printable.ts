/** The one way of text to a terminal. Names in it may come from strangers, and must not steer the terminal. */

/** Control characters, and characters that are not seen but change the order or the look of what follows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A line, or a part of one, with each control character as its escape, such as `\u001b`. The escape of a character in
 * JSON means the same character.
 */
export const printable = (line: string): string => line.replace(UNSEEN, (character) => unitsOf(character).join(""));

/** Text of several lines: all but the line ends is `printable`. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

const unitsOf = (character: string): string[] =>
  Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`);
