// @ts-check
/**
 * Mutation check: breaks the compiler in one place at a time, in a copy of the tree, and expects the suite to notice.
 * Mostly guards: dropping any one must fail a test. `npm run test:mutation`, a few minutes.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const WINDOW = "src/ir/ops/convolution.ts";
const NEST = "src/codegen/nest.ts";
const BUILD = "src/codegen/buildKernel.ts";

/** @type {readonly { name: string, file: string, from: string, to: string }[]} `from` must occur exactly once */
const MUTANTS = [
  {
    name: "no guard on rows",
    file: WINDOW,
    from: "domain: [...within(iy, y.input), ...within(ix, x.input)]",
    to: "domain: [...within(ix, x.input)]",
  },
  {
    name: "no guard on columns",
    file: WINDOW,
    from: "domain: [...within(iy, y.input), ...within(ix, x.input)]",
    to: "domain: [...within(iy, y.input)]",
  },
  {
    name: "no lower bound",
    file: "src/ir/affine.ts",
    from: "[form, subtract(affine(extent - 1), form)]",
    to: "[subtract(affine(extent - 1), form)]",
  },
  {
    name: "no upper bound",
    file: "src/ir/affine.ts",
    from: "[form, subtract(affine(extent - 1), form)]",
    to: "[form]",
  },
  {
    name: "rates of the two axes swapped",
    file: WINDOW,
    from: 'const iy = readAt(y, "oy", "ky");',
    to: 'const iy = readAt({ ...y, reads: { ...y.reads, tap: x.reads.tap } }, "oy", "ky");',
  },
  {
    name: "padding rounds up",
    file: "src/ir/ops/spec.ts",
    from: "pad: Math.floor(reach / 2)",
    to: "pad: Math.ceil(reach / 2)",
  },
  { name: "live taps cut short", file: WINDOW, from: "Math.max(0, last - first + 1)", to: "Math.max(0, last - first)" },
  {
    name: "no tail guard",
    file: NEST,
    from: "if (!exact && !shifts)",
    to: 'if (!exact && !shifts && tail !== "guard")',
  },
  {
    name: "no tail guard where rounded up",
    file: NEST,
    from: "if (!exact && !shifts)",
    to: 'if (!exact && !shifts && tail === "guard")',
  },
  {
    name: "last tile shifted too far",
    file: NEST,
    from: "last: loop.extent - by }",
    to: "last: loop.extent - by - 1 }",
  },
  {
    name: "reduction tails do not guard the sum",
    file: BUILD,
    from: "tail.sum && (tail.reduce || pending.guard.includes(tail.form))",
    to: "tail.sum && !tail.reduce && pending.guard.includes(tail.form)",
  },
  {
    name: "partial sums start anew",
    file: BUILD,
    from: "return guarded(first, [zero], [{ ...zero, value }]);",
    to: "return [zero];",
  },
  {
    name: "packed weights read past the end",
    file: "src/codegen/pack.ts",
    from: "domain: insideOf(read.at, source.shape, axes)",
    to: "domain: []",
  },
  {
    name: "cache copies without a guard",
    file: "src/codegen/cache.ts",
    from: "const copy = guarded(box.inside,",
    to: "const copy = guarded([],",
  },
  {
    name: "no barrier after a shared copy",
    file: "src/codegen/cache.ts",
    from: '...copyTogether(box, copy, invocations), { kind: "barrier" }]',
    to: "...copyTogether(box, copy, invocations)]",
  },
  {
    name: "no barrier before a shared copy",
    file: "src/codegen/cache.ts",
    from: 'return [{ kind: "barrier" }, ...copyTogether',
    to: "return [...copyTogether",
  },
  {
    name: "steady state one too long",
    file: "src/codegen/passes/partitionLoops.ts",
    from: "...segment(loop, clean, first, last + 1)",
    to: "...segment(loop, clean, first, Math.min(last + 2, loop.extent))",
  },
  {
    name: "worst inner point is the best",
    file: "src/codegen/passes/partitionLoops.ts",
    from: "range(inner, bounds).min",
    to: "range(inner, bounds).max",
  },
  {
    name: "lanes guarded at the first only",
    file: "src/codegen/passes/vectorizeLoops.ts",
    from: "constant: atLaneZero.constant + min",
    to: "constant: atLaneZero.constant",
  },
  {
    name: "guards merged though they differ",
    file: "src/codegen/passes/mergeGuards.ts",
    from: "guardKey(last.guard) === guardKey(stmt.guard)",
    to: "last.guard.length === stmt.guard.length",
  },
  {
    name: "loads shared across stores",
    file: "src/codegen/passes/shareLoads.ts",
    from: "if (buffer === stmt.buffer) shared.delete(id)",
    to: 'if (buffer === "") shared.delete(id)',
  },
  {
    name: "JavaScript drops an if's else",
    file: "src/codegen/emit/text.ts",
    from: "stmt.otherwise.length > 0 ?",
    to: "stmt.otherwise.length > 99 ?",
  },
];

/** Of the suite, what runs kernels. */
const SUITE = [
  "test/pipeline",
  "test/differential",
  "test/schedule.test.ts",
  "test/workgroup",
  "test/ops",
  "test/passes",
];

const copy = mkdtempSync(join(tmpdir(), "tilewright-mutants-"));
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
});
for (const file of files.trim().split("\n")) cpSync(join(root, file), join(copy, file), { recursive: true });
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

/** @param {readonly string[]} suite */
function passes(suite) {
  const args = ["vitest", "run", "--bail=1", ...suite];
  return (
    spawnSync("npx", args, { cwd: copy, stdio: "ignore", env: { ...process.env, TILEWRIGHT_PAIRS: "120" } }).status ===
    0
  );
}

/** @param {(typeof MUTANTS)[number]} mutant */
function isNoticed({ name, file, from, to }) {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  if (source.split(from).length !== 2) throw new Error(`mutant "${name}": ${file} must hold its text exactly once`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  const noticed = !passes(SUITE);
  writeFileSync(path, source);
  return noticed;
}

try {
  if (!passes(SUITE)) throw new Error("the suite fails without any mutant");
  const survivors = MUTANTS.filter((mutant) => {
    const noticed = isNoticed(mutant);
    console.log(`${noticed ? "noticed " : "SURVIVED"}  ${mutant.name}`);
    return !noticed;
  });
  console.log(`${MUTANTS.length - survivors.length} of ${MUTANTS.length} mutants noticed`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true });
}
