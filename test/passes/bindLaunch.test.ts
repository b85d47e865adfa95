/** bindLaunch: loops that may run side by side run in turn, unless they would wait for each other. */
import { expect, test } from "vitest";
import { bindLaunch } from "../../src/codegen/passes/bindLaunch.js";
import { JS } from "../../src/codegen/target.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { at, barrier, buffer, kernel, loop, store } from "../support/kernels.js";
import { after } from "../support/passes.js";

const BUFFERS = [buffer("x", [64], "input"), buffer("out", [64], "output")];

test("in turn", () => {
  const inner = store("out", ["16*i + 4*j + k"], at("x", "16*i + 4*j + k"));
  const body = [loop("i", 3, [loop("j", 3, [loop("k", 4, [inner], "invocation.x")], "workgroup.y")], "parallel")];
  expect(after(bindLaunch, kernel(BUFFERS, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        for j < 3
          for k < 4
            out[16*i + 4*j + k] = x[16*i + 4*j + k]
    "
  `);
});

test("a barrier cannot be taken in turn", () => {
  const body = [loop("i", 4, [store("out", ["i"], at("x", "i")), barrier], "invocation.x")];
  expect(errorOf(thrownBy(() => bindLaunch(kernel(BUFFERS, body), JS)))).toMatchInlineSnapshot(
    `"invalid-schedule: tiny has barriers, but this target has no workgroups; cache in local memory"`,
  );
});
