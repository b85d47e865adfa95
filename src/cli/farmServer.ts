/** Options of all commands that talk to the server of a farm. */
import type { Server } from "../farm/node/connect.js";
import { fail } from "../ir/errors.js";

export const SERVER_ARGS = {
  server: { type: "string", valueHint: "url", description: "The server, such as nats://localhost:4222 or tls://host" },
  key: { type: "string", valueHint: "path", description: "A file with the seed of an nkey, or with a token" },
  ca: { type: "string", valueHint: "path", description: "The certificate of an authority of your own" },
} as const;

interface ServerArguments {
  readonly server?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
}

export function serverOf({ server, key, ca }: ServerArguments): Server {
  if (server === undefined || !/^(nats|tls):\/\/[^\s/@]+$/.test(server)) {
    const got = server === undefined ? "" : `; got "${server}"`;
    fail("invalid-argument", `--server takes the address of a farm's server, such as nats://localhost:4222${got}`);
  }
  return { url: server, key, ca };
}
