/** Names that nothing else has. */
import { describe, expect, test } from "vitest";
import { FreeNames } from "../../src/ir/freeNames.js";

describe("a name like another one", () => {
  test("is that one, if nothing has it", () => {
    expect(new FreeNames(["y"]).like("x")).toBe("x");
  });

  test("is given once", () => {
    const names = new FreeNames([]);
    expect([names.like("x"), names.like("x"), names.like("x"), names.like("y")]).toEqual(["x", "x1", "x2", "y"]);
  });

  test("passes over what is taken, at whatever number", () => {
    const names = new FreeNames(["x", "x2"]);
    expect([names.like("x"), names.like("x"), names.like("x3")]).toEqual(["x1", "x3", "x31"]);
  });

  test("has a mark before its number", () => {
    const names = new FreeNames(["x"]);
    expect([names.like("x", "c"), names.like("x", "c")]).toEqual(["xc1", "xc2"]);
  });
});

describe("a numbered name", () => {
  test("has a number in any case, and the next one whatever its base", () => {
    const names = new FreeNames(["at", "at1"]);
    expect([names.numbered("at"), names.numbered("at"), names.numbered("live")]).toEqual(["at0", "at2", "live3"]);
  });

  test("is taken for names like it", () => {
    const names = new FreeNames(["x"]);
    names.numbered("y");
    names.numbered("x");
    expect(names.like("x")).toBe("x2");
  });
});
