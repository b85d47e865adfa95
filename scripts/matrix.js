// @ts-check
/**
 * The suite on every Node that the library runs on, each from the npm package `node`. One line per version; fails where one
 * of them fails. `npm run test:matrix`, some minutes for each; `npm run test:matrix -- 24 26 test/runtime` tries those two, and
 * of the suite what lies there.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSIONS = ["20", "22", "24", "26"];

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tilewright-matrix-"));
const given = process.argv.slice(2);
const isVersion = (/** @type {string} */ text) => /^\d+$/.test(text);
const asked = given.filter(isVersion);

/**
 * Where the binary is, and its whole version.
 * @param {string} version
 */
function find(version) {
  const script = "JSON.stringify({ path: process.execPath, version: process.versions.node })";
  const { stdout, stderr } = spawnSync("npx", ["-y", `node@${version}`, "-p", script], {
    cwd: folder,
    encoding: "utf8",
  });
  const line = stdout?.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`npx could not get it:\n${stderr}`);
  return /** @type {{ path: string, version: string }} */ (JSON.parse(line));
}

/**
 * @typedef {{ status: string, fullName: string }} Test
 * @typedef {{ status: string, name: string, assertionResults: readonly Test[] }} File
 * @param {string} path of the binary
 * @param {string} report file to write
 */
function run(path, report) {
  const filters = given.filter((text) => !isVersion(text));
  const args = ["run", "--reporter=json", `--outputFile=${report}`, ...filters];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { status } = spawnSync(path, [vitest, ...args], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const { testResults } = /** @type {{ testResults: readonly File[] }} */ (JSON.parse(readFileSync(report, "utf8")));
  // A file that cannot even be loaded reports no tests, only that it failed.
  const tests = testResults.flatMap(({ status, name, assertionResults }) =>
    assertionResults.length === 0 && status === "failed" ? [{ status, fullName: name }] : assertionResults,
  );
  const having = (/** @type {string} */ status) => tests.filter((test) => test.status === status);
  const [passed, failed] = [having("passed"), having("failed")];
  return { passed: passed.length, failed, skipped: tests.length - passed.length - failed.length, status };
}

try {
  for (const wanted of asked.length > 0 ? asked : VERSIONS) {
    try {
      const { path, version } = find(wanted);
      const { passed, failed, skipped, status } = run(path, join(folder, `${wanted}.json`));
      console.log(`Node ${version}: ${passed} passed, ${failed.length} failed, ${skipped} skipped`);
      for (const { fullName } of failed) console.log(`  ${fullName}`);
      if (status !== 0 || passed === 0) process.exitCode = 1;
    } catch (error) {
      console.log(`Node ${wanted}: not tested; ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
