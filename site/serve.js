// @ts-check
/** Serves the site as a strict host would: what works here works under its policy. */
import { createServer } from "node:http";
import sirv from "sirv";

/** What the site's pages run under. Threads need the other two. */
const HEADERS = {
  "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * Resolves once the server listens, with its address and a function that ends it.
 * @param {string} folder
 * @param {number} [port] default: any that is free
 */
export async function serve(folder, port = 0) {
  const files = sirv(folder, {
    etag: true,
    extensions: ["html"],
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    },
  });
  const server = createServer((request, response) =>
    files(request, response, () => void response.writeHead(404).end()),
  );
  await /** @type {Promise<void>} */ (
    new Promise((listening, failed) => server.once("error", failed).listen(port, "127.0.0.1", listening))
  );
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return { url: `http://127.0.0.1:${address.port}/`, close };
}
