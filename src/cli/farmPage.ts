/** `tilewright farm page`: a page by which a phone works for a farm, as a folder of static files. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CommandDef, defineCommand } from "citty";
import { renderUnicodeCompact } from "uqr";
import { fail } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { checkNames } from "./arguments.js";
import type { Io } from "./io.js";
import { paintCode } from "./style.js";

/** The end of the help, after the options. */
export const FARM_PAGE_HELP = `
Serve the folder by https, and open it on a phone with the worker's key behind the address, such as \
https://farm.example/#key=SU...; no server sees that part. The page measures while it is shown and somebody has \
pressed its button, rests where the battery is low or the device is hot, and goes on after a reload. Of the device it \
tells the browser with its version, and of a GPU its maker. With --url a terminal also shows the address as a QR code.

EXAMPLE

  tilewright farm page --out phone --server wss://farm.example:8443
  tilewright farm page --server wss://farm.example:8443 --url "https://farm.example/#key=$(cat worker.key)"
`;

const ARGS = {
  out: { type: "string", valueHint: "folder", description: "Where to write the files", default: "farm-page" },
  server: { type: "string", valueHint: "url", description: "The server's address for pages, such as wss://farm:8443" },
  url: { type: "string", valueHint: "url", description: "Where phones will find the page, for a link and a QR code" },
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

/** The most characters of a page's address: the code of a longer one is wider than a terminal. */
const MOST = 300;
/** The modules around a code that its standard wants to be light. */
const QUIET_ZONE = 4;

const FILES = fileURLToPath(new URL("../farm/page", import.meta.url));

export const farmPageCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright farm page", version: VERSION, description: "Writes a page that works for a farm" },
    args: ARGS,
    run({ args }) {
      checkNames(args, ARGS);
      const { out, server = "", url } = args;
      if (!/^wss?:\/\/[\w.:[\]-]+$/.test(server))
        fail(
          "invalid-argument",
          `--server takes an address for pages, such as wss://farm.example:8443; got "${server}"`,
        );
      if (url !== undefined) checkUrl(url);
      try {
        mkdirSync(out, { recursive: true });
        cpSync(FILES, out, { recursive: true });
        writeFileSync(join(out, "index.html"), pageFor(server));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        fail("invalid-argument", `--out: ${out} cannot be written (${code}); name another folder`);
      }
      if (args.json) io.out(`${JSON.stringify({ written: out, server, url }, null, 2)}\n`);
      else tell(io, out, url);
    },
  });

/** Only the part before # is repeated, as the worker's key stands behind it. */
function checkUrl(url: string): void {
  const isPage = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!isPage || url.length > MOST) {
    const rule = `--url takes the address of a page, such as https://farm.example/, of at most ${MOST} characters`;
    fail("invalid-argument", `${rule}; got "${url.split("#")[0]}"`);
  }
}

/** The link goes where output goes; the code is drawn where somebody looks. */
function tell({ out, err, isTerminal }: Io, folder: string, url: string | undefined): void {
  const how =
    url === undefined ? "serve it by https, with the worker's key behind #key=" : "once it is served, phones open ";
  out(`the page is in ${folder}; ${how}${url ?? ""}\n`);
  if (url !== undefined && isTerminal)
    err(`${renderUnicodeCompact(url, { border: QUIET_ZONE })}\n`, { paint: paintCode });
}

/** The policy lets the page load its own files, compile WebAssembly, and talk to the farm's server. */
const pageFor = (server: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="farm" content="${server}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
worker-src 'self'; connect-src 'self' ${server}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>tilewright farm</title>
<style>
  :root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif }
  body { margin: 0 auto; max-width: 32rem; padding: 1.5rem }
  h1 { font-size: 1.4rem; margin: 0 0 1rem }
  dt { opacity: .7; font-size: .9rem }
  dd { margin: 0 0 1rem; overflow-wrap: anywhere }
  button, select { border: 1px solid; border-radius: .6rem; font: inherit; margin-bottom: 1rem; padding: .8rem }
  button, select { width: 100% }
  #state { min-height: 3em }
</style>
<script type="module" src="main.js"></script>
</head>
<body>
<h1>Measuring for tilewright</h1>
<dl>
  <dt>This device</dt><dd id="device">a browser</dd>
  <dt>Now</dt><dd id="state">loading</dd>
  <dt>Schedules measured here</dt><dd id="count">0</dd>
</dl>
<label>Code
  <select id="language"><option value="wasm">WebAssembly</option><option value="wgsl">WebGPU</option></select>
</label>
<button id="button">Start</button>
<p>It measures while this page is shown. Plug the device in, and leave it alone.</p>
</body>
</html>
`;
