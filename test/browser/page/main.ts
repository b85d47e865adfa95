/**
 * The page: calls the library in every way, and posts what came of it to the server it was loaded from. Nobody evaluates
 * anything in it from outside, which its policy might let pass.
 */
import { availableTargets, compile, interpret, type OpSpec } from "tilewright";
import { elementCount } from "../../../src/ir/program.js";
import { same, smallIntegers } from "./data.js";
import { type CallReport, type Report, SPECS, waysOf } from "./jobs.js";

const violations: string[] = [];
globalThis.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
  // Bundlers add a hash to the names of files.
  violations.push(blockedURI.replace(/^.*\/(\w+)-[\w-]+\.js$/, "$1.js"));
});

async function callsOf(title: string, spec: OpSpec): Promise<CallReport[]> {
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const bias = spec.bias ? smallIntegers((await compile(spec)).outputShape[3], 3) : undefined;
  const expected = interpret(spec, value, filters, bias);
  const calls: CallReport[] = [];
  for (const options of waysOf(title)) {
    const kernel = await compile(spec, options);
    const weights = kernel.prepare(filters, bias);
    kernel.value.set(value);
    kernel.output.fill(Number.NaN);
    const inPlace = await kernel.run(kernel.value, weights, kernel.output);
    let isRight = same(inPlace, expected) && same(kernel.runSync(value, weights), expected);
    for (let i = 0; i < 5 && options.threads; i++) isRight &&= same(await kernel.run(value, weights), expected);
    kernel.dispose();
    calls.push({ title: `${title} ${JSON.stringify(options)}`, tier: kernel.target, isRight });
  }
  return calls;
}

async function reportOf(): Promise<Report> {
  let tiers: readonly string[] = [];
  const calls: CallReport[] = [];
  let error: string | null = null;
  try {
    tiers = await availableTargets();
    for (const [title, spec] of Object.entries(SPECS)) calls.push(...(await callsOf(title, spec)));
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.stack}` : String(thrown);
  }
  // Violations are told of a moment later.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { tiers, isolated: globalThis.crossOriginIsolated === true, calls, violations, error };
}

const report = await reportOf();
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
