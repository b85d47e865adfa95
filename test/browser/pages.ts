/** Pages in a browser of their own, each of which does its work when it is opened and posts what came of it. */
import { type Browser, chromium } from "playwright-core";
import { newFolder } from "../support/folder.js";
import { bundle, PageServer } from "./server.js";

export class Pages {
  readonly #folder = newFolder();
  readonly #server = new PageServer(this.#folder);
  #browser: Browser | undefined;
  /** Errors that pages have written to the console since the last one was opened. */
  readonly consoleErrors: string[] = [];

  /** `build` writes the scripts of all pages into a folder. */
  constructor(readonly build: (folder: string) => Promise<void> = bundle) {}

  async open(executablePath: string, flags: readonly string[] = []): Promise<void> {
    const args = ["--no-sandbox", ...flags]; // nothing but our own page is opened, and containers allow no sandbox
    [this.#browser] = await Promise.all([
      chromium.launch({ executablePath, args }),
      this.build(this.#folder),
      this.#server.start(),
    ]);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#server.stop();
  }

  /** What the script posts from a page with these headers. */
  async reportOf<Report>(script: string, headers: Readonly<Record<string, string>>): Promise<Report> {
    const page = await (this.#browser as Browser).newPage();
    this.consoleErrors.length = 0;
    page.on("console", (message) => {
      if (message.type() === "error") this.consoleErrors.push(message.text());
    });
    try {
      const { url, report } = this.#server.page(script, headers);
      const failed = new Promise<never>((_, reject) => void page.on("pageerror", reject));
      await page.goto(url);
      return (await Promise.race([report, failed])) as Report;
    } finally {
      await page.close();
    }
  }
}
