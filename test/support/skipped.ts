/** A reporter that ends with the tests that were skipped: how many, and for want of what. */
import type { Reporter, TestCase, TestModule } from "vitest/node";
import "./needs.js";

export default class Skipped implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    for (const test of modules.flatMap((module) => [...module.children.allTests("skipped")])) {
      const reason = reasonOf(test);
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    if (counts.size === 0) return;
    const rows = [...counts].sort(([, a], [, b]) => b - a);
    console.log(
      ["", "Skipped, for want of", ...rows.map(([reason, count]) => `${String(count).padStart(6)}  ${reason}`)].join(
        "\n",
      ),
    );
  }
}

/** What the test or a suite around it lacks. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  if (result.state === "skipped" && result.note) return result.note;
  for (let at: TestCase["parent"] | TestCase = test; ; at = at.parent) {
    const { missing = [] } = at.meta();
    if (missing.length > 0) return missing.join(", ");
    if (at.type === "module") return "a reason: its test does not say";
  }
}
