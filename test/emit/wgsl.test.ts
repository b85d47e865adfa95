/** WGSL as text: every kind of statement and expression, in modules that Dawn finds nothing wrong with, and one module whole. */
import { describe, expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import { emitWgsl } from "../../src/codegen/emit/wgsl.js";
import type { Lowered } from "../../src/codegen/lower.js";
import { renderWgsl } from "../../src/codegen/module/wgsl.js";
import { printSchedule } from "../../src/codegen/schedule.js";
import { DEFAULT_LIMITS, type Target, wgslTarget } from "../../src/codegen/target.js";
import {
  binary,
  type Expr,
  fma,
  lane,
  local,
  multiply,
  number,
  plus,
  select,
  splat,
  unary,
} from "../../src/ir/expr.js";
import type { WgslModule } from "../../src/ir/module.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { printBuffer } from "../../src/ir/print.js";
import type { BufferDecl } from "../../src/ir/program.js";
import type { Launch, LoopKernel, Stmt } from "../../src/ir/stmt.js";
import { VERSION } from "../../src/ir/version.js";
import { directFacts } from "../support/algorithms.js";
import { specWith } from "../support/calls.js";
import { errorOf, thrownBy } from "../support/errors.js";
import {
  alloc,
  at,
  barrier,
  buffer,
  declare,
  form,
  index,
  kernel,
  loop,
  set,
  store,
  vectorAt,
  when,
} from "../support/kernels.js";
import { bind, conv, fuse, pack, reorder, split, unroll, vectorize } from "../support/schedules.js";
import { validate } from "../support/webgpu.js";

const GPU: Target<"wgsl"> = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const spec: OpSpec = specWith({ value: [1, 4, 6, 4], filters: [3, 1, 4, 4], rate: 2, bias: true, activation: "relu" });
const schedule = conv(
  fuse("oy", "ox", "p"),
  split("p", 8, ["po", "pt"]),
  reorder("po pt ky kx ic oc"),
  bind("po", "workgroup.x"),
  bind("pt", "invocation.x"),
  unroll("ic"),
  vectorize("oc"),
  pack("ky kx ic oc"),
  { do: "cache", buffer: "value", at: "kx", space: "workgroup", layout: ["pt", "ic"] },
);

describe("one module", () => {
  test("whole", async () => {
    const module = compileModule(spec, { target: GPU, schedule });
    expect(await validate(module)).toEqual([]);
    expect(module.run[0]?.code).toMatchInlineSnapshot(`
      "// tilewright 0.1.0
      // conv: fuse(oy ox=p) split(p=8*po+pt) order(po pt ky kx ic oc) bind(po workgroup.x) bind(pt invocation.x) unroll(ic) vectorize(oc) pack(filters: ky kx ic oc) cache(value at kx in workgroup: pt ic)
      @group(0) @binding(0) var<storage, read> value: array<vec4f, 24>;
      @group(0) @binding(1) var<storage, read> bias: array<vec4f, 1>;
      @group(0) @binding(2) var<storage, read_write> output: array<vec4f, 24>;
      @group(0) @binding(3) var<storage, read> convFilters: array<vec4f, 12>;
      var<workgroup> valueCache: array<vec4f, 8>;

      @compute @workgroup_size(8, 1, 1)
      fn convKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
        let po = i32(workgroupId.x);
        let pt = i32(invocationId.x);
        let oyFirst = (8 * po) / 6;
        let oy = (8 * po + pt) / 6;
        var acc_0 = vec4f(0.0);
        let at0 = 8 * po + pt;
        for (var ky = 0; ky < 3; ky++) {
          if (2 * ky - oyFirst + 1 >= 0) {
            var valueCacheStage_0_0 = vec4f(0.0);
            if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 1 >= 0) {
              valueCacheStage_0_0 = value[at0 - 12 * ky + 12];
            }
            workgroupBarrier();
            valueCache[pt] = valueCacheStage_0_0;
            workgroupBarrier();
            let valueCache_0 = valueCache[pt];
            acc_0 = fma(vec4f(valueCache_0.x), convFilters[4 * ky], acc_0);
            acc_0 = fma(vec4f(valueCache_0.y), convFilters[4 * ky + 1], acc_0);
            acc_0 = fma(vec4f(valueCache_0.z), convFilters[4 * ky + 2], acc_0);
            acc_0 = fma(vec4f(valueCache_0.w), convFilters[4 * ky + 3], acc_0);
          }
        }
        output[8 * po + pt] = max(acc_0 + bias[0], vec4f(0.0));
      }
      "
    `);
    expect(module.prepare[0]?.code).toMatchInlineSnapshot(`
      "// tilewright 0.1.0
      // conv: fuse(oy ox=p) split(p=8*po+pt) order(po pt ky kx ic oc) bind(po workgroup.x) bind(pt invocation.x) unroll(ic) vectorize(oc) pack(filters: ky kx ic oc) cache(value at kx in workgroup: pt ic)
      @group(0) @binding(0) var<storage, read> filters: array<f32, 48>;
      @group(0) @binding(1) var<storage, read_write> convFilters: array<f32, 48>;

      @compute @workgroup_size(64, 1, 1)
      fn packConvFiltersKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
        let launchmember = i32(invocationId.x);
        let launchpoint1 = launchmember / 4;
        let launchpoint0 = launchpoint1 / 4;
        if (-launchmember + 47 >= 0) {
          var acc = filters[4 * launchmember + 12 * launchpoint0 - 15 * launchpoint1];
          convFilters[launchmember] = acc;
        }
      }
      "
    `);
  });

  test("of f16", async () => {
    const module = compileModule(spec, { target: { ...GPU, storage: "f16" }, schedule });
    expect(await validate(module)).toEqual([]);
    const lines = module.run[0]?.code.split("\n") ?? [];
    expect(lines[0]).toBe("enable f16;");
    expect(lines.filter((line) => /^@group|^var/.test(line))).toMatchInlineSnapshot(`
      [
        "@group(0) @binding(0) var<storage, read> value: array<vec4h, 24>;",
        "@group(0) @binding(1) var<storage, read> bias: array<vec4h, 1>;",
        "@group(0) @binding(2) var<storage, read_write> output: array<vec4h, 24>;",
        "@group(0) @binding(3) var<storage, read> convFilters: array<vec4h, 12>;",
        "var<workgroup> valueCache: array<vec4f, 8>;",
      ]
    `);
    expect(
      lines.filter((line) => /value\[|convFilters\[|output\[|bias\[/.test(line)).map((line) => line.trim()),
    ).toMatchInlineSnapshot(`
      [
        "valueCacheStage_0_0 = vec4f(value[at0 - 12 * ky + 12]);",
        "acc_0 = fma(vec4f(valueCache_0.x), vec4f(convFilters[4 * ky]), acc_0);",
        "acc_0 = fma(vec4f(valueCache_0.y), vec4f(convFilters[4 * ky + 1]), acc_0);",
        "acc_0 = fma(vec4f(valueCache_0.z), vec4f(convFilters[4 * ky + 2]), acc_0);",
        "acc_0 = fma(vec4f(valueCache_0.w), vec4f(convFilters[4 * ky + 3]), acc_0);",
        "output[8 * po + pt] = vec4h(max(acc_0 + vec4f(bias[0]), vec4f(0.0)));",
      ]
    `);
  });

  test("says what it holds", () => {
    const { key, buffers, prepare, run, ...rest } = compileModule(spec, { target: GPU, schedule });
    expect(rest).toEqual({ ...directFacts(spec, printSchedule(schedule)), language: "wgsl" });
    expect(buffers.map(printBuffer)).toEqual([
      "input value[1, 4, 6, 4] f32",
      "weights filters[3, 1, 4, 4] f32",
      "weights bias[4] f32",
      "output output[1, 4, 6, 4] f32",
      "prepared convFilters[3, 1, 4, 4] f32",
    ]);
    const withoutCode = [...prepare, ...run].map(({ code: _, ...entry }) => entry);
    expect(withoutCode).toEqual([
      {
        name: "packConvFiltersKernel",
        bindings: [
          { buffer: "filters", access: "read" },
          { buffer: "convFilters", access: "read_write" },
        ],
        dispatches: [{ first: [0, 0, 0], count: [1, 1, 1] }],
      },
      {
        name: "convKernel",
        bindings: [
          { buffer: "value", access: "read" },
          { buffer: "bias", access: "read" },
          { buffer: "output", access: "read_write" },
          { buffer: "convFilters", access: "read" },
        ],
        dispatches: [{ first: [0, 0, 0], count: [3, 1, 1] }],
      },
    ]);
    expect(JSON.parse(key)).toMatchObject({ version: VERSION, spec, target: GPU, schedule });
  });

  test("the same input gives the same bytes, another device other ones", () => {
    const once = compileModule(spec, { target: GPU, schedule });
    expect(compileModule({ ...spec }, { target: { ...GPU }, schedule: structuredClone(schedule) })).toEqual(once);
    const other = wgslTarget({ limits: { ...DEFAULT_LIMITS, invocations: 128 }, storage: "f32" });
    expect(compileModule(spec, { target: other, schedule }).key).not.toBe(once.key);
  });
});

const BUFFERS = [
  buffer("x", [16], "input"),
  buffer("v", [16], "input"),
  buffer("h", [16], "input", "f16"),
  buffer("hv", [16], "input", "f16"),
  buffer("out", [16], "output"),
  buffer("ov", [16], "output"),
  buffer("ho", [16], "output", "f16"),
  buffer("hov", [16], "output", "f16"),
];
const VECTORS: ReadonlySet<string> = new Set(["v", "hv", "ov", "hov", "tv", "sv"]);
const ONE: Launch = { workgroups: [1, 1, 1], invocations: [1, 1, 1] };

/** As if it had passed all passes. */
const lowered = (body: readonly Stmt[], buffers: readonly BufferDecl[] = BUFFERS, launch = ONE): Lowered => {
  const made: LoopKernel = { ...kernel(buffers, body, "f32"), addressing: "elements", vectors: VECTORS, launch };
  return made as Lowered;
};

/** The body's text, which must be valid in its module. */
async function emit(body: readonly Stmt[], launch = ONE): Promise<string> {
  const entry = renderWgsl(lowered(body, BUFFERS, launch), "", 65_535);
  const module: WgslModule = {
    language: "wgsl",
    key: "",
    ...directFacts(spec, ""),
    buffers: BUFFERS,
    prepare: [],
    run: [entry],
  };
  expect(await validate(module), entry.code).toEqual([]);
  return emitWgsl(lowered(body, BUFFERS, launch)).body;
}

describe("statements", () => {
  test("loops, integers, numbers, guards", async () => {
    const body = [
      loop("i", 3, [
        index("q", "2*i - 1", 1, 9),
        index("r", "i + 4", 3, 9),
        store("out", ["q - 2*r + 5"], at("x", "i")),
      ]),
      declare("a", at("x", "0")),
      declare("b", local("a"), false),
      set("a", plus(local("a"), local("b"))),
      when(["0"], [store("out", ["0"], local("a"))], [set("a", number(0))]),
    ];
    expect(await emit(body)).toMatchInlineSnapshot(`
      "  for (var i = 0; i < 3; i++) {
          let q = 2 * i - 1;
          let r = (i + 4) / 3;
          out[q - 2 * r + 5] = x[i];
        }
        var a = x[0];
        let b = a;
        a = a + b;
        if (0 >= 0) {
          out[0] = a;
        }
        else {
          a = f32(0.0);
        }"
    `);
  });

  test("flags, and guards that ask for them", async () => {
    const body: Stmt[] = [
      loop("i", 3, [
        { kind: "flag", name: "f", guard: [form("i - 1"), form("1 - i")] },
        when(["f", "i"], [store("out", ["i"], number(1))]),
      ]),
    ];
    expect(await emit(body)).toMatchInlineSnapshot(`
      "  for (var i = 0; i < 3; i++) {
          let f = select(-1, 0, i - 1 >= 0 && -i + 1 >= 0);
          if (f >= 0 && i >= 0) {
            out[i] = f32(1.0);
          }
        }"
    `);
  });

  test("what is shared, what is an invocation's own, and the barrier between", async () => {
    const body = [
      loop(
        "w",
        2,
        [
          alloc("sv", [8], "workgroup", [
            alloc("s", [6], "workgroup", [
              loop(
                "i",
                2,
                [
                  alloc("tv", [4], "local", [
                    alloc("t", [3], "local", [
                      store("t", ["i"], at("x", "i")),
                      store("tv", ["0"], vectorAt("v", "i")),
                      store("sv", ["i"], vectorAt("tv", "0")),
                      store("s", ["i"], at("t", "i")),
                      barrier,
                      store("ov", ["i + 2*w"], plus(vectorAt("sv", "1 - i"), splat(at("s", "1 - i"), 4))),
                    ]),
                  ]),
                ],
                "invocation.x",
              ),
            ]),
          ]),
        ],
        "workgroup.y",
      ),
    ];
    const launch: Launch = { workgroups: [1, 2, 1], invocations: [2, 1, 1] };
    expect(await emit(body, launch)).toMatchInlineSnapshot(`
      "  t[i] = x[i];
        tv[0] = v[i];
        sv[i] = tv[0];
        s[i] = t[i];
        workgroupBarrier();
        ov[i + 2 * w] = sv[-i + 1] + vec4f(s[-i + 1]);"
    `);
    const { shared, own, launched } = emitWgsl(lowered(body, BUFFERS, launch));
    expect(shared).toEqual([
      { name: "sv", type: "array<vec4f, 2>" },
      { name: "s", type: "array<f32, 6>" },
    ]);
    expect(own).toEqual([
      { name: "tv", type: "array<vec4f, 1>" },
      { name: "t", type: "array<f32, 3>" },
    ]);
    expect(launched).toEqual([
      { name: "w", loop: "workgroup.y" },
      { name: "i", loop: "invocation.x" },
    ]);
  });

  test("one name on several branches is one array", () => {
    const scratch = alloc("t", [2, 3], "local", []);
    expect(emitWgsl(lowered([scratch, loop("i", 2, [scratch])])).own).toEqual([{ name: "t", type: "array<f32, 6>" }]);
  });

  test("arrays of nothing have one element, as no array may be empty", () => {
    const buffers = [buffer("x", [3, 0], "input"), buffer("v", [0, 4], "input"), buffer("out", [1], "output")];
    const { buffers: types } = emitWgsl(lowered([store("out", ["0"], number(1))], buffers));
    expect(types).toEqual([
      { name: "x", type: "array<f32, 1>", isWritten: false },
      { name: "v", type: "array<vec4f, 1>", isWritten: false },
      { name: "out", type: "array<f32, 1>", isWritten: true },
    ]);
  });

  test("a buffer of f64, which WGSL has not, is a bug of whoever chose the type", () => {
    const buffers = [{ ...buffer("x", [3], "input"), dtype: "f64" as const }];
    expect(errorOf(thrownBy(() => emitWgsl(lowered([], buffers))))).toBe(
      "internal: tilewright bug: an array of f64 in a language without that type",
    );
  });

  test("a kernel without a launch is a bug of the passes before", () => {
    const { launch: _, ...unlaunched } = lowered([]);
    expect(errorOf(thrownBy(() => emitWgsl(unlaunched as Lowered)))).toBe(
      "internal: tilewright bug: tiny has no launch",
    );
  });
});

describe("memory", () => {
  const CASES: readonly (readonly [string, Stmt])[] = [
    ["a number", store("out", ["1"], at("x", "2"))],
    ["a vector of a buffer of vectors", store("ov", ["1"], vectorAt("v", "2"))],
    ["a vector out of numbers", store("ov", ["1"], vectorAt("x", "2"))],
    ["a vector into numbers", store("out", ["1"], vectorAt("v", "2"))],
    ["a number of f16", store("ho", ["1"], at("h", "2"))],
    ["a vector of f16", store("hov", ["1"], vectorAt("hv", "2"))],
    ["a vector out of numbers of f16", store("ov", ["1"], vectorAt("h", "2"))],
    ["a vector into numbers of f16", store("ho", ["1"], vectorAt("hv", "2"))],
    ["a lane of a vector of f16", store("ho", ["1"], lane(vectorAt("hv", "2"), 2))],
  ];
  test("loads and stores, to and from either", async () => {
    const texts = await Promise.all(CASES.map(async ([title, stmt]) => `${title}\n${await emit([stmt])}`));
    expect(texts.join("\n")).toMatchInlineSnapshot(`
      "a number
        out[1] = x[2];
      a vector of a buffer of vectors
        ov[1] = v[2];
      a vector out of numbers
        ov[1] = vec4f(x[2], x[3], x[4], x[5]);
      a vector into numbers
        {
          let stored = v[2];
          out[1] = stored.x;
          out[2] = stored.y;
          out[3] = stored.z;
          out[4] = stored.w;
        }
      a number of f16
        ho[1] = f16(f32(h[2]));
      a vector of f16
        hov[1] = vec4h(vec4f(hv[2]));
      a vector out of numbers of f16
        ov[1] = vec4f(vec4h(h[2], h[3], h[4], h[5]));
      a vector into numbers of f16
        {
          let stored = vec4h(vec4f(hv[2]));
          ho[1] = stored.x;
          ho[2] = stored.y;
          ho[3] = stored.z;
          ho[4] = stored.w;
        }
      a lane of a vector of f16
        ho[1] = f16(vec4f(hv[2]).z);"
    `);
  });
  test("the place of a vector among numbers is worked out once for each", async () => {
    const body = [loop("i", 2, [store("out", ["4*i + 1"], vectorAt("x", "2*i"))])];
    expect(await emit(body)).toMatchInlineSnapshot(`
      "  for (var i = 0; i < 2; i++) {
          {
            let stored = vec4f(x[2 * i], x[2 * i + 1], x[2 * i + 2], x[2 * i + 3]);
            out[4 * i + 1] = stored.x;
            out[4 * i + 2] = stored.y;
            out[4 * i + 3] = stored.z;
            out[4 * i + 4] = stored.w;
          }
        }"
    `);
  });
});

describe("expressions", () => {
  const [a, b, c] = [local("a"), local("b"), local("c")];
  const [u, w] = [local("u", 4), local("w", 4)];
  /** Declared around each of them. */
  const NAMES = [
    declare("a", at("x", "0")),
    declare("b", at("x", "1")),
    declare("c", at("x", "2")),
    declare("u", vectorAt("v", "0")),
    declare("w", vectorAt("v", "1")),
    index("i", "3", 1, 3),
  ];
  const emitValue = async (value: Expr): Promise<string> => {
    const text = await emit([...NAMES, store(value.lanes === 1 ? "out" : "ov", ["0"], value)]);
    return /o[uv]t?\[0\] = (.*);$/.exec(text)?.[1] ?? text;
  };
  const TEXTS: readonly (readonly [Expr, string])[] = [
    [number(0), "f32(0.0)"],
    [number(-0), "f32(-0.0)"],
    [number(0.1), "f32(0.1)"],
    [number(-3), "f32(-3.0)"],
    [number(1e-7), "f32(1e-7)"],
    [number(1e21), "f32(1e+21)"],
    [number(2 ** 31), "f32(2147483648.0)"],
    [number(1e-45), "f32(1e-45)"],
    [number(1e-60), "f32(1e-60)"],
    [number(Number.POSITIVE_INFINITY), "f32(3.4028234663852886e+38)"],
    [number(Number.NEGATIVE_INFINITY), "f32(-3.4028234663852886e+38)"],
    [number(1e39), "f32(3.4028234663852886e+38)"],
    [number(0.5, 4), "vec4f(0.5)"],
    [number(-0, 4), "vec4f(-0.0)"],
    [plus(a, multiply(b, c)), "a + (b * c)"],
    [multiply(plus(a, b), c), "(a + b) * c"],
    [binary("subtract", a, binary("subtract", b, c)), "a - (b - c)"],
    [binary("divide", a, binary("divide", b, c)), "a / (b / c)"],
    [binary("subtract", a, number(-3)), "a - f32(-3.0)"],
    [unary("negate", unary("negate", a)), "-(-a)"],
    [unary("negate", number(-1)), "-f32(-1.0)"],
    [binary("subtract", a, unary("negate", b)), "a - (-b)"],
    [unary("exp", plus(a, b)), "exp(a + b)"],
    [binary("minimum", binary("maximum", a, b), c), "min(max(a, b), c)"],
    [fma(plus(a, b), c, a), "fma(a + b, c, a)"],
    [multiply(at("x", "2*i + 1"), a), "x[2 * i + 1] * a"],
    [unary("tanh", a), "tanh(clamp(a, f32(-10.0), f32(10.0)))"],
    [unary("tanh", u), "tanh(clamp(u, vec4f(-10.0), vec4f(10.0)))"],
    [splat(a, 4), "vec4f(a)"],
    [splat(plus(a, b), 4), "vec4f(a + b)"],
    [multiply(u, splat(at("x", "i"), 4)), "u * vec4f(x[i])"],
    [fma(u, splat(lane(w, 3), 4), w), "fma(u, vec4f(w.w), w)"],
    [lane(u, 0), "u.x"],
    [lane(plus(u, w), 1), "(u + w).y"],
    [lane(vectorAt("v", "i - 1"), 2), "v[i - 1].z"],
    [plus(lane(u, 0), lane(vectorAt("x", "i"), 3)), "u.x + vec4f(x[i], x[i + 1], x[i + 2], x[i + 3]).w"],
    [binary("maximum", u, number(0, 4)), "max(u, vec4f(0.0))"],
    [unary("negate", u), "-u"],
    [unary("sqrt", plus(a, b)), "sqrt(a + b)"],
    [unary("abs", u), "abs(u)"],
    [unary("exp", splat(unary("negate", a), 4)), "exp(vec4f(-a))"],
    [unary("log", plus(a, b)), "log(a + b)"],
    [binary("subtract", unary("sin", a), unary("cos", b)), "sin(a) - cos(b)"],
    [unary("log", u), "log(u)"],
    [select("less", a, plus(b, c), c, number(0)), "select(f32(0.0), c, a < (b + c))"],
    [select("equal", u, number(0, 4), unary("cos", w), u), "select(u, cos(w), u == vec4f(0.0))"],
    [plus(a, select("lessEqual", a, unary("negate", b), plus(a, b), c)), "a + (select(c, a + b, a <= (-b)))"],
  ];
  test.each(TEXTS.map(([value, text]) => ({ text, value })))("$text", async ({ value, text }) => {
    expect(await emitValue(value)).toBe(text);
  });

  test("a NaN is as large as an infinity, as there is no literal for either", async () => {
    expect(await emitValue(number(Number.NaN))).toBe("f32(3.4028234663852886e+38)");
  });

  test("numbers are those that float32 makes of them", () => {
    // What the text says, rounded, is the number rounded.
    for (const [value, text] of TEXTS) {
      if (value.kind !== "const") continue;
      const said = Number(/\((.*)\)/.exec(text)?.[1]);
      const isBeyond = Math.abs(value.value) > 3.5e38;
      expect(Math.fround(said)).toBe(
        isBeyond ? Math.sign(value.value) * Number(Math.fround(3.4028234663852886e38)) : Math.fround(value.value),
      );
    }
  });
});
