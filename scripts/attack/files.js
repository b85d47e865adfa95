// @ts-check
/** Broken and hostile files and command lines: the command answers in a sentence, soon, and takes little memory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TilewrightError } from "tilewright";
import { drawCommand } from "./drawCommand.js";
import { faultOf, tilewright } from "./spawned.js";

/** @param {import("./random.js").Random} random @param {import("./tally.js").Tally} tally */
export async function round(random, tally) {
  const { args, files = {}, input = "" } = await drawCommand(random);
  const folder = mkdtempSync(join(tmpdir(), "tilewright-attack-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const shown = Object.entries(files).map(([name, content]) => `\n    ${name}: ${shownContent(content)}`);
    await tally.attempt(`tilewright ${args.map((arg) => JSON.stringify(arg)).join(" ")}${shown.join("")}`, async () => {
      const ran = await tilewright(args, folder, input);
      tally.mostMemory = Math.max(tally.mostMemory, ran.mebibytes * 2 ** 20);
      const fault = faultOf(ran, tally.isTimed);
      if (fault === undefined && ran.code === 1) throw new TilewrightError("invalid-argument", ran.err.slice(0, 500));
      return fault;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string | Uint8Array} content */
const shownContent = (content) =>
  typeof content === "string" ? content.slice(0, 1000) : Buffer.from(content).toString("base64").slice(0, 1000);
