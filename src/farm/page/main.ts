/** A page that works for a farm: measures in a worker of its own while somebody lets it, and rests where it should. */
import { type NatsConnection, nkeyAuthenticator, tokenAuthenticator, wsconnect } from "@nats-io/nats-core";
import { specRow } from "../../ir/ops/specRow.js";
import { wasmFeaturesOf } from "../../runtime/compiledFor.js";
import { wasmFeatures } from "../../runtime/host/wasmFeatures.js";
import { thisClass } from "../../tune/machine.js";
import { look } from "../../tune/page/channel.js";
import { pageTools } from "../../tune/page/tools.js";
import { tunedKey } from "../../tune/selection.js";
import { intervalOf } from "../../tune/statistics.js";
import { measuring } from "../measureJob.js";
import type { DeviceClass } from "../names.js";
import { type Measure, work } from "../worker.js";
import { batteryOf } from "./battery.js";
import { COOLING_MS, Heat, reasonToRest } from "./courtesy.js";
import { loadSaved, type Saved, save } from "./saved.js";
import { viewOf } from "./view.js";

const MOST = 100;

const view = viewOf();
const heat = new Heat();
let saved: Saved = await loadSaved();
let coolAt = 0;
let stop = new AbortController();

const battery = await batteryOf(() => wake());
document.addEventListener("visibilitychange", () => wake());

/** Ends the present work if the device should rest, or somebody wants something else. */
function wake(): void {
  if (restReason() !== undefined) stop.abort();
}

const restReason = (): string | undefined => {
  if (!saved.isWilling) return "paused";
  if (performance.now() < coolAt) return "the device is hot; it cools down";
  return reasonToRest({ isHidden: document.hidden, isCharging: battery?.charging, charge: battery?.level });
};

async function change(next: Partial<Saved>): Promise<void> {
  saved = { ...saved, ...next };
  view.show(saved);
  await save(saved);
}

/** The server's address is written into the page; the key is the part of the link that no server sees. */
async function connectHere(): Promise<NatsConnection> {
  const servers = document.querySelector<HTMLMetaElement>('meta[name="farm"]')?.content ?? "";
  const key = new URLSearchParams(location.hash.slice(1)).get("key") ?? "";
  const seed = () => new TextEncoder().encode(key);
  const authenticator = key.startsWith("SU") ? nkeyAuthenticator(seed) : tokenAuthenticator(key);
  return wsconnect({ servers, maxReconnectAttempts: -1, ...(key === "" ? {} : { authenticator }) });
}

/** The class of this device for the language that was chosen. Throws if it cannot run that. */
async function classHere(signal: AbortSignal): Promise<DeviceClass> {
  const { language } = saved;
  const ability = await look(language, signal);
  if (!ability?.can) throw new Error(ability?.why ?? "interrupted");
  if (language === "wasm") {
    const features = wasmFeaturesOf({ ...wasmFeatures(), shared: false, revectorize: false });
    return { machine: thisClass(), target: features };
  }
  // A GPU's maker is all that is told of it.
  const [processor = ""] = (ability.gpu?.name ?? "").split(" ");
  return { machine: { ...thisClass(), processor }, target: { language: "wgsl", storage: "f32" } };
}

/** Works until `signal` ends it. */
async function session(signal: AbortSignal): Promise<void> {
  const deviceClass = await classHere(signal);
  const { machine, target } = deviceClass;
  view.device([machine.engine, machine.processor, target.language].filter((part) => part !== "").join(", "));
  const tools = { ...pageTools({ threads: 1, gpu: undefined, signal, keep: () => undefined }), machine };
  const interrupt = () => tools.measurer.close();
  signal.addEventListener("abort", interrupt);
  const connection = await connectHere();
  try {
    const { worker } = saved;
    const measure = watched(measuring(tools, signal));
    const onJob = () => view.say("waiting for a job");
    onJob();
    await work(connection, { worker, deviceClass, measure, quiet: async () => undefined, signal, onJob });
  } finally {
    signal.removeEventListener("abort", interrupt);
    tools.measurer.close();
    await connection.close();
  }
}

/** Shows and counts what is measured, and lets a device cool down that has become slower. */
const watched =
  (measure: Measure): Measure =>
  async (job) => {
    view.say(`measuring ${specRow(job.kernel.spec)}`);
    const record = await measure(job);
    if (!record) return undefined;
    const isTimed = record.outcome === "measured";
    if (isTimed && heat.isHot(tunedKey(job.kernel), intervalOf(record.baseline).median)) {
      coolAt = performance.now() + COOLING_MS;
      stop.abort();
      return undefined;
    }
    await change({ measured: saved.measured + 1 });
    return record;
  };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

view.show(saved);
view.onChange((wish) => {
  void change(wish);
  stop.abort();
});
for (;;) {
  const reason = restReason();
  if (reason !== undefined) {
    view.say(reason);
    await pause(500);
    continue;
  }
  stop = new AbortController();
  try {
    await session(stop.signal);
  } catch (error) {
    view.say(String(error instanceof Error ? error.message : error).slice(0, MOST));
    await pause(5000);
  }
}
