/**
 * Checks the form of a schedule from outside: it has known directives, each with the fields that it needs and no
 * others. The nest checks later that the schedule fits its stage.
 */
import { fail, show } from "../ir/errors.js";
import type { Directive, Schedule } from "./schedule.js";

interface FieldRule {
  readonly wants: string;
  /** True if the field may be left out. */
  readonly optional?: boolean;
  readonly holds: (value: unknown) => boolean;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const oneOf = (...allowed: readonly string[]): FieldRule => ({
  wants: allowed.map((value) => `"${value}"`).join(" or "),
  holds: (value) => isText(value) && allowed.includes(value),
});

const NAME: FieldRule = { wants: "a name", holds: isText };
const NAMES: FieldRule = { wants: "a list of names", holds: isTexts };
const PAIR: FieldRule = { wants: "a list of two names", holds: (value) => isTexts(value) && value.length === 2 };
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

export function checkSchedule(schedule: unknown): Schedule {
  if (!isRecord(schedule)) {
    return fail("invalid-schedule", `a schedule is an object of directive lists by stage, such as { "conv": [...] }`);
  }
  for (const [stage, directives] of Object.entries(schedule)) {
    if (!Array.isArray(directives)) fail("invalid-schedule", `${stage}: a stage takes a list of directives`);
    for (const [i, directive] of (directives as unknown[]).entries()) checkDirective(`${stage}[${i}]`, directive);
  }
  return schedule as Schedule;
}

function checkDirective(where: string, directive: unknown): void {
  if (!isRecord(directive))
    fail("invalid-schedule", `${where}: a directive is an object such as { "do": "unroll", "axis": "oc" }`);
  const { do: kind, ...fields } = directive as Record<string, unknown>;
  const known = Object.keys(FIELDS);
  if (!isText(kind) || !known.includes(kind)) {
    fail("invalid-schedule", `${where}: "do" must be one of ${known.join(", ")}; got ${show(kind)}`);
  }
  const rules: Readonly<Record<string, FieldRule>> = FIELDS[kind as Directive["do"]];
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.holds(fields[name]) || (rule.optional && fields[name] === undefined)) continue;
    fail("invalid-schedule", `${where}: ${kind} needs ${name}, ${rule.wants}; got ${show(fields[name])}`);
  }
  const strange = Object.keys(fields).find((name) => !Object.hasOwn(rules, name));
  if (strange !== undefined) {
    fail("invalid-schedule", `${where}: ${kind} has no "${strange}"; it takes ${Object.keys(rules).join(", ")}`);
  }
}
