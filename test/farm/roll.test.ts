/** Who is there, as workers say: none for ever, and no more than a farm has. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GONE_MS, Roll } from "../../src/farm/roll.js";
import { CLASS } from "../support/farm.js";

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const hello = (worker: string, deviceClass = CLASS) => ({ worker, deviceClass });
const classOf = (engine: string) => ({ ...CLASS, machine: { ...CLASS.machine, engine } });

describe("the roll", () => {
  test("tells the first worker of a class from others", () => {
    const roll = new Roll();
    expect(roll.note(hello("a"))).toEqual(CLASS);
    expect([roll.note(hello("a")), roll.note(hello("b"))]).toEqual([undefined, undefined]);
    expect(roll.note(hello("a", classOf("V8 14.0")))).toEqual(classOf("V8 14.0"));
    expect([roll.count(CLASS), roll.count(classOf("V8 14.0")), roll.count(classOf("?"))]).toEqual([2, 1, 0]);
  });

  test("forgets a worker that has said nothing for long", () => {
    const roll = new Roll();
    roll.note(hello("a"));
    now = GONE_MS / 2;
    roll.note(hello("b"));
    now = GONE_MS + 1;
    expect(roll.count(CLASS)).toBe(1);
    now = 2 * GONE_MS;
    expect(roll.count(CLASS)).toBe(0);
  });

  test("holds no more classes and workers than a farm has, whatever strangers say", () => {
    const roll = new Roll();
    const classes = Array.from({ length: 1000 }, (_, i) => roll.note(hello("a", classOf(`V8 ${i}`))));
    expect(classes.filter((one) => one !== undefined).length).toBe(32);
    const first = classOf("V8 0");
    for (let i = 0; i < 10_500; i++) roll.note(hello(`${i}`, first));
    expect(roll.count(first)).toBe(10_000);
  });
});
