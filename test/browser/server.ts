/** A small server: the page and the library as a bundler makes them, under whatever headers a test asks for. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Each is a page. */
const SCRIPTS = ["main", "worker", "webgpu", "many"];

/** Writes the pages' scripts into the folder. */
export async function bundle(folder: string, scripts: readonly string[] = SCRIPTS): Promise<void> {
  await build({
    configFile: false,
    root: source("./page"),
    logLevel: "error",
    resolve: {
      alias: [
        { find: /^tilewright$/, replacement: source("../../src/runtime/index.ts") },
        { find: /^tilewright\/tfjs$/, replacement: source("../../src/tfjs/index.ts") },
      ],
    },
    worker: { format: "es" },
    build: {
      outDir: folder,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: Object.fromEntries(scripts.map((script) => [script, source(`./page/${script}.ts`)])),
        output: { entryFileNames: "[name].js" },
      },
    },
  });
}

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".html": "text/html" };

export interface Page {
  readonly url: string;
  /** What the page posts. */
  readonly report: Promise<unknown>;
}

export class PageServer {
  readonly #folder: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #headers: Readonly<Record<string, string>> = {};
  #post: (report: unknown) => void = () => undefined;

  /** `folder`: what is served. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    await new Promise<void>((listening) => void this.#server.listen(0, "127.0.0.1", listening));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => void this.#server.close(closed));
  }

  /** The page under these headers, until the next one is asked for. */
  page(script: string, headers: Readonly<Record<string, string>>): Page {
    this.#headers = headers;
    const { port } = this.#server.address() as AddressInfo;
    const report = new Promise<unknown>((post) => {
      this.#post = post;
    });
    return { url: `http://127.0.0.1:${port}/${script}.html`, report };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      this.#post(JSON.parse(Buffer.concat(parts).toString()));
      response.writeHead(204).end();
      return;
    }
    try {
      const content = pathname.endsWith(".html")
        ? `<!doctype html><title>test</title><link rel="icon" href="data:,"><script type="module" src="${pathname.replace(".html", ".js")}"></script>`
        : await readFile(join(this.#folder, pathname));
      response.writeHead(200, { "Content-Type": TYPES[extname(pathname)] ?? "text/plain", ...this.#headers });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}
