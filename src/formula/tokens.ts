/** The words of a formula: names, numbers, signs and the ends of lines. */
import type { TextSpan } from "./formula.js";
import { POWER, refuseAt } from "./refuse.js";

export interface Token {
  readonly kind: "name" | "number" | "sign" | "line end" | "end";
  readonly text: string;
  readonly span: TextSpan;
}

export interface Tokens {
  readonly all: readonly Token[];
  /** Opening brackets that have a colon directly inside. */
  readonly withColon: ReadonlySet<Token>;
}

const FORMS = {
  space: /[ \t\r]+|#[^\n]*/,
  name: /[A-Za-z][A-Za-z0-9]*/,
  number: /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/,
  sign: /<=|>=|==|[[\](),:=+\-*/%<>]/,
  break: /[\n;]/,
};

const ANY = new RegExp(
  Object.entries(FORMS)
    .map(([name, { source }]) => `(?<${name}>${source})`)
    .join("|"),
  "y",
);

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]" };

/** Line ends inside brackets are none. There is one at the end in any case. */
export function tokensOf(text: string): Tokens {
  const all: Token[] = [];
  const brackets = new Brackets();
  const word = new RegExp(ANY);
  while (word.lastIndex < text.length) {
    const from = word.lastIndex;
    const { groups } = word.exec(text) ?? refuseSign(text, from);
    const span: TextSpan = { text, from, to: word.lastIndex };
    const found = text.slice(from, span.to);
    if (groups?.name !== undefined || groups?.number !== undefined) checkLength(found, span);
    if (groups?.name !== undefined) all.push({ kind: "name", text: found, span });
    else if (groups?.number !== undefined) all.push({ kind: "number", text: found, span });
    else if (groups?.sign !== undefined) {
      const sign: Token = { kind: "sign", text: found, span };
      brackets.meet(sign);
      all.push(sign);
    } else if (groups?.break !== undefined) {
      if (found === ";") brackets.end();
      if (!brackets.areOpen) all.push({ kind: "line end", text: found, span });
    }
  }
  brackets.end();
  const span: TextSpan = { text, from: text.length, to: text.length };
  all.push({ kind: "line end", text: "", span }, { kind: "end", text: "", span });
  return { all, withColon: brackets.withColon };
}

/** The most characters of a name or a number: messages say whole ones. */
const MAX_WORD = 100;

function checkLength({ length }: string, span: TextSpan): void {
  if (length > MAX_WORD)
    refuseAt(span, `a name or a number has at most ${MAX_WORD} characters; this one has ${length}`);
}

function refuseSign(text: string, from: number): never {
  const sign = String.fromCodePoint(text.codePointAt(from) as number);
  const known = "letters, digits and [ ] ( ) , : ; = + - * / % < >";
  const remedy = sign === "_" ? nameRemedy(text, from) : REMEDIES[sign];
  return refuseAt(
    { text, from, to: from + sign.length },
    `a formula has no sign ${JSON.stringify(sign)}; ${remedy ?? `it has ${known}`}`,
  );
}

/** Remedies for signs that other languages have. */
const REMEDIES: Readonly<Record<string, string>> = {
  "^": POWER,
  "&": "conditions are joined by and, as in if i < 3 and j < 4",
  "?": "a choice is where(a < b, then, otherwise)",
  "@": "a product of matrices is a sum, as in sum(k: a[i, k] * b[k, j])",
};

/** The name around an underscore as a formula can have it. */
function nameRemedy(text: string, from: number): string {
  const before = /\w*$/.exec(text.slice(Math.max(0, from - MAX_WORD), from))?.[0] ?? "";
  const after = /^\w*/.exec(text.slice(from, from + MAX_WORD))?.[0] ?? "";
  const [first = "", ...rest] = (before + after).split("_").filter((part) => part !== "");
  const name = first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  return `a name is made of letters and digits${/^[A-Za-z]/.test(name) ? `; write ${name}` : ""}`;
}

/** Brackets that are open. Each must be closed by one of its kind. */
class Brackets {
  readonly withColon = new Set<Token>();
  readonly #open: Token[] = [];

  get areOpen(): boolean {
    return this.#open.length > 0;
  }

  meet(sign: Token): void {
    const { text, span } = sign;
    const last = this.#open.at(-1);
    if (text === "(" || text === "[") this.#open.push(sign);
    else if (text === ":" && last) this.withColon.add(last);
    else if (text === ")" || text === "]") {
      if (!last) refuseAt(span, `this ${text} closes nothing; leave it out, or open a bracket before it`);
      const fit = CLOSING[last?.text ?? ""];
      if (fit !== text) refuseAt(span, `this ${text} stands where a ${fit} closes the bracket; write ${fit}`);
      this.#open.pop();
    }
  }

  /** Here all brackets must be closed. */
  end(): void {
    const last = this.#open.at(-1);
    if (last) refuseAt(last.span, `this ${last.text} is never closed; put a ${CLOSING[last.text]} where it ends`);
  }
}
