/** Markup out of templates in which everything is text until it was made by a template itself. */

/** A symbol, as no JSON has one: data cannot pose as markup. */
const MARKUP = Symbol("markup");

export interface Markup {
  readonly [MARKUP]: string;
}

type Part = Markup | string | number | undefined | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);

/** Markup of a template: strings and numbers in it are escaped, for text as for quoted attributes; undefined is nothing. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  trusted(literals.map((literal, i) => literal + textOf(parts[i])).join(""));

/** Takes a string for markup as it is: only for what holds no data, or escaped data. */
export const trusted = (text: string): Markup => ({ [MARKUP]: text });

/** The characters of some markup. */
export const printMarkup = (markup: Markup): string => markup[MARKUP];

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapeText(part);
  if (typeof part === "number") return String(part);
  return MARKUP in part ? part[MARKUP] : part.map(textOf).join("");
}
