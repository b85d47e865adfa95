/** The WebAssembly that users' machines run, of a few tiny kernels and in full. */
import { describe, expect, test } from "vitest";
import { multiply, number, plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, kernel, loop, store, when } from "../support/kernels.js";
import { compileTiny, functionsOf, textOf } from "../support/wasm.js";

describe("whole functions", () => {
  test("a sum: one step per array and a counter that nobody reads", () => {
    const sums = kernel(
      [buffer("x", [3, 8], "input"), buffer("w", [8], "weights"), buffer("out", [3], "output")],
      [
        loop("i", 3, [
          alloc("acc", [1], "register", [
            store("acc", ["0"], number(0)),
            loop("k", 8, [store("acc", ["0"], plus(at("acc", "0"), multiply(at("x", "i", "k"), at("w", "k"))))]),
            store("out", ["i"], at("acc", "0")),
          ]),
        ]),
      ],
      "f32",
    );
    expect(functionsOf(compileTiny(sums).code)).toMatchInlineSnapshot(`
      "(func $tiny (export "tiny") (type $t1) (param $p0 i32) (param $p1 i32) (param $p2 i32)
        (local $l3 i32) (local $l4 f32) (local $l5 i32) (local $l6 i32) (local $l7 i32) (local $l8 i32)
        (local.set $l3
          (i32.const 0))
        (loop $L0
          (local.set $l4
            (f32.const 0x0p+0 (;=0;)))
          (local.set $l5
            (i32.add
              (local.get $p0)
              (i32.mul
                (local.get $l3)
                (i32.const 32))))
          (local.set $l6
            (local.get $l5))
          (local.set $l7
            (local.get $p1))
          (local.set $l8
            (i32.const 8))
          (loop $L1
            (local.set $l4
              (f32.add
                (local.get $l4)
                (f32.mul
                  (f32.load
                    (local.get $l6))
                  (f32.load
                    (local.get $l7)))))
            (local.set $l6
              (i32.add
                (local.get $l6)
                (i32.const 4)))
            (local.set $l7
              (i32.add
                (local.get $l7)
                (i32.const 4)))
            (br_if $L1
              (local.tee $l8
                (i32.add
                  (local.get $l8)
                  (i32.const -1)))))
          (f32.store
            (i32.add
              (local.get $p2)
              (i32.mul
                (local.get $l3)
                (i32.const 4)))
            (local.get $l4))
          (br_if $L0
            (i32.lt_s
              (local.tee $l3
                (i32.add
                  (local.get $l3)
                  (i32.const 1)))
              (i32.const 3)))))"
    `);
  });

  test("five channels: a vector and a lane of the next one", () => {
    const channels = (body: (position: string) => Stmt): Stmt =>
      loop("v", 2, [loop("l", 4, [body("4*v + l")], "vectorized")], "unrolled");
    const five = kernel(
      [buffer("w", [8], "weights"), buffer("x", [1], "input"), buffer("out", [5], "output")],
      [
        alloc("acc", [8], "register", [
          channels((position) => store("acc", [position], multiply(at("x", "0"), at("w", position)))),
          channels((position) =>
            when([`4 - ${position.replace("+", "-")}`], [store("out", [position], at("acc", position))]),
          ),
        ]),
      ],
      "f32",
    );
    expect(functionsOf(compileTiny(five).code)).toMatchInlineSnapshot(`
      "(func $tiny (export "tiny") (type $t1) (param $p0 i32) (param $p1 i32) (param $p2 i32)
        (local $l3 v128) (local $l4 v128) (local $l5 v128)
        (local.set $l3
          (v128.load32_splat
            (local.get $p1)))
        (local.set $l4
          (f32x4.mul
            (local.get $l3)
            (v128.load align=4
              (local.get $p0))))
        (local.set $l5
          (f32x4.mul
            (local.get $l3)
            (v128.load offset=16 align=4
              (local.get $p0))))
        (v128.store align=4
          (local.get $p2)
          (local.get $l4))
        (f32.store offset=16
          (local.get $p2)
          (f32x4.extract_lane 0
            (local.get $l5))))"
    `);
  });

  test("taps: the base of a tap that begins left of the image is lifted to zero", () => {
    const taps = kernel(
      [buffer("x", [4, 2], "input"), buffer("out", [4], "output")],
      [
        loop("i", 4, [
          loop("k", 3, [
            when(
              ["i - k"],
              [loop("c", 2, [store("out", ["i"], multiply(at("x", "i - k", "c"), at("x", "i - k", "1 - c")))])],
            ),
          ]),
        ]),
      ],
      "f32",
    );
    expect(functionsOf(compileTiny(taps).code)).toMatchInlineSnapshot(`
      "(func $tiny (export "tiny") (type $t1) (param $p0 i32) (param $p1 i32)
        (local $l2 i32) (local $l3 i32) (local $l4 i32) (local $l5 i32) (local $l6 i32) (local $l7 i32) (local $l8 i32) (local $l9 i32) (local $l10 i32)
        (local.set $p0
          (i32.sub
            (local.get $p0)
            (i32.const 16)))
        (local.set $l2
          (i32.const 0))
        (loop $L0
          (local.set $l3
            (i32.add
              (local.get $p0)
              (i32.mul
                (local.get $l2)
                (i32.const 8))))
          (local.set $l4
            (i32.add
              (local.get $p1)
              (i32.mul
                (local.get $l2)
                (i32.const 4))))
          (local.set $l5
            (i32.const 0))
          (loop $L1
            (if $I2
              (i32.ge_s
                (i32.add
                  (local.get $l2)
                  (i32.mul
                    (local.get $l5)
                    (i32.const -1)))
                (i32.const 0))
              (then
                (local.set $l6
                  (i32.add
                    (i32.add
                      (local.get $l3)
                      (i32.mul
                        (local.get $l5)
                        (i32.const -8)))
                    (i32.const 16)))
                (local.set $l7
                  (local.get $l4))
                (local.set $l8
                  (local.get $l6))
                (local.set $l9
                  (i32.add
                    (local.get $l6)
                    (i32.const 4)))
                (local.set $l10
                  (i32.const 2))
                (loop $L3
                  (f32.store
                    (local.get $l7)
                    (f32.mul
                      (f32.load
                        (local.get $l8))
                      (f32.load
                        (local.get $l9))))
                  (local.set $l8
                    (i32.add
                      (local.get $l8)
                      (i32.const 4)))
                  (local.set $l9
                    (i32.add
                      (local.get $l9)
                      (i32.const -4)))
                  (br_if $L3
                    (local.tee $l10
                      (i32.add
                        (local.get $l10)
                        (i32.const -1)))))))
            (br_if $L1
              (i32.lt_s
                (local.tee $l5
                  (i32.add
                    (local.get $l5)
                    (i32.const 1)))
                (i32.const 3))))
          (br_if $L0
            (i32.lt_s
              (local.tee $l2
                (i32.add
                  (local.get $l2)
                  (i32.const 1)))
              (i32.const 4)))))"
    `);
  });
});

describe("ranges", () => {
  const range = kernel(
    [buffer("x", [16], "input"), buffer("out", [16], "output")],
    [loop("i", 16, [loop("j", 1, [store("out", ["i"], at("x", "i"))])], "parallel")],
    "f32",
  );

  test("a parallel loop over all becomes the parameters, for threads", () => {
    const part = compileTiny(range, { threads: true });
    expect(part.entries).toEqual([{ name: "tiny", buffers: ["x", "out"], iterations: 16 }]);
    expect(part.shared).toBe(true);
    expect(textOf(part.code)).toContain("(memory $env.memory 0 65536 shared)");
    expect(functionsOf(part.code)).toMatchInlineSnapshot(`
      "(func $tiny (export "tiny") (type $t1) (param $p0 i32) (param $p1 i32) (param $p2 i32) (param $p3 i32)
        (local $l4 i32)
        (local.set $l4
          (local.get $p2))
        (loop $L0
          (f32.store
            (i32.add
              (local.get $p1)
              (i32.mul
                (local.get $l4)
                (i32.const 4)))
            (f32.load
              (i32.add
                (local.get $p0)
                (i32.mul
                  (local.get $l4)
                  (i32.const 4)))))
          (br_if $L0
            (i32.lt_s
              (local.tee $l4
                (i32.add
                  (local.get $l4)
                  (i32.const 1)))
              (local.get $p3)))))"
    `);
  });

  test("without threads it is a loop", () => {
    const part = compileTiny(range);
    expect(part.entries).toEqual([{ name: "tiny", buffers: ["x", "out"], iterations: null }]);
    expect(part.shared).toBe(false);
  });
});
