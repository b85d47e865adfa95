/** The files of a farm's server: a container, its configuration, and a key for each side. */
import { nkeys } from "@nats-io/nats-core";
import { MAX_MESSAGE } from "../messages.js";
import { HELLO, REPORTS_SUBJECT, WORK } from "../names.js";

/** Public keys of the two kinds of users. */
export interface PublicKeys {
  readonly coordinator: string;
  readonly worker: string;
}

/** Places of a server: those in the container, or those of a test. */
export interface ServerPlaces {
  /** The address at which it listens. */
  readonly host: string;
  readonly port: number;
  readonly websocketPort: number;
  readonly store: string;
  /** The folder of `cert.pem` and `key.pem`; undefined on a machine that nobody else reaches. */
  readonly tls: string | undefined;
}

const IN_CONTAINER: ServerPlaces = {
  host: "0.0.0.0",
  port: 4222,
  websocketPort: 8443,
  store: "/data",
  tls: "/etc/nats/tls",
};

/** The texts of the files, by name. Keys are new each time. */
export function composeFiles(): Readonly<Record<string, string>> {
  const [coordinator, worker] = [nkeys.createUser(), nkeys.createUser()];
  const seedOf = (pair: typeof worker) => `${new TextDecoder().decode(pair.getSeed())}\n`;
  const keys = { coordinator: coordinator.getPublicKey(), worker: worker.getPublicKey() };
  return {
    "docker-compose.yaml": COMPOSE,
    "nats.conf": serverConf(keys, IN_CONTAINER),
    "coordinator.key": seedOf(coordinator),
    "worker.key": seedOf(worker),
  };
}

const COMPOSE = `# The server of a farm. Put cert.pem and key.pem for its name into ./tls, then: docker compose up -d
services:
  nats:
    image: nats:2
    command: ["-c", "/etc/nats/nats.conf"]
    ports: ["4222:4222", "8443:8443"]
    volumes:
      - ./nats.conf:/etc/nats/nats.conf:ro
      - ./tls:/etc/nats/tls:ro
      - data:/data
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    mem_limit: 512m
    restart: unless-stopped
volumes:
  data: {}
`;

const tlsBlock = ({ tls }: ServerPlaces): string =>
  tls === undefined ? "no_tls: true" : `tls { cert_file: "${tls}/cert.pem", key_file: "${tls}/key.pem" }`;

/** The configuration of the server. Coordinators may do anything in the account; workers what a job needs. */
export const serverConf = (
  { coordinator, worker }: PublicKeys,
  places: ServerPlaces,
): string => `# Jobs and records are data; no code passes through here.
host: ${places.host}
port: ${places.port}
${places.tls === undefined ? "# no TLS, as nobody else reaches this machine" : tlsBlock(places)}

# Browsers. Name your page's origin, such as allowed_origins: ["https://farm.example"].
websocket {
  host: ${places.host}
  port: ${places.websocketPort}
  ${tlsBlock(places)}
}

max_payload: ${2 * MAX_MESSAGE}
max_connections: 20000
max_subscriptions: 100
max_control_line: 4096
write_deadline: "10s"

jetstream { store_dir: "${places.store}", max_memory_store: 64MB, max_file_store: 1GB }

accounts {
  FARM {
    jetstream { max_memory: 64MB, max_file: 512MB, max_streams: 8, max_consumers: 256 }
    users: [
      { nkey: ${coordinator} }
      {
        nkey: ${worker}
        permissions {
          publish {
            allow: [
              "${HELLO}"
              "${REPORTS_SUBJECT}"
              "$JS.API.CONSUMER.INFO.${WORK}.*"
              "$JS.API.CONSUMER.MSG.NEXT.${WORK}.*"
              "$JS.ACK.${WORK}.>"
            ]
          }
          subscribe { allow: ["_INBOX.>"] }
        }
      }
    ]
  }
}
`;
