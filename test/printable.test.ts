/** Text from outside on its way to a terminal: whatever is in it, the terminal only prints it. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printable, printableLines } from "../src/cli/printable.js";
import { printRecord } from "../src/tune/record.js";
import { tilewright } from "./support/commands.js";
import { PAIRS, SEED } from "./support/effort.js";
import { newFolder } from "./support/folder.js";
import { MACHINE, recordWith, SPEC } from "./support/tuning.js";

const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Clears the screen, renames the window, moves up, is a one-byte CSI, reverses the rest, and forges a line. */
const ESCAPES = "\u001b[2J\u001b]0;x\u0007\u001b[1A\u009b31m\u202eabc\r\nall is well";

describe("printable text", () => {
  test("is one line without control characters, and text without them stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(printable(printable(text))).toBe(printable(text));
        expect(printableLines(text).split("\n").length).toBe(text.split("\n").length);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    expect(printable("Größe 3×3 — 日本語 🙂")).toBe("Größe 3×3 — 日本語 🙂");
  });

  test("shows a character as the escape that JSON has for it, so JSON keeps its meaning", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
        const given = { value, text };
        expect(JSON.parse(printableLines(JSON.stringify(given, null, 2)))).toEqual(JSON.parse(JSON.stringify(given)));
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    expect(printable(ESCAPES)).toBe(
      "\\u001b[2J\\u001b]0;x\\u0007\\u001b[1A\\u009b31m\\u202eabc\\u000d\\u000aall is well",
    );
  });
});

describe("a command prints no escape that comes from", () => {
  let folder: string;
  let before: string;
  beforeAll(() => {
    folder = newFolder();
    before = process.cwd();
  });
  afterAll(() => {
    process.chdir(before);
  });

  /** What the command says, where none of the lines is one that the text has forged. */
  async function said(...argv: string[]): Promise<string> {
    const { out, err } = await tilewright(argv);
    const text = out + err;
    expect(text).not.toMatch(UNSEEN);
    expect(text.split("\n").filter((line) => line.startsWith("all is well"))).toEqual([]);
    return text;
  }

  test("the names of an engine and a processor", async () => {
    const path = join(folder, "machine.jsonl");
    writeFileSync(path, printRecord(recordWith({ machine: { ...MACHINE, engine: ESCAPES, processor: ESCAPES } })));
    expect(await said("records", "list", path)).toContain("\\u001b[2J");
    expect(await said("records", "list", path, "--json")).toContain("\\u001b[2J");
    expect(await said("records", "explain", JSON.stringify(SPEC), "--records", path)).toContain("untuned");
    await said("report", "--records", path, "--out", join(folder, "page.html"));
  });

  test("a path, an option and an action", async () => {
    expect(await said("records", "list", `no${ESCAPES}`)).toContain("there is no file no\\u001b[2J");
    expect(await said("explain", `no${ESCAPES}`)).toContain("\\u001b[2J");
    expect(await said("extract", `no${ESCAPES}`)).toContain("\\u001b[2J");
    expect(await said("records", ESCAPES)).toContain("\\u001b[2J");
    expect(await said("build", `--no${ESCAPES}`)).toContain("\\u001b[2J");
    expect(await said(ESCAPES)).toContain("all is well");
  });

  test("the error of a configuration, its keys and its values", async () => {
    const text = JSON.stringify(ESCAPES);
    const configs = {
      throws: `throw new Error(${text}); export default {}`,
      keys: `export default { kernels: { [${text}]: {} } }`,
      values: `export default { kernels: {}, targets: [${text}] }`,
      options: `export default { [${text}]: 1 }`,
    };
    for (const [name, code] of Object.entries(configs)) {
      const own = join(folder, name);
      mkdirSync(own);
      writeFileSync(join(own, "tilewright.config.mjs"), code);
      process.chdir(own);
      expect(await said("build"), name).toMatch(/\\u001b\[2J/);
      expect(await said("tune"), name).toMatch(/\\u001b\[2J/);
      expect(readdirSync(own)).toEqual(["tilewright.config.mjs"]);
    }
  });
});
