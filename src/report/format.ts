/** Prints numbers and specs for people. A value that is no number becomes a dash. */
import type { Activation } from "../ir/ops/epilogue.js";
import { rateText } from "../ir/ops/rate.js";
import type { Spec } from "../ir/ops/spec.js";
import { isFamily, isFormula } from "../ir/ops/specKind.js";
import { specRow } from "../ir/ops/specRow.js";
import type { Interval } from "../tune/statistics.js";

const NOTHING = "–";

/** All digits of an integer, in groups of three. */
export const whole = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** Three digits, or all digits before the point: `0.0123`, `1.20`, `12,345`. */
export function figure(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NOTHING;
  if (value === 0) return "0";
  if (Math.abs(value) >= 1e15) return value.toExponential(2);
  // From 99.95 on, three digits would round to 100 or more.
  return Math.abs(value) >= 99.95 ? whole(Math.round(value)) : value.toPrecision(3);
}

/** Two decimals, so that the points of a column stand below each other. */
export const decimal = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? NOTHING : value.toFixed(2);

export const times = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? NOTHING : `${value.toFixed(2)}×`;

/** Whole percents. A share that would round to nothing is called small. */
export function percent(share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) return NOTHING;
  return share > 0 && share < 0.005 ? "< 1 %" : `${(100 * share).toFixed(0)} %`;
}

/** Both bounds without a unit; no text if they are equal or no numbers. */
export function bounds(estimate: Interval | undefined, print: (value: number) => string): string {
  if (estimate === undefined || !(estimate.low < estimate.high)) return "";
  return `${print(estimate.low)} – ${print(estimate.high)}`.replaceAll("×", "");
}

/** Bytes in the largest unit of which there is one: `512 B`, `1.50 kB`. A unit is a thousand of the one before. */
export function byteText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? whole(bytes) : figure(bytes / 1000 ** power)} ${["B", "kB", "MB", "GB"][power]}`;
}

/** `1 shape`, `2 shapes`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`;

/** At most `most` characters. Counts characters and not code units, so that no emoji is cut in half. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, 2 * most));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** The day and minute in UTC. Text that is no date stays as it is. */
export function formatDate(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** All of a spec in one line of the page. `specRow` is its plain counterpart for terminals and comments. */
export function formatSpec(spec: Spec): string {
  if (isFormula(spec) || isFamily(spec)) return specRow(spec);
  const { op, value, filters, rate, padding, bias, activation } = spec;
  return [
    op,
    `value ${value.join("×")}`,
    `filters ${filters.join("×")}`,
    `rate ${rateText(rate)}`,
    padding,
    ...(bias ? ["bias"] : []),
    ...(activation === undefined ? [] : [formatActivation(activation)]),
  ].join(" · ");
}

function formatActivation(activation: Activation): string {
  if (typeof activation === "string") return activation;
  if (activation.kind === "clip") return `clip(${activation.min}, ${activation.max})`;
  return `${activation.kind}(${activation.alpha})`;
}
