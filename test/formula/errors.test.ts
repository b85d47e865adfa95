/** Mistakes in formulas: each is a sentence that names the thing, the rule and the remedy, above the place in the text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Formula, type FormulaOptions, formulaProgram, parseFormula } from "../../src/formula/index.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";

const TENSORS: FormulaOptions["tensors"] = { a: [4, 3], b: [3, 5], x: [8], bias: [5] };

/** Those of the tensors that the text names, and more. */
function refusal(text: string, { tensors = {}, ...more }: Partial<FormulaOptions> = {}): string {
  const named = Object.entries(TENSORS).filter(([name]) => new RegExp(`\\b${name}\\b`).test(text));
  const options = { ...more, tensors: { ...Object.fromEntries(named), ...tensors } };
  return errorOf(thrownBy(() => formulaProgram(parseFormula(text), options)));
}

test("an error says where in the text it belongs, for editors", () => {
  const text = "output[i] = relu(\n  wrong(a[i, 0]))";
  const error = thrownBy(() => formulaProgram(parseFormula(text), { tensors: { a: [4, 3] } })) as TilewrightError;
  const { from = 0, to = 0 } = error.place ?? {};
  expect(text.slice(from, to)).toBe("wrong");
  const strange = { tensors: { a: [4], stranger: [4] } };
  expect(thrownBy(() => formulaProgram(parseFormula("output[i] = a[i]"), strange))).not.toHaveProperty("place");
});

describe("text that is no formula", () => {
  test("nothing", () =>
    expect(refusal("  # a comment\n\n")).toMatchInlineSnapshot(
      `"invalid-formula: a formula has a line at least, such as output[i, j] = sum(k: a[i, k] * b[k, j])"`,
    ));
  test.each(["x".repeat(60_000), "9".repeat(200)])("a word that would fill the message", (word) => {
    const message = refusal(`output[i] = ${word} for i < 3`);
    expect(message).toMatch(/^invalid-formula: a name or a number has at most 100 characters; this one has \d+\n/);
    expect(message.length).toBeLessThan(300);
  });
  test("no =", () =>
    expect(refusal("output[i] sum(k: a[i, k])")).toMatchInlineSnapshot(`
    "invalid-formula: a line tensor[...] = value needs a = here; got sum
      output[i] sum(k: a[i, k])
                ^^^"
  `));
  test("two =", () =>
    expect(refusal("output[i] = x[i] = bias[i]")).toMatchInlineSnapshot(`
      "invalid-formula: behind the value of a line stand for and if alone, and then a new line; got =
        output[i] = x[i] = bias[i]
                         ^"
    `));
  test("no element on the left", () =>
    expect(refusal("sum(k: a[i, k])")).toMatchInlineSnapshot(`
    "invalid-formula: a line begins with the element that it computes, as in output[i, j] = sum(k: a[i, k] * b[k, j])
      sum(k: a[i, k])
      ^^^"
  `));
  test("no brackets on the left", () =>
    expect(refusal("output = x[i]")).toMatchInlineSnapshot(`
    "invalid-formula: the tensor output, even without dimensions, needs a [ here; got =
      output = x[i]
             ^"
  `));
  test("no value", () =>
    expect(refusal("output[i] =\n")).toMatchInlineSnapshot(`
      "invalid-formula: a value is needed here, such as a number or x[i]; got the end of the line
        output[i] =
                   ^"
    `));
  test("a line that goes on", () =>
    expect(refusal("output[i] = x[i]\n  for i < 3")).toMatchInlineSnapshot(`
      "invalid-formula: for belongs to the line before; write it behind the value there
      2 |   for i < 3
            ^^^"
    `));
  test("a bracket that is not closed", () =>
    expect(refusal("output[i] = sum(k: a[i, k] * 2")).toMatchInlineSnapshot(`
    "invalid-formula: this ( is never closed; put a ) where it ends
      output[i] = sum(k: a[i, k] * 2
                     ^"
  `));
  test("a bracket that closes nothing", () =>
    expect(refusal("output[i] = x[i])")).toMatchInlineSnapshot(`
    "invalid-formula: this ) closes nothing; leave it out, or open a bracket before it
      output[i] = x[i])
                      ^"
  `));
  test("a bracket that closes another", () =>
    expect(refusal("output[i] = x[(i]")).toMatchInlineSnapshot(`
    "invalid-formula: this ] stands where a ) closes the bracket; write )
      output[i] = x[(i]
                      ^"
  `));
  test("no colon", () =>
    expect(refusal("output[i] = sum(k a[i, k])")).toMatchInlineSnapshot(`
    "invalid-formula: a sum names its axes, and a colon follows them, as in sum(k: x[k])
      output[i] = sum(k a[i, k])
                  ^^^"
  `));
  test("no comma", () =>
    expect(refusal("output[i] = sum(k: a[i k])")).toMatchInlineSnapshot(`
    "invalid-formula: a sign is missing before k; a product is written with *, as in 2*x
      output[i] = sum(k: a[i k])
                             ^"
  `));
  test("no sign between factors", () =>
    expect(refusal("output[i] = 2x[i]")).toMatchInlineSnapshot(`
    "invalid-formula: a sign is missing before x; a product is written with *, as in 2*x
      output[i] = 2x[i]
                   ^"
  `));
  test("a power", () =>
    expect(refusal("output[i] = x[i]^2")).toMatchInlineSnapshot(`
      "invalid-formula: a formula has no sign "^"; a power is a product, as in x[i]*x[i]
        output[i] = x[i]^2
                        ^"
    `));
  test("an underscore", () =>
    expect(refusal("my_output[i] = x[i]")).toMatchInlineSnapshot(`
      "invalid-formula: a formula has no sign "_"; a name is made of letters and digits; write myOutput
        my_output[i] = x[i]
          ^"
    `));
  test("the sign of a power that JavaScript has", () =>
    expect(refusal("output[i] = sum(k: (x[k] - y[i])**2)")).toMatchInlineSnapshot(`
      "invalid-formula: a formula has no **; a power is a product, as in x[i]*x[i]
        output[i] = sum(k: (x[k] - y[i])**2)
                                        ^^"
    `));
  test("a function for powers", () => {
    expect(refusal("output[i] = square(x[i])")).toMatchInlineSnapshot(`
      "invalid-formula: there is no function square; a power is a product, as in x[i]*x[i]
        output[i] = square(x[i])
                    ^^^^^^"
    `);
    expect(refusal("output[i] = pow(x[i], 2)")).toMatchInlineSnapshot(`
      "invalid-formula: there is no function pow; a power is a product, as in x[i]*x[i]
        output[i] = pow(x[i], 2)
                    ^^^"
    `);
  });
  test("an underscore in a name that is read", () => {
    expect(refusal("output[i] = _in_put__values_2[i]")).toContain(
      'no sign "_"; a name is made of letters and digits; write inPutValues2\n',
    );
    expect(refusal("output[i] = _1[i]")).toContain("a name is made of letters and digits\n");
  });
  test("signs of other languages", () => {
    expect(refusal("output[i] = x[i] if i < 3 & i > 1")).toContain("conditions are joined by and");
    expect(refusal("output[i] = x[i] > 0 ? 1 : 2")).toContain("a choice is where(a < b, then, otherwise)");
    expect(refusal("output[i] = x[i] @ y[i]")).toContain("as in sum(k: a[i, k] * b[k, j])");
    expect(refusal("output[i] = x[i]!")).toContain('no sign "!"; it has letters, digits and [');
  });
  test("a number in place of an axis", () =>
    expect(refusal("output[i] = sum(3: a[i, k])")).toMatchInlineSnapshot(`
      "invalid-formula: the name of an axis is needed here; got 3
        output[i] = sum(3: a[i, k])
                        ^"
    `));
  test("an axis as a value", () =>
    expect(refusal("output[i] = x[i] * i")).toMatchInlineSnapshot(`
      "invalid-formula: i is no value; a value is a number or an element of a tensor, such as x[i]
        output[i] = x[i] * i
                           ^"
    `));
  test("a tensor without brackets", () =>
    expect(refusal("output[i] = relu(x)")).toMatchInlineSnapshot(`
      "invalid-formula: x is no value; a value is a number or an element of a tensor, such as x[i]
        output[i] = relu(x)
                         ^"
    `));
  test("a tensor in a subscript", () =>
    expect(refusal("output[i] = x[bias[i]]")).toMatchInlineSnapshot(`
    "invalid-formula: a subscript is made of axes and integers; bias[...] is a value
      output[i] = x[bias[i]]
                    ^^^^"
  `));
  test("a function in a subscript", () =>
    expect(refusal("output[i] = x[abs(i)]")).toMatchInlineSnapshot(`
    "invalid-formula: subscripts have no function but floor
      output[i] = x[abs(i)]
                    ^^^"
  `));
  test("a rest of values", () =>
    expect(refusal("output[i] = x[i] % 2")).toMatchInlineSnapshot(`
    "invalid-formula: only subscripts have rests, by %; got %
      output[i] = x[i] % 2
                       ^"
  `));
  test("a choice without a comparison", () =>
    expect(refusal("output[i] = where(x[i], 1, 2)")).toMatchInlineSnapshot(`
    "invalid-formula: where(a < b, x, y) compares by <, <=, >, >= or ==; got ,
      output[i] = where(x[i], 1, 2)
                            ^"
  `));
  test("a condition that compares by ==", () => {
    expect(refusal("output[i] = sum(k if k == i: a[i, k])")).toMatchInlineSnapshot(`
      "invalid-formula: a condition compares by <, <=, > or >=; got ==
        output[i] = sum(k if k == i: a[i, k])
                               ^^"
    `);
  });
  test("a colon in what has no axes", () =>
    expect(refusal("output[i] = relu(k: a[i, k])")).toMatchInlineSnapshot(`
    "invalid-formula: relu has no axes; sum, max, min, mean have
      output[i] = relu(k: a[i, k])
                  ^^^^"
  `));
  test("too deep", () => {
    expect(refusal(`output[] = ${"(".repeat(300)}1${")".repeat(300)}`)).toMatchInlineSnapshot(`
      "invalid-formula: a formula is nested at most 200 deep; give inner parts a line of their own
        ...((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((...
                                               ^"
    `);
  });
  test("too many parts", () => {
    expect(refusal(`output[] = ${new Array(1001).fill("x[0]").join(" + ")}`)).toMatchInlineSnapshot(`
      "invalid-formula: a line has at most 1000 parts, as has a subscript; give some of them a line of their own
        ...x[0] + x[0] + x[0] + x[0] + x[0] + x[0] + x[0] + x[0] + x[0] + x[0] + x[0]
                                                                                 ^"
    `);
  });
  test("too long", () =>
    expect(refusal(`output[] = ${"1 + ".repeat(20_000)}1`)).toMatchInlineSnapshot(
      `"invalid-formula: a formula has at most 65536 characters, and this 80012; describe less of it at once"`,
    ));
});

describe("names", () => {
  test("an unknown tensor", () =>
    expect(refusal("output[i] = xx[i] + x[i]")).toMatchInlineSnapshot(`
      "invalid-formula: there is no tensor xx; did you mean x?
        output[i] = xx[i] + x[i]
                    ^^"
    `));
  test("an unknown tensor, not like another", () =>
    expect(refusal("output[i] = value[i]")).toMatchInlineSnapshot(`
    "invalid-formula: there is no tensor value; give its shape in tensors, or compute it in a line before
      output[i] = value[i]
                  ^^^^^"
  `));
  test("an unknown axis", () =>
    expect(refusal("output[i] = a[i, k]")).toMatchInlineSnapshot(`
    "invalid-formula: k is no axis here; sum over it, as in sum(k: ...), or name it on the left
      output[i] = a[i, k]
                       ^"
  `));
  test("an unknown function", () =>
    expect(refusal("output[i] = reLU6(tahn(x[i]))")).toMatchInlineSnapshot(`
    "invalid-formula: there is no function reLU6; did you mean relu6?
      output[i] = reLU6(tahn(x[i]))
                  ^^^^^"
  `));
  test("an unknown function, like no other", () =>
    expect(refusal("output[i] = fourier(x[i])")).toMatchInlineSnapshot(`
      "invalid-formula: there is no function fourier; there are abs, sqrt, exp, log, tanh, erf, sin, cos, max, min, relu, relu6, sigmoid, silu, gelu, geluTanh, hardSwish, softplus, leakyRelu, elu, snake, clip, where, sum, mean
        output[i] = fourier(x[i])
                    ^^^^^^^"
    `));
  test("too few values", () =>
    expect(refusal("output[i] = clip(x[i], 0)")).toMatchInlineSnapshot(`
      "invalid-formula: clip is written clip(x, lowest, highest); got 2 values
        output[i] = clip(x[i], 0)
                    ^^^^^^^^^^^^^"
    `));
  test("a maximum without axes", () =>
    expect(refusal("output[i] = max(x[i])")).toMatchInlineSnapshot(`
      "invalid-formula: max is written max(a, b), and over axes max(k: x[k]); got 1 value
        output[i] = max(x[i])
                    ^^^^^^^^^"
    `));
  test("an axis in two roles", () =>
    expect(refusal("output[k] = sum(k: a[k, k])")).toMatchInlineSnapshot(`
    "invalid-formula: k is already an axis here; give the axis of the reduction a name of its own
      output[k] = sum(k: a[k, k])
                      ^"
  `));
  test("an axis twice in a list", () =>
    expect(refusal("output[i] = sum(k, k: a[i, k])")).toMatchInlineSnapshot(`
    "invalid-formula: k is named twice; give the axis of the reduction a name of its own
      output[i] = sum(k, k: a[i, k])
                         ^"
  `));
  test("an axis called like a tensor", () =>
    expect(refusal("output[x] = x[x]")).toMatchInlineSnapshot(`
    "invalid-formula: x is a tensor, so no axis may be called so; rename one of them
      output[x] = x[x]
             ^"
  `));
  test("an axis that is a word of code", () =>
    expect(refusal("output[loop] = x[loop]")).toMatchInlineSnapshot(`
      "invalid-formula: no axis may be called loop, as code has the word for itself; rename it
        output[loop] = x[loop]
               ^^^^"
    `));
  test("an axis in capitals", () =>
    expect(refusal("output[I] = x[I]")).toMatchInlineSnapshot(`
    "invalid-formula: the name of an axis is at most 16 small letters and digits; got I
      output[I] = x[I]
             ^"
  `));
  test("a tensor that is a word of code", () =>
    expect(refusal("array[i] = x[i]")).toMatchInlineSnapshot(`
      "invalid-formula: no tensor may be called array, as code has the word for itself; rename it
        array[i] = x[i]
        ^^^^^"
    `));
  test("too few subscripts", () =>
    expect(refusal("output[i] = a[i]")).toMatchInlineSnapshot(`
      "invalid-formula: a has 2 dimensions, with a subscript for each; got 1 subscript
        output[i] = a[i]
                    ^^^^"
    `));
  test("other dimensions than the line before", () => {
    expect(refusal("output[i, 0] = x[i]\noutput[i] = x[i]")).toMatchInlineSnapshot(`
      "invalid-formula: output has 2 dimensions, with a subscript for each; got 1 subscript
      2 | output[i] = x[i]
          ^^^^^^^^^"
    `);
  });
});

describe("order", () => {
  test("reads what it writes", () => {
    expect(refusal("output[i] = output[i] + x[i]", { tensors: { output: [8] } })).toMatchInlineSnapshot(`
      "invalid-formula: the line reads output, which it writes; give the result another name
        output[i] = output[i] + x[i]
                    ^^^^^^"
    `);
  });
  test("reads what is written later", () => {
    expect(refusal("output[i] = half[i]\nhalf[i] = x[i] / 2")).toMatchInlineSnapshot(`
      "invalid-formula: half is read before all of it is written; move this line below those that write it
      1 | output[i] = half[i]
                      ^^^^"
    `);
  });
});

describe("extents", () => {
  test("two", () =>
    expect(refusal("output[i, j] = sum(k: a[i, k] * b[j, k])")).toMatchInlineSnapshot(`
      "invalid-formula: the axis k has the extent 3 in a[i, k] and 5 in b[j, k]; make both sizes equal, or state the extent of the axis
        output[i, j] = sum(k: a[i, k] * b[j, k])
                                             ^"
    `));
  test("none of a reduction", () =>
    expect(refusal("output[i] = sum(k: x[i + k])")).toMatchInlineSnapshot(`
    "invalid-formula: the extent of the axis i follows from no shape; state it behind the line, as in "for i < 3", or give the shape of output
      output[i] = sum(k: x[i + k])
             ^"
  `));
  test("none of a line", () =>
    expect(refusal("output[2*q + p] = x[2*q + p]")).toMatchInlineSnapshot(`
    "invalid-formula: the extent of the axis q follows from no shape; state it behind the line, as in "for q < 3", or give the shape of output
      output[2*q + p] = x[2*q + p]
               ^"
  `));
  test("no integer", () =>
    expect(refusal("output[i] = sum(k < 2.5: x[i])")).toMatchInlineSnapshot(`
    "invalid-formula: an extent is an integer >= 0; got 2.5
      output[i] = sum(k < 2.5: x[i])
                          ^^^"
  `));
});

describe("subscripts", () => {
  test("outside, and no term of a sum", () => {
    expect(refusal("output[i] = x[i - 1]", { tensors: { output: [8] } })).toMatchInlineSnapshot(`
      "invalid-formula: i - 1 reaches -1 in x[i - 1], where x has the size 8; a term of a sum may read outside, as in sum(: x[i - 1])
        output[i] = x[i - 1]
                      ^^^^^"
    `);
  });
  test("beyond the end", () =>
    expect(refusal("output[i] = x[i + 6] for i < 3")).toMatchInlineSnapshot(`
      "invalid-formula: i + 6 reaches 8 in x[i + 6], where x has the size 8; a term of a sum may read outside, as in sum(: x[i - 1])
        output[i] = x[i + 6] for i < 3
                      ^^^^^"
    `));
  test("a product of axes", () => {
    expect(refusal("output[y, z] = sum(: x[y*z]) for y < 3, z < 3")).toMatchInlineSnapshot(`
      "invalid-formula: y*z multiplies axes; a subscript is a sum of axes, each times an integer
        output[y, z] = sum(: x[y*z]) for y < 3, z < 3
                               ^^^"
    `);
  });
  test("divided by 0", () =>
    expect(refusal("output[i] = sum(: x[i/0])")).toMatchInlineSnapshot(`
      "invalid-formula: i/0 divides by 0; a subscript is divided by an integer >= 1
        output[i] = sum(: x[i/0])
                              ^"
    `));
  test("divided by an axis", () =>
    expect(refusal("output[i] = sum(k < 2: x[i/k])")).toMatchInlineSnapshot(`
      "invalid-formula: i/k divides by k; a subscript is divided by an integer >= 1
        output[i] = sum(k < 2: x[i/k])
                                   ^"
    `));
  test("half an index", () =>
    expect(refusal("output[i] = sum(: x[i + 0.5])")).toMatchInlineSnapshot(`
      "invalid-formula: a subscript counts in integers of at most 2147483647; got 0.5
        output[i] = sum(: x[i + 0.5])
                                ^^^"
    `));
  test("an exact division at a point", () => {
    expect(refusal("output[i] = x[i/2]", { tensors: { output: [8] } })).toMatchInlineSnapshot(`
      "invalid-formula: i/2 leaves a rest at some points, and only terms may be left out; write floor(i/2), or sum(: ...) around what reads there
        output[i] = x[i/2]
                      ^^^"
    `);
  });
  test("floor of what is no division", () =>
    expect(refusal("output[i] = x[floor(i)]")).toMatchInlineSnapshot(`
      "invalid-formula: floor is taken of a division, as in floor(y/2); got floor(i)
        output[i] = x[floor(i)]
                      ^^^^^^^^"
    `));
  test("a quotient of terms", () => {
    expect(refusal("output[i] = sum(k: x[floor(k/2)] * a[i, k])")).toMatchInlineSnapshot(`
      "invalid-formula: floor(k/2) moves unevenly with k, whose values are terms of one sum; copy what it reads to its place in a stage before
        output[i] = sum(k: x[floor(k/2)] * a[i, k])
                             ^^^^^^^^^^"
    `);
  });
  test("too many phases", () => {
    expect(refusal("output[i] = x[i % 5000]", { tensors: { output: [10_000] } })).toMatchInlineSnapshot(`
      "invalid-formula: i % 5000 needs 5000 stages, one for each phase, of at most 4096; write the parts of the axis as axes of their own
        output[i] = x[i % 5000]
                      ^^^^^^^^"
    `);
  });
});

describe("what is written", () => {
  test("divided on the left", () =>
    expect(refusal("output[i/2] = x[i]")).toMatchInlineSnapshot(`
      "invalid-formula: i/2 divides; what a line writes, and where, are sums of axes, each times an integer
        output[i/2] = x[i]
               ^^^"
    `));
  test("twice, by one line", () =>
    expect(refusal("output[j] = x[i] for i < 8, j < 2")).toMatchInlineSnapshot(`
    "invalid-formula: the line writes an element twice, the second time where i = 1, j = 0; let its points differ
      output[j] = x[i] for i < 8, j < 2
      ^^^^^^^^^"
  `));
  test("twice, by two lines", () => {
    expect(refusal("output[i] = x[i]\noutput[2*i + 7] = x[i]")).toMatchInlineSnapshot(`
      "invalid-formula: output[7] is written by line 1, too; let one of them write it
      2 | output[2*i + 7] = x[i]
          ^^^^^^^^^^^^^^^"
    `);
  });
  test("never", () =>
    expect(refusal("output[2*i] = x[i]")).toMatchInlineSnapshot(`
    "invalid-formula: output[1] is never written, as output has the shape [15]; write it in a line of its own, or give the tensor another shape
      output[2*i] = x[i]
      ^^^^^^^^^^^"
  `));
  test("outside", () => {
    expect(refusal("output[i + 1] = x[i]", { tensors: { output: [8] } })).toMatchInlineSnapshot(`
      "invalid-formula: i + 1 reaches 8 in output[i + 1], where output has the size 8; shift it, or state other extents
        output[i + 1] = x[i]
               ^^^^^"
    `);
  });
  test("too much to look at one by one", () => {
    expect(refusal("output[2*i + 3*j] = 1 for i < 3000, j < 3000")).toMatchInlineSnapshot(`
      "invalid-formula: 9000000 elements of output are too many to check that each is written once; give each dimension axes of its own
        output[2*i + 3*j] = 1 for i < 3000, j < 3000
        ^^^^^^^^^^^^^^^^^"
    `);
  });
});

describe("roles", () => {
  test("weights that are computed", () => {
    expect(refusal("half[i] = x[i] / 2; output[i] = half[i]", { weights: ["half"] })).toMatchInlineSnapshot(`
      "invalid-formula: weights are given, and half is computed here; take it out of weights
        half[i] = x[i] / 2; output[i] = half[i]
        ^^^^^^^"
    `);
  });
  test("weights that there are not", () => {
    expect(refusal("output[i] = x[i] + bias[0]", { weights: ["bais"] })).toMatchInlineSnapshot(
      `"invalid-formula: weights has bais, which no line reads; did you mean bias?"`,
    );
    expect(refusal("output[i] = x[i]", { weights: ["w".repeat(1e5)] })).toMatch(
      /^invalid-argument: weights are names of tensors, at most 64 letters and digits, a letter first; got "w{90,100}/,
    );
  });
  test("a shape of nothing", () => {
    expect(refusal("output[i] = x[i]", { tensors: { outptu: [8] } })).toMatchInlineSnapshot(
      `"invalid-formula: tensors has a shape for outptu, which no line names; did you mean output?"`,
    );
  });
  test("outputs that are given", () => {
    expect(refusal("output[i] = x[i]", { outputs: ["output", "x"] })).toMatchInlineSnapshot(
      `"invalid-formula: outputs has x, which no line writes"`,
    );
  });
  test("results that nobody gets", () => {
    expect(refusal("half[i] = x[i] / 2; output[i] = x[i]", { outputs: ["output"] })).toMatchInlineSnapshot(`
      "invalid-formula: half is computed, and nothing uses it; leave the line out, or put half into outputs
        half[i] = x[i] / 2; output[i] = x[i]
        ^^^^^^^"
    `);
  });
  test("constants that are weights", () => {
    const more = { weights: ["bias"], constants: { bias: [1, 2, 3, 4, 5] } };
    expect(refusal("output[i] = bias[i]", more)).toMatchInlineSnapshot(
      `"invalid-formula: bias is among weights and among constants; leave it in one of them"`,
    );
  });
});

describe("values", () => {
  test("too many for an element", () => {
    const [before, after] = ["gelu(".repeat(20), ")".repeat(20)];
    expect(refusal(`output[i] = ${before}x[i]${after}`)).toMatchInlineSnapshot(`
      "invalid-formula: the line computes more than 1000 numbers for an element; give some of it a line of its own
        output[i] = gelu(gelu(gelu(gelu(gelu(gelu(gelu(gelu(gelu(gelu(gelu(gelu(gel...
        ^^^^^^^^^"
    `);
  });
  test("a mean of too many windows", () => {
    expect(
      refusal("output[i, j] = mean(k < 9, l < 9: x[i + j + k + l])", { tensors: { output: [3000, 2000] } }),
    ).toMatchInlineSnapshot(`
      "invalid-formula: the mean has too many terms to count which of them are inside; write the sum, and divide it by counts of your own
        output[i, j] = mean(k < 9, l < 9: x[i + j + k + l])
        ^^^^^^^^^^^^"
    `);
  });
});

describe("excerpts", () => {
  const long = `output[i] = ${"x[i] + ".repeat(30)}y[i]${" + x[i]".repeat(30)}`;

  test("of a long line show the part around the place", () => {
    const message = refusal(long);
    expect(message).toMatchInlineSnapshot(`
      "invalid-formula: there is no tensor y; give its shape in tensors, or compute it in a line before
        ... x[i] + x[i] + x[i] + x[i] + x[i] + y[i] + x[i] + x[i] + x[i] + x[i] + x...
                                               ^"
    `);
    expect(message.split("\n").every((line, i) => i === 0 || line.length <= 80)).toBe(true);
  });
  test("of one line among several have its number", () => {
    expect(refusal("half[i] = x[i] / 2 # what is half\n\noutput[i] = halb[i]\n")).toMatchInlineSnapshot(`
      "invalid-formula: there is no tensor halb; did you mean half?
      3 | output[i] = halb[i]
                      ^^^^"
    `);
  });
  test("show tabs as spaces", () => {
    expect(refusal("output[i]\t=\tx[j]")).toMatchInlineSnapshot(`
      "invalid-formula: j is no axis here; sum over it, as in sum(j: ...), or name it on the left
        output[i] = x[j]
                      ^"
    `);
  });
  test("are left out where code has built the formula", () => {
    const bare = JSON.parse(JSON.stringify(parseFormula("output[i] = x[j]"))) as Formula;
    const strip = (node: unknown): unknown => {
      if (Array.isArray(node)) return node.map(strip);
      if (typeof node !== "object" || node === null) return node;
      return Object.fromEntries(
        Object.entries(node).flatMap(([key, value]) => (key === "span" ? [] : [[key, strip(value)]])),
      );
    };
    const program = () => formulaProgram(strip(bare) as Formula, { tensors: { x: [8] } });
    expect(errorOf(thrownBy(program))).toMatchInlineSnapshot(
      `"invalid-formula: j is no axis here; sum over it, as in sum(j: ...), or name it on the left"`,
    );
  });
});

describe("arguments of other types", () => {
  const wrong = (options: unknown, formula: unknown = parseFormula("output[i] = x[i]")) =>
    errorOf(thrownBy(() => formulaProgram(formula as Formula, options as FormulaOptions)));

  test("text", () =>
    expect(errorOf(thrownBy(() => parseFormula(5 as unknown as string)))).toMatchInlineSnapshot(
      `"invalid-argument: a formula is text; got 5"`,
    ));
  test("a formula", () =>
    expect(wrong({ tensors: {} }, "output[i] = x[i]")).toMatchInlineSnapshot(
      `"invalid-argument: a formula is what parseFormula returns; got "output[i] = x[i]""`,
    ));
  test("options", () =>
    expect(wrong(undefined)).toMatchInlineSnapshot(
      `"invalid-argument: options of a formula are an object; got undefined"`,
    ));
  test("no tensors", () =>
    expect(wrong({})).toMatchInlineSnapshot(
      `"invalid-argument: tensors, shapes by name, are an object; got undefined"`,
    ));
  test("a shape", () =>
    expect(wrong({ tensors: { x: 8 } })).toMatchInlineSnapshot(
      `"invalid-argument: the shape of x is a list of sizes, such as [2, 3]; got 8"`,
    ));
  test("a size", () =>
    expect(wrong({ tensors: { x: [8.5] } })).toMatchInlineSnapshot(
      `"invalid-argument: sizes of x are integers >= 0; got 8.5"`,
    ));
  test("a name", () =>
    expect(wrong({ tensors: { "x y": [8] } })).toMatchInlineSnapshot(
      `"invalid-argument: the name of a tensor is at most 64 letters and digits, a letter first; got "x y""`,
    ));
  test("weights", () =>
    expect(wrong({ tensors: { x: [8] }, weights: "x" })).toMatchInlineSnapshot(
      `"invalid-argument: weights are a list of names of tensors; got "x""`,
    ));
  test("values", () =>
    expect(wrong({ tensors: { x: [2] }, constants: { x: [1] } })).toMatchInlineSnapshot(
      `"invalid-argument: x has 2 elements, and 1 values are given"`,
    ));
  test("the program's name", () =>
    expect(wrong({ tensors: { x: [8] }, name: "a b" })).toMatchInlineSnapshot(
      `"invalid-argument: the name of a program is at most 64 letters and digits, a letter first; got "a b""`,
    ));
  test("a tensor that is too large", () => {
    expect(wrong({ tensors: { x: [2 ** 20, 2 ** 20] } })).toMatchInlineSnapshot(
      `"too-large: x [1048576,1048576] has 1099511627776 elements (4398046511104 bytes); at most 2147483647 can be indexed"`,
    );
  });
  test("options that throw", () => {
    const options = {
      get tensors() {
        throw new RangeError("no");
      },
    };
    expect(wrong(options)).toMatchInlineSnapshot(
      `"invalid-argument: options of a formula cannot be read, as it throws RangeError when it is; pass plain data"`,
    );
  });
});

test("any text is a formula, or refused with a place in it", () => {
  const words =
    "output x a b sum max mean where floor relu ( ) [ ] , : = + - * / % < >= if for and 0 2 1.5 inf i k # ;".split(" ");
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words, "\n"), { maxLength: 30 }).map((all) => all.join(" ")),
  );
  fc.assert(
    fc.property(text, (one) => {
      try {
        formulaProgram(parseFormula(one), { tensors: {} });
      } catch (error) {
        if (!(error instanceof TilewrightError) || error.code !== "invalid-formula") throw error;
        expect(
          error.message
            .split("\n")
            .slice(1)
            .every((line) => line.length <= 80),
        ).toBe(true);
      }
    }),
    { seed: SEED, numRuns: 5000 },
  );
});
