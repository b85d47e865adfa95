/** A server for tests of a farm: NATS with JetStream and WebSocket on loopback, with what it stores in a new folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import type { ServerPlaces } from "../../src/farm/node/compose.js";
import { newFolder } from "./folder.js";
import { findProgram } from "./installed.js";

/** What `needs` calls it. */
export const NATS = "nats-server (Debian's package of that name)";
/** Debian puts it where not every user looks for programs. */
const program = findProgram(["nats-server"], ["/usr/sbin"]);
export const hasNats = program !== undefined;

export interface TestServer {
  readonly url: string;
  readonly websocketUrl: string;
  readonly stop: () => Promise<void>;
  /** The messages that it has taken from clients and given to them since it was started, acknowledgements among them. */
  readonly messages: () => Promise<{ readonly taken: number; readonly given: number }>;
  /** Ends it as a power cut would, and starts it with what it had stored. */
  readonly restart: () => Promise<void>;
}

/** @param confFor the text of its configuration; by default anybody on this machine may do anything */
export async function startNats(confFor: (places: ServerPlaces) => string = openConf): Promise<TestServer> {
  const folder = newFolder();
  const [port, websocketPort, monitoringPort] = [await freePort(), await freePort(), await freePort()];
  const path = join(folder, "nats.conf");
  const conf = confFor({ host: "127.0.0.1", port, websocketPort, store: join(folder, "store"), tls: undefined });
  writeFileSync(path, `${conf}\nhttp: "127.0.0.1:${monitoringPort}"\n`);
  let child = await start(path, port);
  return {
    url: `nats://127.0.0.1:${port}`,
    websocketUrl: `ws://127.0.0.1:${websocketPort}`,
    stop: () => end(child),
    async messages() {
      const answer = await fetch(`http://127.0.0.1:${monitoringPort}/varz`);
      const { in_msgs: taken, out_msgs: given } = (await answer.json()) as { in_msgs: number; out_msgs: number };
      return { taken, given };
    },
    async restart() {
      await end(child);
      child = await start(path, port);
    },
  };
}

const openConf = ({ host, port, websocketPort, store }: ServerPlaces): string =>
  `host: ${host}
port: ${port}
websocket { host: ${host}, port: ${websocketPort}, no_tls: true }
jetstream { store_dir: "${store}" }`;

async function start(path: string, port: number): Promise<ChildProcess> {
  const child = spawn(program as string, ["-c", path], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.on("data", (part) => {
    said = `${said}${part}`.slice(-2000);
  });
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`nats-server has ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return child;
}

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve());
    if (!child.kill("SIGKILL")) resolve();
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).once("error", () => resolve(false));
  });

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
