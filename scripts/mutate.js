// @ts-check
/**
 * Mutation check: breaks the compiler in one place at a time, in a copy of the tree, and expects the suite to notice.
 * Mostly guards: dropping any one must fail a test. `npm run test:mutation`, some minutes; `npm run test:mutation -- lanes`
 * tries those with "lanes" in their names.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./mutants.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Of the suite, what runs kernels: first what answers soon, and only if that notices nothing the rest. */
const SUITES = [
  ["test/passes", "test/emit", "test/regressions", "test/schedule", "test/runtime/wasm", "test/runtime/threads"],
  ["test/pipeline", "test/differential", "test/workgroup", "test/ops"],
];

const [wanted = ""] = process.argv.slice(2);
const mutants = MUTANTS.filter(({ name }) => name.includes(wanted));

const copy = mkdtempSync(join(tmpdir(), "tilewright-mutants-"));
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
});
for (const file of files.trim().split("\n")) cpSync(join(root, file), join(copy, file), { recursive: true });
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

/** @param {readonly string[]} suite */
function passes(suite) {
  const args = ["node_modules/vitest/vitest.mjs", "run", "--bail=1", ...suite];
  const env = { ...process.env, TILEWRIGHT_PAIRS: "120" };
  // A mutant may loop for ever, which is noticed as well.
  return spawnSync(process.execPath, args, { cwd: copy, stdio: "ignore", env, timeout: 600_000 }).status === 0;
}

/** @param {import("./mutants.js").Mutant} mutant */
function isNoticed({ name, file, from, to }) {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  if (source.split(from).length !== 2) throw new Error(`mutant "${name}": ${file} must hold its text exactly once`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  const noticed = !SUITES.every(passes);
  writeFileSync(path, source);
  return noticed;
}

try {
  if (!SUITES.every(passes)) throw new Error("the suite fails without any mutant");
  const survivors = mutants.filter((mutant) => {
    const noticed = isNoticed(mutant);
    console.log(`${noticed ? "noticed " : "SURVIVED"}  ${mutant.name}`);
    return !noticed;
  });
  console.log(`${mutants.length - survivors.length} of ${mutants.length} mutants noticed`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true });
}
