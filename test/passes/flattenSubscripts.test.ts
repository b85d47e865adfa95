/** flattenSubscripts: row-major offsets, of parameters and of what is allocated. */
import { expect, test } from "vitest";
import { flattenSubscripts } from "../../src/codegen/passes/flattenSubscripts.js";
import { local, plus } from "../../src/ir/expr.js";
import { alloc, at, buffer, declare, kernel, loop, set, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

test("loads, stores and allocations", () => {
  const buffers = [buffer("x", [2, 3, 5], "input"), buffer("out", [3, 5], "output"), buffer("one", [1], "output")];
  const body = [
    alloc("t", [2, 3], "local", [
      loop("i", 2, [
        loop("j", 3, [
          store("t", ["i", "2 - j"], plus(at("x", "1 - i", "j", "i + 2"), at("x", "0", "0", "4"))),
          when(["j - 1"], [store("out", ["j - 1", "2*i"], at("t", "i", "2 - j"))]),
        ]),
      ]),
      declare("a", at("t", "1", "2")),
      set("a", plus(local("a"), at("x", "1", "2", "4"))),
      store("one", ["0"], local("a")),
    ]),
  ];
  expect(after(flattenSubscripts, kernel(buffers, body), { removed: ["subscript lists"] })).toMatchInlineSnapshot(`
    "kernel tiny(x, out, one) in f64
      alloc t[2, 3] local
        for i < 2
          for j < 3
            t[3*i - j + 2] = (x[-14*i + 5*j + 17] + x[4])
            if j - 1 >= 0
              out[2*i + 5*j - 5] = t[3*i - j + 2]
        local a = t[5]
        a = (a + x[29])
        one[0] = a
    "
  `);
});
