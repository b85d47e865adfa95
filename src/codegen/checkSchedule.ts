/**
 * Checks the form of a schedule from outside: it has known directives, each with the fields that it needs and no
 * others. The nest checks later that the schedule fits its stage.
 */
import { fail, reading, show } from "../ir/errors.js";
import { meant, meantValue } from "../ir/meant.js";
import { type Directive, printSchedule, type Schedule } from "./schedule.js";

interface FieldRule {
  readonly wants: string;
  /** True if the field may be left out. */
  readonly optional?: boolean;
  readonly holds: (value: unknown) => boolean;
}

/** As long as the name that a stage can have, and those that are made of it. What is no name would break a sentence. */
const isName = (value: unknown): value is string => typeof value === "string" && /^[A-Za-z0-9]{1,200}$/.test(value);
/** No nest has as many loops. */
const MOST_NAMES = 1000;
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MOST_NAMES && value.every(isName);
const oneOf = (...allowed: readonly string[]): FieldRule => ({
  wants: allowed.map((value) => `"${value}"`).join(" or "),
  holds: (value) => allowed.some((one) => one === value),
});

const NAME: FieldRule = { wants: "a name", holds: isName };
const NAMES: FieldRule = { wants: "a list of names", holds: isNames };
const PAIR: FieldRule = { wants: "a list of two names", holds: (value) => isNames(value) && value.length === 2 };
const INTEGER: FieldRule = { wants: "an integer", holds: Number.isSafeInteger };
const TAIL = oneOf("guard", "roundUp", "shiftInwards");
const LAUNCH = oneOf(...["workgroup", "invocation"].flatMap((unit) => ["x", "y", "z"].map((dim) => `${unit}.${dim}`)));

const FIELDS: { readonly [D in Directive as D["do"]]: { readonly [F in Exclude<keyof D, "do">]-?: FieldRule } } = {
  split: { axis: NAME, by: INTEGER, into: PAIR, tail: TAIL },
  fuse: { axes: PAIR, into: NAME },
  reorder: { axes: NAMES },
  unroll: { axis: NAME },
  vectorize: { axis: NAME },
  parallel: { axis: NAME },
  partition: { axis: NAME },
  peel: { axis: NAME },
  bind: { axis: NAME, to: LAUNCH },
  accumulate: { at: NAME },
  pack: { buffer: NAME, layout: NAMES },
  computeAt: { stage: NAME, at: NAME },
  cache: { buffer: NAME, at: NAME, space: oneOf("local", "workgroup"), layout: { ...NAMES, optional: true } },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schedule as a plain copy, read once. */
export const checkSchedule = (schedule: unknown): Schedule =>
  reading("a schedule", () => scheduleFrom(schedule), "invalid-schedule");

/** See `printSchedule`. Throws `invalid-schedule`. */
export const printChecked = (schedule: Schedule): string => printSchedule(checkSchedule(schedule));

function scheduleFrom(schedule: unknown): Schedule {
  if (!isRecord(schedule)) {
    return fail("invalid-schedule", `a schedule is an object of directive lists by stage, such as { "conv": [...] }`);
  }
  const stages = Object.entries(schedule).map(([stage, directives]) => {
    if (!isName(stage)) fail("invalid-schedule", `${show(stage)} is no name of a stage`);
    if (!Array.isArray(directives)) return fail("invalid-schedule", `${stage}: a stage takes a list of directives`);
    const list = Array.from(directives as unknown[], (directive, i) => directiveFrom(`${stage}[${i}]`, directive));
    return [stage, list] as const;
  });
  return Object.fromEntries(stages);
}

/** A list may claim to be endless; no more of it is copied than tells that it is too long. */
const copyOf = (value: unknown): unknown => (Array.isArray(value) ? [...value.slice(0, MOST_NAMES + 1)] : value);

function directiveFrom(where: string, directive: unknown): Directive {
  if (!isRecord(directive))
    fail("invalid-schedule", `${where}: a directive is an object such as { "do": "unroll", "axis": "oc" }`);
  const copied = Object.entries(directive).map(([name, value]) => [name, copyOf(value)]);
  const { do: kind, ...fields } = Object.fromEntries(copied) as Record<string, unknown>;
  const known = Object.keys(FIELDS);
  if (typeof kind !== "string" || !known.includes(kind)) {
    fail(
      "invalid-schedule",
      `${where}: "do" must be one of ${known.join(", ")}; got ${show(kind)}${meantValue(kind, known)}`,
    );
  }
  const rules: Readonly<Record<string, FieldRule>> = FIELDS[kind as Directive["do"]];
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.holds(fields[name]) || (rule.optional && fields[name] === undefined)) continue;
    fail("invalid-schedule", `${where}: ${kind} needs ${name}, ${rule.wants}; got ${show(fields[name])}`);
  }
  const strange = Object.keys(fields).find((name) => !Object.hasOwn(rules, name));
  if (strange !== undefined) {
    const takes = Object.keys(rules);
    const hint = meant(strange, takes);
    fail("invalid-schedule", `${where}: ${kind} has no ${show(strange)}; it takes ${takes.join(", ")}${hint}`);
  }
  return { do: kind, ...fields } as Directive;
}
