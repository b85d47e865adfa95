/** Shows tuning while it runs: as a live table with a bar on a terminal, as a line for each kernel elsewhere. */
import cliProgress from "cli-progress";
import { createLogUpdate } from "log-update";
import { counted } from "../report/format.js";
import { EFFORTS, type Level } from "../tune/levels.js";
import type { TuneEvent } from "../tune/tune.js";
import type { Io } from "./io.js";
import { paintTuning } from "./style.js";
import { columns } from "./table.js";
import { HEAD, rowOf } from "./tuneText.js";

export interface TuneDisplay {
  /** Called once it is known what will be tuned. */
  readonly begin: (kernels: number) => void;
  readonly show: (event: TuneEvent) => void;
  readonly end: () => void;
}

export interface TuneLimits {
  readonly level: Level;
  /** Milliseconds for all kernels, if there is a limit. */
  readonly budget?: number;
}

const SILENT: TuneDisplay = { begin: () => undefined, show: () => undefined, end: () => undefined };

export function progressOn(io: Io, limits: TuneLimits, isSilent: boolean): TuneDisplay {
  if (isSilent) return SILENT;
  return io.isTerminal ? liveTable(io, limits) : lines(io, limits);
}

function lines({ err }: Io, limits: TuneLimits): TuneDisplay {
  let [done, total] = [0, 0];
  return {
    begin(kernels) {
      total = kernels;
      err(`tuning ${counted(total, "kernel")}: ${limitText(limits)}\n`);
    },
    show(event) {
      if (event.state === "measuring") return;
      done++;
      const rest = event.unmeasured === undefined ? "" : `  nothing was measured: ${event.unmeasured}`;
      err(`[${done}/${total}] ${rowOf(event).join("  ").trimEnd()}${rest}\n`);
    },
    end: () => undefined,
  };
}

function limitText({ level, budget }: TuneLimits): string {
  const { candidates, milliseconds } = EFFORTS[level];
  const each = Number.isFinite(candidates)
    ? `at most ${candidates} schedules and ${seconds(milliseconds)} each, from the first measurement on`
    : "every schedule there is";
  return budget === undefined ? each : `${each}; at most ${seconds(budget)} for all`;
}

/** The most rows of the live table. A small terminal would scroll further rows away, and then cannot redraw them. */
const ROWS = 15;
/** Milliseconds between two drawings. Few of them disturb no measurement. */
const TICK = 500;

/** The last event of a kernel, and its time in the milliseconds of `performance.now()`. */
interface Said {
  readonly event: TuneEvent;
  readonly at: number;
}

function liveTable({ styled }: Io, limits: TuneLimits): TuneDisplay {
  const said = new Map<string, Said>();
  let total: number | undefined;
  const print = createLogUpdate(process.stderr);
  const draw = () => {
    const text = total === undefined ? "looking for kernels" : tableOf([...said.values()], total, limits);
    print(styled(text, { paint: paintTuning }));
  };
  draw();
  const timer = setInterval(draw, TICK);
  return {
    begin(kernels) {
      total = kernels;
      draw();
    },
    show(event) {
      said.set(event.kernel.name, { event, at: performance.now() });
      draw();
    },
    end() {
      clearInterval(timer);
      print.clear(); // the results repeat the content of the table
      print.done();
    },
  };
}

function tableOf(said: readonly Said[], total: number, limits: TuneLimits): string {
  const rows = said.slice(-ROWS).map((one) => [...rowOf(one.event), stateOf(one)]);
  const done = said.filter(({ event }) => event.state !== "measuring").length;
  const left = timeLeft(said, total, limits);
  return [
    ...columns([[...HEAD, "PROGRESS"], ...rows], [1, 2, 3, 4, 5]),
    `${done} of ${counted(total, "kernel")}${left === undefined ? "" : `, ${duration(left)} left`}`,
    limitText(limits),
  ].join("\n");
}

/** Milliseconds until all kernels are done, at most; undefined if nothing limits them. */
function timeLeft(said: readonly Said[], total: number, { level, budget }: TuneLimits): number | undefined {
  const running = said.find(({ event }) => event.state === "measuring");
  const each = Math.min(EFFORTS[level].milliseconds, (budget ?? Number.POSITIVE_INFINITY) / total);
  const waiting = total - said.length;
  const left = (waiting > 0 ? waiting * each : 0) + (running ? leftOf(running) : 0);
  return Number.isFinite(left) ? left : undefined;
}

const leftOf = ({ event, at }: Said): number => Math.max(0, event.left - (performance.now() - at));

/** The bar runs against the limit of the level that ends the kernel first. */
function stateOf(one: Said): string {
  const { state, elapsed, left, unmeasured } = one.event;
  if (state !== "measuring") return unmeasured === undefined ? state : "nothing measured";
  if (elapsed === 0) return "compiling";
  const now = leftOf(one);
  return `${bar(1 - now / (elapsed + left))} ${Number.isFinite(now) ? `${duration(now)} left` : ""}`.trimEnd();
}

const BARS = { ...cliProgress.Presets.shades_classic, barsize: 12, barGlue: "" };

const bar = (share: number): string =>
  cliProgress.Format.BarFormat(Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0, {
    ...BARS,
    barCompleteString: BARS.barCompleteChar.repeat(BARS.barsize),
    barIncompleteString: BARS.barIncompleteChar.repeat(BARS.barsize),
  });

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/** Such as `9s`, `1m5s` or `2h30m`. */
const duration = (milliseconds: number): string =>
  cliProgress.Format.TimeFormat(Math.ceil(milliseconds / 1000), { ...BARS, autopaddingChar: "" }, 1);
