/** Text of generated files: data comes back as it was, and nothing in it can end the comment or text it stands in. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { banner, commented } from "../../src/codegen/aot/banner.js";
import { literal, template } from "../../src/codegen/aot/literal.js";

const read = (text: string): unknown => new Function(`"use strict"; return (${text});`)();

describe("a literal", () => {
  const VALUES: readonly unknown[] = [
    -0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    1e-45,
    0.1,
    2 ** 53 + 2,
    Number.MIN_VALUE,
    "a\u2028b\u2029c\n\"'`$\x7bx}\\ */ </script> \0",
    { "a-b": 1, "*/": 2, constructor: 3, "": [null, true, {}] },
    JSON.parse('{ "__proto__": { "x": 1 }, "y": 2 }'),
    Array.from({ length: 100 }, (_, i) => ({ i, text: "long enough for several lines" })),
  ];

  test.each(VALUES)("of %j means the same", (value) => {
    expect(read(literal(value))).toStrictEqual(value);
  });

  test("keeps own keys called __proto__", () => {
    expect(Object.keys(read(literal(JSON.parse('{ "__proto__": 1 }'))) as object)).toEqual(["__proto__"]);
  });

  test("of anything means the same", () => {
    const data = fc.anything({
      withNullPrototype: false,
      values: [fc.double(), fc.string({ unit: "binary" }), fc.boolean(), fc.constant(null)],
    });
    fc.assert(
      fc.property(data, (value) => {
        fc.pre(value !== undefined);
        expect(read(literal(value))).toStrictEqual(value);
      }),
    );
  });
});

test("a template means its text", () => {
  const texts = ["`", "$\x7bx}", "\\`", "\\${", "$", "$$ {", "\\", "a\nb\u2028", "$\\{x}", "\\u0041"];
  for (const text of texts) expect(read(template(text).text)).toBe(text);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("\\", "`", "$", "{", "}", "x", "u", "\n") }), (text) => {
      expect(read(template(text).text)).toBe(text);
    }),
  );
});

test("a comment is one line, and nothing in it ends it", () => {
  const text = "a\nb\r\nc\u2028d\u2029e */ f";
  expect(commented(text)).toBe("a b c d e * / f");
  const lines = banner(text, "x").split(/[\n\r\u2028\u2029]/);
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(/^\/\/ /);
});
