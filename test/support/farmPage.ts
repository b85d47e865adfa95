/** The page of a farm, as `tilewright farm page` writes it, on a server of files. */
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { newFolder } from "./folder.js";
import type { TestServer } from "./nats.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".md": "text/plain" };

/** Call `close` to end it. */
export async function serveFarmPage({ websocketUrl }: TestServer) {
  const folder = newFolder();
  const args = ["farm", "page", "--out", folder, "--server", websocketUrl];
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const files = createServer(({ url: asked = "/" }, response) => {
    const path = join(folder, asked === "/" ? "index.html" : (asked.split("?")[0] as string));
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  const { port } = files.address() as { readonly port: number };
  return { url: `http://127.0.0.1:${port}/`, close: () => void files.close() };
}
