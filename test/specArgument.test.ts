/** `explain` of a kernel by its name in the configuration, as `tune --only` takes it. */
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tilewright } from "./support/commands.js";
import { newFolder } from "./support/folder.js";

const GATE = { op: "conv2d", value: [1, 6, 6, 3], filters: [3, 3, 3, 4], dilations: [2, 2] };
const FAST = { op: "conv2d", value: [1, 64, 64, 16], filters: [3, 3, 16, 32], accuracy: "fast" };
const before = process.cwd();
beforeEach(() => {
  process.chdir(newFolder());
  writeFileSync("tilewright.config.json", JSON.stringify({ kernels: { gate: GATE, fast: FAST } }));
});
afterEach(() => {
  process.chdir(before);
});

test("a name is the kernel, with what the configuration says of it", async () => {
  const byName = await tilewright(["explain", "gate"]);
  expect(byName).toEqual({ ...(await tilewright(["explain", JSON.stringify(GATE)])), code: 0, err: "" });
  expect((await tilewright(["explain", "fast"])).out).toMatch(/^algorithm +winograd/m);
  expect((await tilewright(["explain", "fast", "--accuracy", "exact"])).out).toMatch(/^algorithm +direct$/m);
  expect((await tilewright(["records", "explain", "gate"])).out).toMatch(/^conv2d 1x6x6x3 with 3x3x3x4/);
});

test("a file comes before a name", async () => {
  writeFileSync("gate", JSON.stringify({ ...GATE, value: [1, 7, 7, 3] }));
  expect((await tilewright(["explain", "gate"])).out).toMatch(/conv2d 1x7x7x3/);
});

test("what is neither is told the names that there are", async () => {
  expect(await tilewright(["explain", "gatt"])).toEqual({
    code: 1,
    out: "",
    err:
      "tilewright: there is no file gatt, and no kernel of that name in tilewright.config.json, " +
      "whose kernels are gate, fast; did you mean gate?\n",
  });
});
