/**
 * Pages that forbid code from text. The policy is found out once per load of the library, so each test loads it afresh
 * into a realm whose `Function`, `eval` and Trusted Types behave as the policy says.
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

function forbidden(): never {
  throw new EvalError("Refused to evaluate a string as JavaScript because 'unsafe-eval' is not an allowed source");
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

beforeEach(() => {
  vi.resetModules();
  trustedEval.mockClear();
});

afterEach(() => vi.unstubAllGlobals());

async function expectWorking(tier: "js" | "plain"): Promise<void> {
  const { atrousConv2dTranspose, availableTargets, compile, interpret } = await import("tilewright");
  expect(await availableTargets()).toEqual(tier === "js" ? ["js", "plain"] : ["plain"]);
  const value = { shape: spec.value, data: smallIntegers(40, 1) };
  const filters = { shape: spec.filters, data: smallIntegers(54, 2) };
  const expected = Float32Array.from(interpret(spec, value, filters).data);
  for (const target of ["auto", "js"] as const) {
    const kernel = await compile(spec, { target });
    expect(kernel.target).toBe(tier);
    expect((await kernel.run(value, kernel.prepare(filters))).data).toEqual(expected);
  }
  const { data } = await atrousConv2dTranspose(value, filters, [1, 8, 9, 3], 2, "VALID");
  expect(data).toEqual(expected);
}

test("no policy: JavaScript", () => expectWorking("js"));

describe("script-src 'self'", () => {
  test("the definition serves every call", async () => {
    const attempts = vi.fn(forbidden);
    vi.stubGlobal("Function", attempts);
    vi.stubGlobal("eval", forbidden);
    await expectWorking("plain");
    expect(attempts).toHaveBeenCalledTimes(1); // tried once, not on every call: each attempt is a report to the page's owner
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
    await expectWorking("js");
    expect(types.createPolicy.mock.calls.map(([name]) => name)).toEqual(["tilewright"]);
    expect(trustedEval.mock.calls.length).toBeGreaterThanOrEqual(2); // the probe and a kernel
    expect(trustedEval.mock.calls.every(([script]) => script instanceof TrustedScript)).toBe(true);
  });

  test("a page that does not allow the policy gets the definition", async () => {
    vi.stubGlobal(
      "trustedTypes",
      trustedTypes(() => false),
    );
    await expectWorking("plain");
    expect(trustedEval).not.toHaveBeenCalled();
  });

  test("a policy without 'unsafe-eval' gets the definition", async () => {
    vi.stubGlobal(
      "trustedTypes",
      trustedTypes(() => true),
    );
    vi.stubGlobal("eval", forbidden);
    await expectWorking("plain");
  });
});
