/** The streams of a farm on its server, and a bucket. Each has limits that no sender can pass. */
import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
} from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { type NatsConnection, nanos } from "@nats-io/nats-core";
import { MAX_MESSAGE } from "./messages.js";
import { JOBS_SUBJECT, jobsOf, MEASURED, REPORTS, REPORTS_SUBJECT, WORK } from "./names.js";

/** Milliseconds without a heartbeat after which a job goes to another worker. */
export const LEASE_MS = 20_000;
/** Milliseconds in which a report that is sent again counts once. */
const SAME_MS = 600_000;
const MAX_BYTES = 64 * 2 ** 20;

/** The consumer that all coordinators share: each report is checked by one of them. */
export const CHECKING = "coordinators";

export interface FarmStreams {
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly measured: KV;
}

/** Makes what is not there yet. Several coordinators may do so at once. */
export async function openStreams(connection: NatsConnection): Promise<FarmStreams> {
  const [client, manager] = [jetstream(connection), await jetstreamManager(connection)];
  const limits = { max_bytes: MAX_BYTES, max_msg_size: MAX_MESSAGE, retention: RetentionPolicy.Workqueue };
  await manager.streams.add({
    ...limits,
    name: WORK,
    subjects: [JOBS_SUBJECT],
    // A second message of a subject is refused while there is one.
    ...{ max_msgs_per_subject: 1, discard: DiscardPolicy.New, discard_new_per_subject: true },
    // So is one that was just done, as another coordinator may not know that yet.
    duplicate_window: nanos(LEASE_MS),
  });
  await manager.streams.add({
    ...limits,
    name: REPORTS,
    subjects: [REPORTS_SUBJECT],
    ...{ discard: DiscardPolicy.New, duplicate_window: nanos(SAME_MS) },
  });
  const common = { ack_policy: AckPolicy.Explicit, ack_wait: nanos(LEASE_MS) };
  await manager.consumers.add(REPORTS, { ...common, durable_name: CHECKING });
  const bucket = { history: 1, max_bytes: MAX_BYTES, maxValueSize: MAX_MESSAGE };
  return { jetstream: client, manager, measured: await new Kvm(client).create(MEASURED, bucket) };
}

/** Lets workers of a class take jobs. */
export async function openClass({ manager }: FarmStreams, id: string): Promise<void> {
  const consumer = { ack_policy: AckPolicy.Explicit, ack_wait: nanos(LEASE_MS), max_ack_pending: -1 };
  await manager.consumers.add(WORK, { ...consumer, durable_name: id, filter_subject: jobsOf(id) });
}

const IS_THERE_ALREADY = 10_077;

/** Adds a job, unless the same one waits, is being measured, or was done a moment ago. */
export async function addJob({ jetstream }: FarmStreams, subject: string, data: Uint8Array): Promise<void> {
  try {
    await jetstream.publish(subject, data, { msgID: subject });
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== IS_THERE_ALREADY) throw error;
  }
}

const HAS_OTHER_SEQUENCE = 10_071;

/** Adds an entry of what was measured. False if there was one of this key, which stays. */
export async function addEntry({ measured }: FarmStreams, key: string, data: Uint8Array): Promise<boolean> {
  try {
    await measured.create(key, data);
    return true;
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== HAS_OTHER_SEQUENCE) throw error;
    return false;
  }
}
