/** A readable identifier for a spec that has no name of its own. Different specs get different names. */
import { canonicalKey } from "../key.js";
import type { Activation } from "./epilogue.js";
import type { AnyLengthSpec, FamilySpec } from "./familySpec.js";
import { rateText } from "./rate.js";
import type { OpSpec, Spec } from "./spec.js";
import { isFamily, isFormula } from "./specKind.js";

/**
 * For example `atrousConv2dTranspose_1x33x33x64_3x3x32_r2_same_bias_relu`: op, value, kernel and output channels, rate,
 * padding, bias and activation. The input channels are those of the value. Formulas have a fingerprint for a name, and
 * the convolution family has one in it.
 * `spec` must have been checked.
 */
export function kernelName(spec: Spec): string {
  if (isFormula(spec)) return `${spec.name ?? "formula"}_${fingerprint(canonicalKey(spec))}`;
  return isFamily(spec) ? familyName(spec) : opName(spec);
}

const familyName = (spec: AnyLengthSpec | FamilySpec): string =>
  [spec.op, spec.value.map(sizeWord).join("x"), spec.filters.join("x"), fingerprint(canonicalKey(spec))].join("_");

/** A size that calls choose goes by the largest, up to which all are served: `upto8192`. */
const sizeWord = (size: AnyLengthSpec["value"][number]): string =>
  typeof size === "number" ? `${size}` : `upto${size.max}`;

function opName(spec: OpSpec): string {
  const { op, value, filters, padding, bias, activation } = spec;
  const [kh, kw, third, fourth] = filters;
  const outputs = op === "conv2d" ? fourth : third;
  return [
    op,
    value.join("x"),
    [kh, kw, outputs].join("x"),
    `r${rateText(spec.rate)}`,
    padding.toLowerCase(),
    ...(bias ? ["bias"] : []),
    ...(activation === undefined ? [] : activationWords(activation)),
  ].join("_");
}

function activationWords(activation: Activation): readonly string[] {
  if (typeof activation === "string") return [activation];
  if (activation.kind === "clip") return ["clip", numberWord(activation.min), numberWord(activation.max)];
  return [activation.kind, numberWord(activation.alpha)];
}

/** The shortest decimal of a number, in letters and digits: 0.5 is 0p5, -1e-7 is m1em7. */
function numberWord(value: number): string {
  return String(value).replaceAll("-", "m").replaceAll(".", "p").replaceAll("+", "");
}

/** FNV-1a over UTF-16, twice from different beginnings: 64 bits, of which no two kernels of an app share all. */
function fingerprint(text: string): string {
  const from = (basis: number) => {
    let hash = basis;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return (hash >>> 0).toString(36);
  };
  return from(0x811c9dc5) + from(0x050c5d1f);
}
