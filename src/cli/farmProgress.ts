/** Shows a farm while it tunes: a live table by class of device on a terminal, a line for each kernel elsewhere. */
import { createLogUpdate } from "log-update";
import type { FarmEvent } from "../farm/tuneFarm.js";
import { counted } from "../report/format.js";
import { className, classRows } from "./farmText.js";
import type { Io } from "./io.js";
import { paintTuning } from "./style.js";
import { rowOf } from "./tuneText.js";

export interface FarmDisplay {
  readonly show: (event: FarmEvent) => void;
  readonly end: () => void;
}

const SILENT: FarmDisplay = { show: () => undefined, end: () => undefined };

export function farmProgressOn(io: Io, kernels: number, isSilent: boolean): FarmDisplay {
  if (isSilent) return SILENT;
  return io.isTerminal ? liveTable(io, kernels) : lines(io, kernels);
}

function lines({ err }: Io, kernels: number): FarmDisplay {
  err(`tuning ${counted(kernels, "kernel")} on every class of device that has a worker\n`);
  return {
    show({ deviceClass, event }) {
      if (event.state === "measuring") return;
      err(`${className(deviceClass)}: ${rowOf(event).join("  ").trimEnd()}\n`);
    },
    end: () => undefined,
  };
}

/** Milliseconds between two drawings. */
const TICK = 500;

function liveTable({ styled }: Io, kernels: number): FarmDisplay {
  const last = new Map<string, FarmEvent>();
  const print = createLogUpdate(process.stderr);
  const draw = () => {
    const text = last.size === 0 ? "waiting for workers" : classRows([...last.values()], kernels).join("\n");
    print(styled(text, { paint: paintTuning }));
  };
  draw();
  const timer = setInterval(draw, TICK);
  return {
    show: (event) => last.set(`${className(event.deviceClass)} ${event.event.kernel.name}`, event),
    end() {
      clearInterval(timer);
      print.clear(); // the results repeat the content of the table
      print.done();
    },
  };
}
