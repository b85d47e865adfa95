/** The fields of a spec from outside, one by one: each is read once, and has a form before sizes are looked at. */
import { fail, show } from "../ir/errors.js";
import { integersFrom, isInteger, listRemedy, pairsFrom, pairsRemedy } from "../ir/integers.js";
import { meant, meantValue } from "../ir/meant.js";
import { type Convention, FAMILY_OPS, type FamilyOp, type FamilySpec } from "../ir/ops/familySpec.js";
import { checkActivation, checkBias } from "../ir/ops/spec.js";
import { CONVENTIONS, type ConventionRules } from "./conventions.js";
import {
  defaultFilterLayout,
  defaultLayout,
  type FamilyKind,
  familyKindOf,
  filterLayoutsOf,
  layoutsOf,
} from "./orders.js";

/** A spec with what it leaves to its convention. */
export interface FamilyFields {
  readonly op: FamilyOp;
  readonly kind: FamilyKind;
  readonly convention: Convention;
  readonly rules: ConventionRules;
  readonly value: readonly number[];
  readonly filters: readonly number[];
  readonly layout: string;
  readonly filterLayout: string;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
  /** Undefined if there is none. */
  readonly padding: Exclude<FamilySpec["padding"], "VALID">;
  readonly outputShape: readonly number[] | undefined;
  readonly outputPadding: readonly number[] | undefined;
  readonly around: Pick<FamilySpec, "prologue" | "bias" | "residual" | "activation">;
}

type GivenFields = Readonly<Record<string, unknown>>;

const refuse = (why: string): never => fail("invalid-spec", why);

const COMMON = ["op", "value", "filters", "strides", "dilations", "padding", "layout"];
const AROUND = ["prologue", "bias", "residual", "activation"];

const keysOf = ({ isTransposed, isDepthwise }: FamilyKind): readonly string[] => [
  ...COMMON,
  ...AROUND,
  "convention",
  ...(isDepthwise ? [] : ["filterLayout", "groups"]),
  ...(isTransposed ? ["outputShape", "outputPadding"] : []),
];

/** Throws `invalid-spec` or `invalid-shape`. */
export function fieldsOf(given: GivenFields): FamilyFields {
  const op = oneOf("op", given.op, FAMILY_OPS);
  const kind = familyKindOf(op);
  const keys = keysOf(kind);
  const strange = Object.keys(given).find((key) => given[key] !== undefined && !keys.includes(key));
  if (strange === "rate") {
    const rates = [...kind.image].flatMap(() => given.rate).slice(0, kind.image.length);
    refuse(`${op} has no "rate"; write dilations: ${show(rates)}`);
  }
  if (strange !== undefined)
    refuse(`${op} has no ${show(strange)}; it may have ${keys.join(", ")}${meant(strange, keys)}`);
  const convention = oneOf("convention", given.convention ?? "tensorflow", Object.keys(CONVENTIONS) as Convention[]);
  const rules = CONVENTIONS[convention];
  if (kind.isDepthwise && !rules.hasDepthwise) {
    refuse(`${convention} has no depthwiseConv2d; write conv2d with a group for each channel`);
  }
  const layout = oneOf("layout", given.layout ?? defaultLayout(kind, rules), layoutsOf(kind));
  const filterLayout = oneOf(
    "filterLayout",
    given.filterLayout ?? defaultFilterLayout(kind, rules),
    filterLayoutsOf(kind),
  );
  const perAxis = (name: string) => axesFrom(name, given[name] ?? [...kind.image].map(() => 1), kind, 1);
  return {
    ...{ op, kind, convention, rules, layout, filterLayout },
    value: shapeFrom("value", given.value, layout),
    filters: shapeFrom("filters", given.filters, filterLayout),
    strides: perAxis("strides"),
    dilations: perAxis("dilations"),
    groups: groupsFrom(given.groups ?? 1),
    padding: paddingFrom(given.padding, kind, convention),
    outputShape: sizesFrom(given.outputShape, kind, convention, layout),
    outputPadding: outputPaddingFrom(given.outputPadding, kind, convention),
    around: aroundFrom(given),
  };
}

function aroundFrom(given: GivenFields): FamilyFields["around"] {
  const prologue = checkActivation(given.prologue, "prologue");
  const activation = given.activation === "glu" ? "glu" : checkActivation(given.activation);
  const { residual = false } = given;
  if (typeof residual !== "boolean") {
    refuse(`residual says whether there is one (true or false); got ${show(residual)}. Its elements go to run()`);
  }
  if (residual && activation === "glu") refuse("a residual is added before the activation, and glu takes none");
  return {
    ...(prologue === undefined ? {} : { prologue }),
    ...(checkBias(given.bias) ? { bias: true } : {}),
    ...(residual ? { residual: true } : {}),
    ...(activation === undefined ? {} : { activation }),
  };
}

function oneOf<T extends string>(name: string, given: unknown, legal: readonly T[]): T {
  const found = legal.find((one) => one === given);
  return found ?? refuse(`${name} must be one of ${legal.join(", ")}; got ${show(given)}${meantValue(given, legal)}`);
}

/** The letters of a layout, as the shape that they describe. */
const shown = (layout: string): string => `[${[...layout].join(", ")}]`;

function shapeFrom(name: string, given: unknown, layout: string): readonly number[] {
  const said = `${name} must be ${layout.length} integers >= 0, ${shown(layout)}; got ${show(given)}`;
  return integersFrom(given, layout.length, 0) ?? fail("invalid-shape", said);
}

function axesFrom(name: string, given: unknown, { image }: FamilyKind, least: number): readonly number[] {
  const said = `${name} must be an integer >= ${least} for each of ${[...image].join(", ")}; got ${show(given)}`;
  const remedy = listRemedy(given, image.length, least);
  return integersFrom(given, image.length, least) ?? refuse(`${said}${remedy}`);
}

const groupsFrom = (given: unknown): number =>
  isInteger(given, 1) ? given : refuse(`groups must be an integer >= 1; got ${show(given)}`);

function paddingFrom(
  given: unknown,
  { image, isTransposed }: FamilyKind,
  convention: Convention,
): FamilyFields["padding"] {
  if (given === undefined) return undefined;
  const { words: all, numbers } = CONVENTIONS[convention];
  const words = isTransposed ? all.transposed : all.forward;
  if (typeof given === "string" && words.includes(given)) {
    return given === "VALID" ? undefined : (given as Exclude<FamilyFields["padding"], undefined>);
  }
  const pairs = numbers === "none" ? undefined : pairsFrom(given, image.length);
  if (pairs && (numbers !== "alike" || pairs.every(([before, after]) => before === after))) {
    const isNone = pairs.flat().every((rows) => rows === 0);
    return isNone ? undefined : (pairs as Exclude<FamilyFields["padding"], undefined>);
  }
  const alike = numbers === "alike" ? ", both alike" : "";
  const inNumbers = `[before, after]${alike} with integers >= 0, for each of ${[...image].join(", ")}`;
  const legal = [...words.map(show), ...(numbers === "none" ? [] : [inNumbers])].join(", or ");
  const remedy = (numbers === "none" ? "" : pairsRemedy(given, image.length)) || meantValue(given, words);
  return refuse(`padding in the convention ${convention} must be ${legal}; got ${show(given)}${remedy}`);
}

/** Sizes of the image, or the whole shape of the output. */
function sizesFrom(
  given: unknown,
  { image }: FamilyKind,
  convention: Convention,
  layout: string,
): FamilyFields["outputShape"] {
  if (given === undefined) return undefined;
  if (!CONVENTIONS[convention].takesSizes) {
    return refuse(`${convention} computes the output's size; leave outputShape out, and say outputPadding if need be`);
  }
  const sizes = integersFrom(given, image.length, 0) ?? integersFrom(given, layout.length, 0);
  const legal = `the sizes ${shown(image)} or the whole shape ${shown(layout)}, in integers >= 0`;
  return sizes ?? fail("invalid-shape", `outputShape must be ${legal}; got ${show(given)}`);
}

function outputPaddingFrom(given: unknown, kind: FamilyKind, convention: Convention): FamilyFields["outputPadding"] {
  if (given === undefined) return undefined;
  if (CONVENTIONS[convention].outputPaddingBelow === undefined) {
    return refuse(`${convention} has no outputPadding; say the outputShape instead`);
  }
  return axesFrom("outputPadding", given, kind, 0);
}
