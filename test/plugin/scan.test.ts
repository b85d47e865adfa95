/** Finding kernels in sources: what is known without running them, and what is not and why. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scan } from "../../src/plugin/scan/scan.js";
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
    ["const a = b; const b = a; defineKernel({ a })", "`a` is not known until it runs"],
    ["defineKernel({ get a() { return 1; } })", "`get a() { return 1; }` is not known until it runs"],
    ["defineKernel(...specs)", "`...specs` is not known until it runs"],
    ["defineKernel()", "defineKernel takes a spec, and perhaps options"],
  ];
  test.each(UNKNOWN)("%s", (text, reason) => expect(specOf(text)).toBe(reason));
});

describe("what could be changed by anything is no constant", () => {
  const CHANGED: readonly (readonly [text: string, name: string, change: string])[] = [
    ["const s = { a: 1 }; s.a = 2; defineKernel(s)", "s", "s.a = 2"],
    ["const s = { a: 1 }; (s.a as number) = 2; defineKernel(s)", "s", "(s.a as number) = 2"],
    ["const s = { a: 1 }; s.a++; defineKernel(s)", "s", "s.a++"],
    ["const s = { a: 1 }; delete s.a; defineKernel(s)", "s", "delete s.a"],
    ["const s = [1]; s.push(2); defineKernel({ s })", "s", "s.push(2)"],
    ["const s = { a: [1] }; s.a[0] = 2; defineKernel({ ...s })", "s", "s.a[0] = 2"],
    ["const s = { a: [1] }; s.a[i] = 2; defineKernel({ ...s })", "s", "s.a[i] = 2"],
    ["const s = { a: [1] }; s['a'][0] = 2; defineKernel({ ...s })", "s", "s['a'][0] = 2"],
    ["const s = { a: [1] }; (s.a as number[])[0] = 2; defineKernel(s)", "s", "(s.a as number[])[0] = 2"],
    ["const s = { a: [1] }; (<number[]>s.a)[0] = 2; defineKernel(s)", "s", "(<number[]>s.a)[0] = 2"],
    ["const s = { a: [1] }; s.a![0] = 2; defineKernel(s)", "s", "s.a![0] = 2"],
    ["const s = { a: [1] }; s!.a[0]! += 2; defineKernel(s)", "s", "s!.a[0]! += 2"],
    ["const s = { a: [1] }; s?.a.push(2); defineKernel(s)", "s", "s?.a.push(2)"],
    ["const s = { a: [1] }; const t = s.a; t[0] = 2; defineKernel(s)", "s", "t[0] = 2"],
    ["const s = { a: [1] }; const t = s; t.a[0] = 2; defineKernel(s)", "s", "t.a[0] = 2"],
    ["const s = { a: [1] }; let t = s; t.a[0] = 2; defineKernel(s)", "s", "t = s"],
    ["const s = { a: [1] }; const { a } = s; a[0] = 2; defineKernel(s)", "s", "{ a } = s"],
    ["const s = { a: [1] }; const t = { ...s }; t.a[0] = 2; defineKernel(s)", "s", "t.a[0] = 2"],
    ["const s = { a: [1] }; const t = { ...s }; t.a[0] = 2; defineKernel(t)", "t", "t.a[0] = 2"],
    ["const s = { a: [1] }; const t = { ...s, b: f() }; t.a[0] = 2; defineKernel(s)", "s", "t.a[0]"],
    ["const s = { a: [1] }; const t = { ...s, b: f() }, u = { ...t }; u.a[0] = 2; defineKernel(s)", "s", "u.a[0]"],
    ["const s = [1]; const t = { s }; t.s[0] = 2; defineKernel({ a: s })", "s", "t.s[0] = 2"],
    ["const s = [1]; const t = [s]; t[0][0] = 2; defineKernel({ a: s })", "s", "t[0][0] = 2"],
    ["const s = [[1]]; for (const t of s) t[0] = 2; defineKernel({ a: s })", "s", "for (const t of s) t[0] = 2;"],
    ["const s = { a: 1 }; change(s); defineKernel({ ...s })", "s", "change(s)"],
    ["const s = { a: [1] }; change(...[s.a]); defineKernel({ ...s })", "s", "change(...[s.a])"],
    ["const s = { a: [1] }; new Change(s.a); defineKernel({ ...s })", "s", "new Change(s.a)"],
    ["const s = { a: [1] }; change`$" + "{s.a}`; defineKernel({ ...s })", "s", "`$" + "{s.a}`"],
    ["const s = { a: [1] }; const f = () => s; defineKernel(s)", "s", "() => s"],
    ["const s = { a: [1] }; function f() { return s; } defineKernel(s)", "s", "return s;"],
    ["const s = { a: [1] }; Object.assign(s, { a: [2] }); defineKernel(s)", "s", "Object.assign(s, { a: [2] })"],
    ["const s = { a: [1] }; s.a.fill(2); defineKernel(s)", "s", "s.a.fill(2)"],
    ["const s = { a: [1] }; s.__proto__ = t; defineKernel(s)", "s", "s.__proto__ = t"],
    ["const s = { a: 1 }; export { s }; defineKernel({ ...s })", "s", "s"],
    ["const s = { a: 1 }; export default s; defineKernel({ ...s })", "s", "export default s;"],
    ["export const s = { a: 1 }; defineKernel({ ...s })", "s", "export const s = { a: 1 };"],
    ["const s = { a: 1 }; export const t = s; defineKernel({ ...s })", "s", "export const t = s;"],
    ["const s = { a: [1] }; [s.a] = [[2]]; defineKernel(s)", "s", "[s.a]"],
    ["const s = { a: 1 }; [s.a] = [2]; defineKernel(s)", "s", "[s.a]"],
    ["const s = { a: 1 }; [...s.a] = [2]; defineKernel(s)", "s", "...s.a"],
    ["const s = { a: 1 }; ({ x: s.a } = y); defineKernel(s)", "s", "x: s.a"],
    ["const s = { a: 1 }; ({ x: s.a = 3 } = y); defineKernel(s)", "s", "s.a = 3"],
    ["const s = { a: 1 }; for (s.a of [2]); defineKernel(s)", "s", "for (s.a of [2]);"],
    ["const s = { a: 1 }; eval('s.a = 2'); defineKernel(s)", "s", "eval"],
    ["const s = { a: 1 }; x = <s.a />; defineKernel(s)", "s", "s.a"],
  ];
  test.each(CHANGED)("%s", (text, name, change) => {
    const file = text.includes("<number[]>") ? "app.ts" : "app.tsx";
    const reason = `\`${name}\` may be changed by \`${change}\` in line 2; write it into the call itself`;
    expect(specOf(text, file)).toBe(reason);
  });

  const SAFE: readonly (readonly [text: string, spec: unknown])[] = [
    ["const s = { a: [1, 2] }; f(s.a[1], s.a.length, -s.a[0], ...s.a); defineKernel(s)", { a: [1, 2] }],
    ["const s = { a: 1 }; const t = { ...s }; t.a = 2; defineKernel(s)", { a: 1 }],
    ["const s = { a: [1] }; const t = [...s.a]; t[0] = 2; defineKernel(s)", { a: [1] }],
    ["const s = { a: [1] }; const t = s.a; f(t[0]); defineKernel({ t })", { t: [1] }],
    ["const s = { a: [1] } as const; type S = typeof s; let t: typeof s.a; defineKernel(s)", { a: [1] }],
    ["const s = { a: [1] }; function f(s) { s.a = 2; } defineKernel(s)", { a: [1] }],
    ["const s = { a: [1] }; class T { constructor(private s) { s.a[0] = 2; } } defineKernel(s)", { a: [1] }],
    ["const s = { a: [1] }; { const s = [1]; s.push(2); } defineKernel(s)", { a: [1] }],
    ["export const a = 1; defineKernel({ a })", { a: 1 }],
  ];
  test.each(SAFE)("but not %s", (text, spec) => expect(specOf(text)).toEqual(spec));

  test("whatever a program does, what is taken for known is what it says when it runs", () => {
    // A part of one of the first `count` constants.
    const partOf = (count: number) =>
      fc
        .nat(count - 1)
        .chain((i) =>
          fc.constantFrom(...["", ".a", ".a[1]", "[0]", ".b"].map((path) => `v${i}${path}`), `(v${i} as any)!.a`),
        );
    const constant = (i: number) =>
      partOf(i).chain((p) =>
        fc.constantFrom(p, `{ a: ${p} }`, `{ a: [1, 2], b: ${p} }`, `{ ...${p} }`, `[${p}]`, `{ a: [1, [${p}]] }`),
      );
    const statement = partOf(4).chain((p) =>
      fc.constantFrom(
        ...[`${p} = 9`, `${p}[0] = 9`, `${p}.a = [9]`, `${p}++`, `delete ${p}.a`, `[${p}.b] = [9]`, `change(${p})`],
        ...[`(() => ${p})().a = 9`, `for (const x of [${p}]) x.a = 9`, `console.log(${p}.b)`, `defineKernel(${p})`],
      ),
    );
    const program = fc
      .tuple(fc.tuple(constant(1), constant(2), constant(3)), fc.array(statement, { maxLength: 2 }), partOf(4))
      .map(([values, statements, last]) =>
        [
          "const v0 = { a: [1, [2]], b: 3 };",
          ...values.map((value, i) => `const v${i + 1} = ${value};`),
          ...statements.map((one) => `${one};`),
          `defineKernel(${last});`,
        ].join("\n"),
      );
    const change = (x: Record<string, unknown>): void => {
      for (const key of Object.keys(Object(x))) {
        change(x[key] as Record<string, unknown>);
        x[key] = 9;
      }
    };
    let known = 0;
    fc.assert(
      fc.property(program, (text) => {
        const seen: string[] = [];
        const run = new Function("defineKernel", "change", "console", text.replace(/ as any\)!/g, ")"));
        try {
          run((spec: unknown) => seen.push(JSON.stringify(spec)), change, { log: () => undefined });
        } catch {
          return;
        }
        const { calls } = scan(IMPORT + text, "app.ts");
        expect(calls.length).toBe(seen.length);
        for (const [i, call] of calls.entries()) {
          if (call.kind !== "static") continue;
          known++;
          expect(JSON.stringify(call.spec)).toBe(seen[i]);
        }
      }),
      { seed: SEED, numRuns: 3000 },
    );
    expect(known).toBeGreaterThan(50);
  });

  test("a constant shared by a call that is not known", () => {
    const text = `${IMPORT}const s = { a: [1] }; const f = (w) => defineKernel({ ...s, w }); defineKernel(s);`;
    const [late, early] = scan(text, "app.ts").calls;
    expect(late).toMatchObject({ kind: "dynamic", reason: "`w` is a parameter" });
    expect(early).toMatchObject({ kind: "static", spec: { a: [1] } });
  });

  test.each([
    ["class T { constructor(private w: number) { defineKernel({ w }); } }", "`w` is a parameter"],
    ["enum E { w = 4, v = defineKernel({ w }) }", "`w` is not known until it runs"],
    ["switch (defineKernel({ w })) { case 1: const w = 4; }", "`w` is not known until it runs"],
    ["try {} catch (w) { defineKernel({ w }); }", "`w` is not known until it runs"],
    ["function f() { defineKernel({ w }); var w = 4; }", "`w` is no constant"],
    ["{ defineKernel({ w }); function w() {} }", "`w` is not known until it runs"],
  ])("a name that means something else within: %s", (text, reason) => {
    expect(specOf(`const w = 3; ${text}`)).toBe(reason);
  });
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
