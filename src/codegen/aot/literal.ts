/** Prints plain data as JavaScript that makes the same data, on few lines. */
import { failInternally } from "../../ir/errors.js";

/** JavaScript that is printed as it is, in the place of a value. */
export class Verbatim {
  constructor(readonly text: string) {}
}

/** Arrays and objects that fit into so many columns stay on one line. */
const WIDTH = 110;

export function literal(value: unknown, indent = ""): string {
  if (value instanceof Verbatim) return value.text;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string" || typeof value === "boolean" || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return bracket(
      "[",
      value.map((item) => literal(item, `${indent}  `)),
      "]",
      indent,
    );
  if (typeof value !== "object") return failInternally(`${typeof value} is no data`);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const items = entries.map(([key, inner]) => `${keyOf(key)}: ${literal(inner, `${indent}  `)}`);
  return bracket("{", items, "}", indent);
}

/** The name of a property. `__proto__` as a name or a string would set the prototype. */
const keyOf = (key: string): string =>
  key === "__proto__" ? '["__proto__"]' : /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);

function bracket(open: string, items: readonly string[], close: string, indent: string): string {
  const pad = open === "{" && items.length > 0 ? " " : "";
  const line = `${open}${pad}${items.join(", ")}${pad}${close}`;
  if (line.length + indent.length <= WIDTH && !line.includes("\n")) return line;
  const inner = `${indent}  `;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}${close}`;
}

/** Text as a template literal, which keeps its line breaks readable. */
export const template = (text: string): Verbatim => new Verbatim(`\`${text.replace(/[\\`]|\$(?=\{)/g, "\\$&")}\``);
