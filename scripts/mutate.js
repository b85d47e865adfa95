// @ts-check
/**
 * Mutation check: breaks the compiler in one place at a time, in a copy of the tree, and expects the tests that each mutant names
 * to notice. `npm run test:mutation`, some minutes; `npm run test:mutation -- lanes` tries those with "lanes" in their names.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./mutants.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const [wanted = ""] = process.argv.slice(2);
const mutants = MUTANTS.filter(({ name }) => name.includes(wanted));
if (mutants.length === 0) throw new Error(`no mutant has "${wanted}" in its name; scripts/mutants/ lists them`);

const copy = mkdtempSync(join(tmpdir(), "tilewright-mutants-"));
const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
});
for (const file of listed.trim().split("\n")) {
  // A file that was deleted is listed until that is committed.
  if (lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile()) cpSync(join(root, file), join(copy, file));
}
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

/**
 * @param {readonly string[]} tests
 * @param {number} [timeout] milliseconds
 */
function passes(tests, timeout) {
  const args = ["node_modules/vitest/vitest.mjs", "run", "--bail=1", ...tests];
  // The same draws each time, as many as in `npm test`: a mutant must not survive by luck.
  const env = { TILEWRIGHT_SEED: "1", ...process.env };
  return spawnSync(process.execPath, args, { cwd: copy, stdio: "ignore", env, timeout }).status === 0;
}

/** @param {import("./mutants.js").Mutant} mutant */
function isNoticed({ name, file, from, to, noticedBy }) {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  if (source.split(from).length !== 2) throw new Error(`mutant "${name}": ${file} must hold its text exactly once`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  // A mutant may loop for ever, which is noticed as well.
  const noticed = !passes(noticedBy, 300_000);
  writeFileSync(path, source);
  return noticed;
}

try {
  const tests = [...new Set(mutants.flatMap(({ noticedBy }) => noticedBy))];
  if (!passes(tests)) throw new Error(`without any mutant one of these fails: ${tests.join(" ")}`);
  const width = Math.max(...mutants.map(({ name }) => name.length));
  const survivors = mutants.filter((mutant) => {
    const begin = performance.now();
    const noticed = isNoticed(mutant);
    const seconds = `${((performance.now() - begin) / 1000).toFixed(1)} s`.padStart(8);
    console.log(`${noticed ? "noticed " : "SURVIVED"}  ${mutant.name.padEnd(width)} ${seconds}  ${mutant.file}`);
    return !noticed;
  });
  console.log(`${mutants.length - survivors.length} of ${mutants.length} mutants noticed`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true });
}
