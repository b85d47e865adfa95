/** Finding kernels in sources: what is known without running them, and what is not and why. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scan } from "../../src/codegen/aot/scan.js";
import { SEED } from "../support/effort.js";

const IMPORT = 'import { defineKernel } from "tilewright";\n';

/** The first argument of the only call, or why it is not known. */
function specOf(text: string, name = "app.ts"): unknown {
  const { calls } = scan(text.includes("import ") ? text : IMPORT + text, name);
  expect(calls.length).toBe(1);
  const [call] = calls;
  return call?.kind === "static" ? call.spec : call?.reason;
}

describe("values", () => {
  const KNOWN: readonly (readonly [string, unknown])[] = [
    [
      "defineKernel({ a: 1, 'b': \"two\", 3: [true, false, null, -4, +5] })",
      { a: 1, b: "two", 3: [true, false, null, -4, 5] },
    ],
    ["defineKernel({ a: [1, 2] as const, b: (`x`) } satisfies object)", { a: [1, 2], b: "x" }],
    ["const c = 4; defineKernel({ c, d: [c, 2 * c, c + 1, c / 2, c - 1] })", { c: 4, d: [4, 8, 5, 2, 3] }],
    ["const s = { a: 1, b: [1, 2] }; defineKernel({ ...s, b: [...s.b, s.b[0]] })", { a: 1, b: [1, 2, 1] }],
    ["const s = { a: 1 } as const; defineKernel(s)", { a: 1 }],
    ["const deep = { a: { b: 2 } }; defineKernel({ x: deep.a.b })", { x: 2 }],
    [
      "defineKernel({ min: -Infinity, max: Infinity, none: undefined })",
      { min: -Infinity, max: Infinity, none: undefined },
    ],
    ["function f() { const k = 3; return defineKernel({ k }); }", { k: 3 }],
    ["import { defineKernel as d } from 'tilewright'; d({ a: 1 })", { a: 1 }],
    ["import * as tw from 'tilewright'; tw.defineKernel({ a: 1 })", { a: 1 }],
    ["import x, { compile, defineKernel } from 'tilewright'; defineKernel({ a: 1 })", { a: 1 }],
  ];
  test.each(KNOWN)("%s", (text, spec) => expect(specOf(text)).toEqual(spec));

  test("in files of any kind", () => {
    expect(specOf("const x = <b>{defineKernel({ a: 1 })}</b>;", "app.tsx")).toEqual({ a: 1 });
    expect(specOf("const x = <b>{defineKernel({ a: 1 })}</b>;", "app.jsx")).toEqual({ a: 1 });
    expect(specOf("export const x = defineKernel({ a: 1 });", "app.mjs")).toEqual({ a: 1 });
  });

  const UNKNOWN: readonly (readonly [string, string])[] = [
    ["(w) => defineKernel({ value: [1, w] })", "`w` is a parameter"],
    ["let w = 1; defineKernel({ w })", "`w` is no constant"],
    [
      "import { w } from './sizes.js'; import { defineKernel } from 'tilewright'; defineKernel({ w })",
      "`w` comes from another file",
    ],
    ["defineKernel({ w: Math.max(1, 2) })", "`Math.max(1, 2)` is not known until it runs"],
    ["defineKernel({ [name]: 1 })", "`[name]: 1` has a name that is not known until it runs"],
    ["defineKernel({ __proto__: { a: 1 } })", "`__proto__: { a: 1 }` has a name that is not known until it runs"],
    ["const s = { a: 1 }; s.a = 2; defineKernel(s)", "`s` may be changed before it is used"],
    ["const s = [1]; s.push(2); defineKernel({ s })", "`s` may be changed before it is used"],
    ["const s = { a: [1] }; s.a[0] = 2; defineKernel({ ...s })", "`s` may be changed before it is used"],
    ["const s = { a: 1 }; change(s); defineKernel({ ...s })", "`s` may be changed before it is used"],
    ["const s = { a: 1 }; export { s }; defineKernel({ ...s })", "`s` may be changed before it is used"],
    ["const s = { a: [1] }; [s.a] = [[2]]; defineKernel(s)", "`s` may be changed before it is used"],
    ["const s = { a: 1 }; ({ x: s.a } = y); defineKernel(s)", "`s` may be changed before it is used"],
    ["const s = { a: 1 }; for (s.a of [2]); defineKernel(s)", "`s` may be changed before it is used"],
    ["const a = b; const b = a; defineKernel({ a })", "`a` is not known until it runs"],
    ["defineKernel({ get a() { return 1; } })", "`get a() { return 1; }` is not known until it runs"],
    ["defineKernel(...specs)", "`...specs` is not known until it runs"],
    ["defineKernel()", "defineKernel takes a spec, and perhaps options"],
  ];
  test.each(UNKNOWN)("%s", (text, reason) => expect(specOf(text)).toBe(reason));
});

describe("calls", () => {
  const OTHERS: readonly (readonly [string, string])[] = [
    ["of another package", "import { defineKernel } from 'other'; defineKernel({});"],
    ["of a function of that name", "function defineKernel() {} defineKernel({});"],
    ["of what hides it", `${IMPORT}function f(defineKernel) { defineKernel({}); }`],
    ["of another namespace", "import * as tw from 'other'; tw.defineKernel({});"],
    ["in comments", `${IMPORT}// defineKernel({})`],
    ["in text", `${IMPORT}const x = "defineKernel({})";`],
  ];
  test.each(OTHERS)("not those %s", (_, text) => expect(scan(text, "app.ts").calls).toEqual([]));

  test("with their places, and options", () => {
    const text = `${IMPORT}\nexport const a = defineKernel({ a: 1 }, { accuracy: "fast" });\n  defineKernel({ b: 2 });`;
    const { calls } = scan(text, "app.ts");
    expect(calls.map(({ start, end }) => text.slice(start, end))).toEqual([
      'defineKernel({ a: 1 }, { accuracy: "fast" })',
      "defineKernel({ b: 2 })",
    ]);
    expect(calls.map(({ line, column }) => [line, column])).toEqual([
      [3, 18],
      [4, 3],
    ]);
    expect(calls[0]).toMatchObject({ options: { accuracy: "fast" } });
  });

  test("and imports that nothing else needs", () => {
    const unused = (text: string) => scan(text, "app.ts").imports.map(({ start, end }) => text.slice(start, end));
    expect(unused(`${IMPORT}defineKernel({});`)).toEqual([IMPORT.trim()]);
    expect(unused(`${IMPORT}defineKernel({}); use(defineKernel);`)).toEqual([]);
    expect(unused("import { compile, defineKernel } from 'tilewright'; defineKernel({});")).toEqual([]);
  });
});

test("places count a byte order mark", () => {
  const text = `\uFEFF${IMPORT}defineKernel({ a: 1 });`;
  const { calls, imports } = scan(text, "app.ts");
  expect([...imports, ...calls].map(({ start, end }) => text.slice(start, end))).toEqual([
    IMPORT.trim(),
    "defineKernel({ a: 1 })",
  ]);
});

test("constants that double thirty times are given up", () => {
  const doubled = Array.from({ length: 30 }, (_, i) => `const a${i + 1} = [...a${i}, ...a${i}];`).join("");
  expect(specOf(`const a0 = [1, 1]; ${doubled} defineKernel({ a: a30 })`)).toMatch(/takes too long to find out$/);
});

test.each(["(", "[", "1+"])("twenty thousand %s in each other are no program", (open) => {
  const close = open === "(" ? ")" : open === "[" ? "]" : "";
  expect(scan(`${IMPORT}defineKernel(${open.repeat(20_000)}1${close.repeat(20_000)});`, "app.ts").calls).toEqual([]);
});

test("no text makes it throw", () => {
  const text = `${IMPORT}const c = 4;\nexport const a = defineKernel({ value: [1, c, ...[2]], b: { ...{} }, c: c * 2 } as const, {});`;
  const pieces = [
    "{",
    "}",
    "(",
    ")",
    "...",
    "=",
    "c",
    "defineKernel",
    ",",
    "`",
    "'",
    "/",
    "<",
    "as",
    "\u2028",
    "",
    "=>",
  ];
  const edit = fc.tuple(fc.nat(text.length), fc.nat(5), fc.constantFrom(...pieces));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const broken = edits.reduce(
        (now, [at, length, piece]) => now.slice(0, at) + piece + now.slice(at + length),
        text,
      );
      scan(broken, "app.ts");
    }),
    { seed: SEED, numRuns: 150 },
  );
}, 120_000);
