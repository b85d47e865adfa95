/** From text to trees, and back. */
import { describe, expect, test } from "vitest";
import { type Formula, type FormulaLine, parseFormula, printFormula } from "../../src/formula/index.js";
import { errorOf, thrownBy } from "../support/errors.js";

/** As it is printed, which shows how it was read. */
const again = (text: string): string => printFormula(parseFormula(text));
/** A value, as it is printed. */
const value = (text: string): string => again(`o[] = ${text}`).replace("o[] = ", "");
/** A subscript, as it is printed. */
const subscript = (text: string): string => again(`o[] = sum(y, x: v[${text}])`).replace(/^.*v\[|\]\)$/g, "");

const onlyLine = ({ lines }: Formula): FormulaLine => {
  expect(lines.length).toBe(1);
  return lines[0] as FormulaLine;
};

describe("lines", () => {
  test("end with a new line or a semicolon, but not in brackets", () => {
    expect(again("a[] = 1; b[] = 2\n\n;\nc[] = max(\n 1,\n 2)\r\nd[]=3")).toBe(
      "a[] = 1\nb[] = 2\nc[] = max(1, 2)\nd[] = 3",
    );
  });
  test("end where a comment begins", () => {
    expect(again("# first; a[] = 0\na[] = 1 # + 2\nb[] = sum(: # terms\n 3)")).toBe("a[] = 1\nb[] = sum(: 3)");
  });
  test("state extents and conditions", () => {
    const text = "o[2*q + p] = v[q, p] for q < 4, p if 2*q + p < 7 and 0 <= q";
    expect(again(text)).toBe(text);
    const { axes, conditions } = onlyLine(parseFormula(text));
    expect(axes.map(({ name, extent }) => [name, extent])).toEqual([
      ["q", 4],
      ["p", undefined],
    ]);
    expect(conditions.length).toBe(2);
  });
});

describe("values", () => {
  test.each([
    ["a[] + b[] * c[]", "a[] + b[] * c[]"],
    ["(a[] + b[]) * c[]", "(a[] + b[]) * c[]"],
    ["a[] - (b[] - c[])", "a[] - (b[] - c[])"],
    ["a[] - b[] - c[]", "a[] - b[] - c[]"],
    ["a[] / (b[] / c[])", "a[] / (b[] / c[])"],
    ["((a[]) / b[]) * c[]", "a[] / b[] * c[]"],
    ["-a[] * b[]", "-a[] * b[]"],
    ["-(a[] * b[])", "-(a[] * b[])"],
    ["--a[]", "-(-a[])"],
    ["- - 2", "-(-2)"],
    ["-(2)", "-(2)"],
    ["a[] - -2", "a[] - -2"],
  ])("%s", (text, printed) => expect(value(text)).toBe(printed));

  test.each([
    ["0.5", 0.5],
    [".5", 0.5],
    ["2.", 2],
    ["1e-3", 0.001],
    ["2.5E+2", 250],
    ["-7", -7],
    ["inf", Number.POSITIVE_INFINITY],
    ["-inf", Number.NEGATIVE_INFINITY],
    ["-0", -0],
    ["1e400", Number.POSITIVE_INFINITY],
  ])("the number %s", (text, number) => {
    const node = onlyLine(parseFormula(`o[] = ${text}`)).value;
    expect(node).toMatchObject({ kind: "number", value: number });
    expect(
      onlyLine(parseFormula(printFormula({ lines: [onlyLine(parseFormula(`o[] = ${text}`))] }))).value,
    ).toMatchObject({
      value: number,
    });
  });

  test("functions, choices and reductions", () => {
    const text = "max(relu(a[]), where(a[] <= 2, sum(k < 3, j if k >= j for i: b[k, j]), max(: 1)))";
    expect(value(text)).toBe(text);
  });
  test("a colon makes a reduction of max and min", () => {
    expect(onlyLine(parseFormula("o[] = max(k: a[k])")).value.kind).toBe("reduction");
    expect(onlyLine(parseFormula("o[] = max(a[0], max(k: a[k]))")).value.kind).toBe("call");
    expect(onlyLine(parseFormula("o[] = min(if 0 >= 1: 2)")).value).toMatchObject({ kind: "reduction", axes: [] });
  });
  test("any name is legal where a name can stand", () => {
    const text = "sum[and] = sum(for1: mean[and, for1]) * inf[and] + -inf[and] if and < 2 and and > 0";
    expect(again(text)).toBe(text);
  });
});

describe("subscripts", () => {
  test.each([
    ["2*y + x - 1", "2*y + x - 1"],
    ["y*2+x", "y*2 + x"],
    ["-y", "-y"],
    ["7 - (y - x)", "7 - (y - x)"],
    ["floor(y/2) % 3", "floor(y/2) % 3"],
    ["(y + 1 - 2*x)/2", "(y + 1 - 2*x)/2"],
    ["y / 2 / 3", "y/2/3"],
    ["y % (4 * 2)", "y % (4*2)"],
    ["floor((floor(y/2) + 1)/3)", "floor((floor(y/2) + 1)/3)"],
    ["floor, x", "floor, x"],
  ])("%s", (text, printed) => expect(subscript(text)).toBe(printed));

  test("a chain of conditions is one for each pair of neighbours", () => {
    expect(value("sum(k if 0 <= k + 1 < 5 > k: a[k])")).toBe("sum(k if 0 <= k + 1 and k + 1 < 5 and 5 > k: a[k])");
  });
});

test("each part knows its place", () => {
  const text = "a[] = 1\n  o[i] = relu(2*(x[i - 1]))";
  const { span, value: relu } = parseFormula(text).lines[1] as FormulaLine;
  expect(text.slice(span?.from, span?.to)).toBe("o[i]");
  expect(text.slice(relu.span?.from, relu.span?.to)).toBe("relu(2*(x[i - 1]))");
  const [product] = relu.kind === "call" ? relu.operands : [];
  expect(text.slice(product?.span?.from, product?.span?.to)).toBe("2*(x[i - 1])");
});

describe("bounds", () => {
  test("64 kB of text", () => {
    const text = `o[] = 1 #${"x".repeat(2 ** 16 - 9)}`;
    expect(again(text)).toBe("o[] = 1");
    expect(errorOf(thrownBy(() => parseFormula(`${text}x`)))).toMatch(/^invalid-formula: a formula has at most 65536/);
  });
  test("200 brackets", () => {
    const nested = (depth: number) => `o[] = ${"(".repeat(depth)}1${")".repeat(depth)}`;
    expect(again(nested(200))).toBe("o[] = 1");
    expect(errorOf(thrownBy(() => parseFormula(nested(201))))).toMatch(/nested at most 200 deep/);
  });
  test("1000 parts, of a line and of each subscript", () => {
    const sum = (parts: number, part: string) => new Array(parts).fill(part).join(" + ");
    expect(again(`o[] = ${sum(1000, "a[]")}`)).toBe(`o[] = ${sum(1000, "a[]")}`);
    expect(again(`o[] = a[${sum(1000, "1")}] + a[${sum(1000, "1")}]`).length).toBeGreaterThan(8000);
    expect(errorOf(thrownBy(() => parseFormula(`o[] = a[${sum(1001, "1")}]`)))).toMatch(/at most 1000 parts/);
  });
});
