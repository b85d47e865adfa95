/** The setup as texts to take along: a call, a definition, a test, an issue. */
import { VERSION } from "../../src/ir/version.js";
import type { Compiled } from "./messages.js";
import type { Setup } from "./setup.js";
import { specOf } from "./spec.js";

/** A value as a literal of JavaScript, with lists in one line. */
function literal(value: unknown, indent = ""): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const parts = value.map((one) => literal(one, inner));
    const line = `[${parts.join(", ")}]`;
    return line.length + indent.length <= 100
      ? line
      : `[\n${parts.map((part) => inner + part).join(",\n")},\n${indent}]`;
  }
  const fields = Object.entries(value).map(
    ([name, one]) => `${/^\w+$/.test(name) ? name : JSON.stringify(name)}: ${literal(one, inner)}`,
  );
  const line = `{ ${fields.join(", ")} }`;
  return line.length + indent.length <= 100 && fields.length > 0
    ? line
    : `{\n${fields.map((field) => `${inner}${field},`).join("\n")}\n${indent}}`;
}

/** The options of `compile` that make this very kernel. */
function optionsOf({ target, simd, accuracy, point, schedule }: Setup, { explanation }: Compiled): object {
  const isOwn = point !== undefined || schedule !== undefined;
  return {
    target,
    ...(accuracy === "fast" ? { accuracy } : {}),
    ...(simd ? { features: { simd } } : {}),
    ...(point ? { algorithm: point.algorithm } : {}),
    ...(isOwn ? { schedule: explanation.schedule.directives } : {}),
  };
}

const callOf = (setup: Setup, compiled: Compiled): string =>
  `import { compile } from "tilewright";

const kernel = await compile(
  ${literal(specOf(setup.source), "  ")},
  ${literal(optionsOf(setup, compiled), "  ")},
);
`;

const definitionOf = (setup: Setup): string =>
  `import { defineKernel } from "tilewright";

export const kernel = defineKernel(${literal(specOf(setup.source))});
`;

/** Fills every tensor with small integers, so that all sums are exact and results must be equal. */
function testOf(setup: Setup, compiled: Compiled): string {
  const of = (role: string) =>
    compiled.tensors
      .filter((tensor) => tensor.role === role)
      .map(({ name, shape }) => `${name}: integers(${shape.reduce((count, size) => count * size, 1)})`)
      .join(", ");
  const weights = of("weights");
  return `import { compile } from "tilewright";
import { expect, test } from "vitest";

const integers = (count: number) => Float32Array.from({ length: count }, (_, i) => ((7 * i) % 5) - 2);

test("a kernel equals its definition", async () => {
  const spec = ${literal(specOf(setup.source), "  ")} as const;
  const inputs = { ${of("input")} };
  const run = async (options: object) => {
    const kernel = await compile(spec, options);
    const weights = ${weights === "" ? "undefined" : `kernel.prepare({ ${weights} })`};
    return kernel.run(inputs as never, weights as never);
  };
  expect(await run(${literal(optionsOf(setup, compiled), "  ")})).toEqual(await run({ target: "plain" }));
});
`;
}

const issueOf = (setup: Setup, compiled: Compiled): string =>
  `**What happens**

**What should happen**

tilewright ${VERSION}, ${navigator.userAgent}

\`\`\`ts
${callOf(setup, compiled)}\`\`\`

Schedule: \`${compiled.explanation.schedule.row}\`

${location.href}
`;

export const COPIES: Readonly<Record<string, (setup: Setup, compiled: Compiled) => string>> = {
  "compile(...)": callOf,
  "defineKernel(...)": definitionOf,
  "a test case": testOf,
  "the text of an issue": issueOf,
};
