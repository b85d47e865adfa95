/** Connects a process to the server of a farm. */
import { readFileSync } from "node:fs";
import { type NatsConnection, nkeyAuthenticator, tokenAuthenticator } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { fail } from "../../ir/errors.js";

export interface Server {
  /** Such as `nats://host:4222`, or `tls://host:4222`. */
  readonly url: string;
  /** The path of a file with the seed of an nkey, or with a token. */
  readonly key?: string | undefined;
  /** The path of a file with the certificate of an authority of one's own. */
  readonly ca?: string | undefined;
}

/**
 * The connection is made anew whenever it is lost. Throws `invalid-argument` if a file cannot be read, and
 * `server-unavailable` if there is no such server, or it does not let this user in.
 */
export async function connectTo({ url, key, ca }: Server): Promise<NatsConnection> {
  const secret = key === undefined ? undefined : read("key", key).trim();
  try {
    return await connect({
      servers: url,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 1000,
      ...(secret === undefined ? {} : { authenticator: authenticatorOf(secret) }),
      ...(ca === undefined ? {} : { tls: { ca: read("ca", ca) } }),
    });
  } catch (error) {
    const { message } = error as Error;
    return fail(
      "server-unavailable",
      `no server lets this process in at ${url} (${message}); start one, for which tilewright farm compose prints ` +
        "the files, or name another by --server and the key by --key",
    );
  }
}

/** Seeds of users begin with SU, in base 32. */
const authenticatorOf = (secret: string) =>
  /^SU[A-Z2-7]{50,}$/.test(secret) ? nkeyAuthenticator(new TextEncoder().encode(secret)) : tokenAuthenticator(secret);

function read(option: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail("invalid-argument", `--${option}: ${path} cannot be read (${code}); name a file`);
  }
}
