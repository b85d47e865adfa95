/** Makes markup from templates. A value in a template is text unless another template made it. */

/** JSON has no symbols, so data cannot pose as markup. */
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

/** The markup of a template. Strings are escaped for text and for quoted attributes; undefined prints nothing. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  trusted(literals.map((literal, i) => literal + textOf(parts[i])).join(""));

/** Takes a string as markup, unescaped. The string must hold no data, or only escaped data. */
export const trusted = (text: string): Markup => ({ [MARKUP]: text });

/** The text of some markup. */
export const printMarkup = (markup: Markup): string => markup[MARKUP];

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapeText(part);
  if (typeof part === "number") return String(part);
  return MARKUP in part ? part[MARKUP] : part.map(textOf).join("");
}
