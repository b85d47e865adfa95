/** The address of a farm's page: a link in any output, and a QR code where somebody can point a phone at it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import decode from "jsqr";
import { describe, expect, test } from "vitest";
import { run } from "../../src/cli/run.js";
import { NO_SCREEN } from "../../src/cli/style.js";
import { newFolder } from "../support/folder.js";

const URL = `https://farm.example/phone/#key=SU${"A7".repeat(28)}`;

interface Watched {
  readonly isTerminal: boolean;
  readonly hasColours?: boolean;
}

/** The command, and what it writes to both outputs. */
async function page(args: readonly string[], { isTerminal, hasColours = false }: Watched) {
  const folder = join(newFolder(), "phone");
  let [out, err] = ["", ""];
  const code = await run(["farm", "page", "--out", folder, "--server", "wss://farm.example:8443", ...args], {
    input: process.stdin,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal,
    screens: { out: NO_SCREEN, err: { hasColours, columns: 80 } },
  });
  return { code, out, err, folder };
}

/** What a character shows: the light halves, the upper one first. */
const HALVES: Readonly<Record<string, readonly [boolean, boolean]>> = {
  "█": [true, true],
  "▀": [true, false],
  "▄": [false, true],
  " ": [false, false],
};
/** Pixels of a module. */
const SCALE = 4;

/** The text that a camera reads off a terminal, if what stands there is a code. */
function read(shown: string): string | undefined {
  const lines = stripVTControlCharacters(shown).trimEnd().split("\n");
  const modules = lines.flatMap((line) => [0, 1].map((half) => [...line].map((one) => HALVES[one]?.[half] === true)));
  const [width, height] = [SCALE * (modules[0]?.length ?? 0), SCALE * modules.length];
  const pixels = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 4) % width, Math.floor(i / 4 / width)];
    return i % 4 === 3 || modules[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] ? 255 : 0;
  });
  return decode.default(pixels, width, height, { inversionAttempts: "dontInvert" })?.data;
}

describe("the address of a farm's page", () => {
  test.each([false, true])("is a code on a terminal, black on white (colours: %s)", async (hasColours) => {
    const { code, out, err, folder } = await page(["--url", URL], { isTerminal: true, hasColours });
    expect(code).toBe(0);
    expect(out).toBe(`the page is in ${folder}; once it is served, phones open ${URL}\n`);
    expect(read(err)).toBe(URL);
    const lines = err.trimEnd().split("\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
    const painted = lines.filter((line) => /^\x1b\[97m\x1b\[40m.*\x1b\[49m\x1b\[39m$/.test(line));
    expect(painted.length).toBe(hasColours ? lines.length : 0);
    expect(Math.max(...lines.map((line) => stripVTControlCharacters(line).length))).toBeLessThan(80);
  });

  test("is a code that fits a terminal even where it is as long as it may be", async () => {
    const url = `https://farm.example/${"a".repeat(279)}`;
    const { err } = await page(["--url", url], { isTerminal: true });
    expect(read(err)).toBe(url);
    expect(err.split("\n")[0]?.length).toBeLessThan(80);
  });

  test("is a link alone where nobody looks", async () => {
    const { out, err } = await page(["--url", URL], { isTerminal: false });
    expect(out).toContain(URL);
    expect(err).toBe("");
  });

  test("is in the JSON, and nothing is drawn beside that", async () => {
    const { out, err, folder } = await page(["--url", URL, "--json"], { isTerminal: true });
    expect(JSON.parse(out)).toEqual({ written: folder, server: "wss://farm.example:8443", url: URL });
    expect(err).toBe("");
  });

  test("is unknown unless it is given", async () => {
    const { out, err, folder } = await page([], { isTerminal: true });
    expect(out).toBe(`the page is in ${folder}; serve it by https, with the worker's key behind #key=\n`);
    expect(err).toBe("");
  });

  test.each([
    ["no address", "farm.example"],
    ["another protocol", "ftp://farm.example/#key=SECRET"],
    ["one that is too long", `https://farm.example/${"a".repeat(280)}#key=SECRET`],
  ])("is refused if it is %s, before anything is written, and the key is not repeated", async (_, url) => {
    const { code, err, folder } = await page(["--url", url], { isTerminal: true });
    expect(code).toBe(1);
    expect(err.replaceAll("\n", " ")).toMatch(
      /--url takes the address of a page, such as .* of at most 300 characters/,
    );
    expect(err).not.toContain("SECRET");
    expect(existsSync(folder)).toBe(false);
  });
});
