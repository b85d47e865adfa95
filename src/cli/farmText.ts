/** Tuning on a farm as text and as data: classes of device, and the kernels of each. */
import type { DeviceClass } from "../farm/names.js";
import type { FarmEvent, FarmResult } from "../farm/tuneFarm.js";
import { counted } from "../report/format.js";
import { groupedBy } from "../tune/selection.js";
import { geometricMean } from "../tune/statistics.js";
import { columns } from "./table.js";
import { HEAD, jsonOf, rowOf } from "./tuneText.js";

/** Such as `V8 11.3 x64 wasm relaxed`. */
export function className({ machine, target }: DeviceClass): string {
  const code = target.language === "wasm" ? `wasm ${target.simd}` : target.language;
  return [machine.engine, machine.processor, code].filter((part) => part !== "").join(" ");
}

const byClass = (events: readonly FarmEvent[]) => groupedBy(events, ({ deviceClass }) => className(deviceClass));

/** A row for each class of device, while they are tuned. */
export function classRows(events: readonly FarmEvent[], kernels: number): string[] {
  const rows = [...byClass(events)].map(([name, group]) => {
    const done = group.filter(({ event }) => event.state !== "measuring").length;
    const sum = (of: (event: FarmEvent["event"]) => number) => group.reduce((all, { event }) => all + of(event), 0);
    const measured = group.filter(({ event }) => event.untuned !== undefined);
    const gain = geometricMean(measured.map(({ event }) => event.best?.gain.median ?? 1));
    return [
      ...[name, String(group.at(-1)?.workers ?? 0), `${done} of ${kernels}`],
      ...[`${sum(({ candidates }) => candidates)} of ${sum(({ limit }) => limit)}`, `${gain.toFixed(2)}x`],
    ];
  });
  return columns([["CLASS", "WORKERS", "KERNELS", "SCHEDULES", "GAIN"], ...rows], [1, 2, 3, 4]);
}

export function formatFarm({ events, unbegun, refused }: FarmResult, records: string): string {
  const rows = [...byClass(events)].flatMap(([name, group]) => group.map(({ event }) => [name, ...rowOf(event)]));
  const notes = events.flatMap(({ deviceClass, event: { kernel, unmeasured } }) =>
    unmeasured === undefined
      ? []
      : [[`${kernel.name} on ${className(deviceClass)}: nothing was measured: ${unmeasured}`]],
  );
  const left = unbegun.map(({ deviceClass, kernels }) => [
    `${className(deviceClass)}: ${counted(kernels, "kernel")} not begun, as time was up or its workers were gone; ` +
      "the same command goes on",
  ]);
  const strangers = refused > 0 ? `; ${counted(refused, "message")} refused` : "";
  return [
    ...columns([["CLASS", ...HEAD], ...rows], [2, 3, 4, 5, 6]),
    ...columns(notes),
    ...columns(left),
    `${counted(byClass(events).size, "class", "classes")} of device; records in ${records}${strangers}`,
    "",
  ].join("\n");
}

export function farmJson({ events, unbegun, refused }: FarmResult, records: string): string {
  const classes = [...byClass(events).values()].map((group) => {
    const { kernels } = JSON.parse(
      jsonOf(
        group.map(({ event }) => event),
        records,
        0,
      ),
    ) as { readonly kernels: unknown };
    return { ...group[0]?.deviceClass, workers: group.at(-1)?.workers, kernels };
  });
  return `${JSON.stringify({ classes, unbegun, records, refused }, null, 2)}\n`;
}
