/**
 * Pages that forbid code made at run time: JavaScript from text, WebAssembly, or both. What a policy allows is found out once
 * per load of the library, so each test loads it afresh into a realm whose globals behave as the policy says.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { smallIntegers } from "../support/run.js";

const spec = {
  op: "atrousConv2dTranspose",
  value: [1, 4, 5, 2],
  filters: [3, 3, 3, 2],
  rate: 2,
  padding: "VALID",
} as const;

// biome-ignore lint/security/noGlobalEval: what a browser does with a TrustedScript
const realEval = globalThis.eval;
const RealWebAssembly = globalThis.WebAssembly;

function forbidden(): never {
  throw new EvalError("Refused to evaluate a string as JavaScript because 'unsafe-eval' is not an allowed source");
}

/** As a browser refuses it: `validate` still answers, whatever compiles throws or rejects. */
function forbidWasm() {
  const refuse = vi.fn(function refuse(): never {
    throw new RealWebAssembly.CompileError("Wasm code generation disallowed by embedder");
  });
  const rejects = async () => refuse();
  vi.stubGlobal("WebAssembly", {
    ...Object.fromEntries(
      Object.getOwnPropertyNames(RealWebAssembly).map((name) => [name, RealWebAssembly[name as "Module"]]),
    ),
    Module: refuse,
    compile: rejects,
    instantiate: rejects,
  });
  return refuse;
}

function forbidText() {
  const refuse = vi.fn(forbidden);
  vi.stubGlobal("Function", refuse);
  vi.stubGlobal("eval", refuse);
  return refuse;
}

/** What the policy's `createScript` makes; `eval` takes it and nothing else. */
class TrustedScript {
  constructor(readonly text: string) {}
}

const trustedEval = vi.fn((script: unknown) => (script instanceof TrustedScript ? realEval(script.text) : forbidden()));

function trustedTypes(allow: (name: string) => boolean) {
  const createPolicy = vi.fn((name: string, rules: { createScript: (text: string) => string }) => {
    if (!allow(name)) throw new TypeError(`Policy "${name}" disallowed.`);
    return { createScript: (text: string) => new TrustedScript(rules.createScript(text)) };
  });
  return { createPolicy };
}

const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);

beforeEach(() => {
  vi.resetModules();
  trustedEval.mockClear();
});

afterEach(() => vi.unstubAllGlobals());

const TIERS = ["wasm", "js", "plain"] as const;
type Tier = (typeof TIERS)[number];

/** Every call is served by the best tier that is allowed: the one asked for, or the next below it. */
async function expectTiers(...allowed: readonly Tier[]): Promise<void> {
  const { atrousConv2dTranspose, availableTargets, compile, interpret } = await import("tilewright");
  expect(await availableTargets()).toEqual(allowed);
  const value = { shape: spec.value, data: smallIntegers(40, 1) };
  const filters = { shape: spec.filters, data: smallIntegers(54, 2) };
  const expected = Float32Array.from(interpret(spec, value, filters).data);
  warned.mockClear();
  for (const target of ["auto", ...TIERS] as const) {
    const kernel = await compile(spec, { target });
    const from = target === "auto" ? 0 : TIERS.indexOf(target);
    expect(kernel.target).toBe(TIERS.slice(from).find((tier) => allowed.includes(tier)));
    expect((await kernel.run(value, kernel.prepare(filters))).data).toEqual(expected);
    expect(kernel.explain()).toContain(`tier      ${kernel.target}`);
    await compile(spec, { target }); // the same once more
  }
  // Whoever names a target learns that another one serves, once.
  const lower = TIERS.filter((target) => !allowed.includes(target));
  expect(warned.mock.calls.map(([text]) => String(text))).toEqual(
    lower.map((target) => {
      const tier = TIERS.slice(TIERS.indexOf(target)).find((tier) => allowed.includes(tier));
      return `tilewright: "${tier}" serves where target: "${target}" was asked for, which is not to be had here`;
    }),
  );
  const { data } = await atrousConv2dTranspose(value, filters, [1, 8, 9, 3], 2, "VALID");
  expect(data).toEqual(expected);
}

test("no policy: everything", () => expectTiers("wasm", "js", "plain"));

describe("script-src 'self'", () => {
  test("the definition serves every call", async () => {
    const text = forbidText();
    const wasm = forbidWasm();
    await expectTiers("plain");
    // Tried once, not on every call: each attempt is a report to the page's owner.
    expect(text).toHaveBeenCalledTimes(1);
    expect(wasm).toHaveBeenCalledTimes(1);
  });
});

describe("'wasm-unsafe-eval'", () => {
  test("WebAssembly serves all but what asks for JavaScript", async () => {
    const text = forbidText();
    await expectTiers("wasm", "plain");
    expect(text).toHaveBeenCalledTimes(1);
  });
});

describe("WebAssembly alone is forbidden", () => {
  test("JavaScript takes its place", async () => {
    const wasm = forbidWasm();
    await expectTiers("js", "plain");
    expect(wasm).toHaveBeenCalledTimes(1);
  });

  test("so it does where there is none", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    await expectTiers("js", "plain");
  });
});

describe("'unsafe-eval' and Trusted Types", () => {
  beforeEach(() => {
    vi.stubGlobal("Function", forbidden);
    vi.stubGlobal("eval", trustedEval);
  });

  test("one named policy makes all scripts", async () => {
    const types = trustedTypes((name) => name === "tilewright");
    vi.stubGlobal("trustedTypes", types);
    await expectTiers("wasm", "js", "plain");
    expect(types.createPolicy.mock.calls.map(([name]) => name)).toEqual(["tilewright"]);
    expect(trustedEval.mock.calls.length).toBeGreaterThanOrEqual(2); // the probe and a kernel
    expect(trustedEval.mock.calls.every(([script]) => script instanceof TrustedScript)).toBe(true);
  });

  test("a page that does not allow the policy gets no JavaScript", async () => {
    vi.stubGlobal(
      "trustedTypes",
      trustedTypes(() => false),
    );
    await expectTiers("wasm", "plain");
    expect(trustedEval).not.toHaveBeenCalled();
  });

  test("nor does a policy without 'unsafe-eval'", async () => {
    vi.stubGlobal(
      "trustedTypes",
      trustedTypes(() => true),
    );
    vi.stubGlobal("eval", forbidden);
    await expectTiers("wasm", "plain");
  });

  test("and without WebAssembly only the definition is left", async () => {
    forbidWasm();
    vi.stubGlobal(
      "trustedTypes",
      trustedTypes(() => false),
    );
    await expectTiers("plain");
  });
});
