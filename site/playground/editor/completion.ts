/** Completion of words, in formulas and in specs. */
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import { ALL_OPS } from "../../../src/ir/ops/spec.js";
import type { FormulaNames } from "../messages.js";

const FUNCTIONS = [
  ..."abs sqrt exp log tanh erf sin cos relu relu6 sigmoid silu gelu geluTanh hardSwish softplus".split(" "),
  ..."leakyRelu elu snake clip max min where".split(" "),
];

const snippet = (label: string, apply: string, detail: string): Completion => ({
  label,
  apply,
  detail,
  type: "keyword",
});

const WORDS: readonly Completion[] = [
  snippet("sum", "sum(", "over axes: sum(i: ...)"),
  snippet("mean", "mean(", "over axes"),
  snippet("for", "for ", "states extents: for y < 28"),
  snippet("if", "if ", "where terms or points exist"),
  ...FUNCTIONS.map((label): Completion => ({ label, apply: `${label}(`, type: "function" })),
];

const from = (context: CompletionContext): number | undefined => {
  const word = context.matchBefore(/\w*/);
  return word && (word.from < word.to || context.explicit) ? word.from : undefined;
};

export const completeFormula =
  (names: () => FormulaNames): CompletionSource =>
  (context): CompletionResult | null => {
    const start = from(context);
    if (start === undefined) return null;
    const { read, written, axes } = names();
    const tensors = [...read, ...written].map((label): Completion => ({ label, apply: `${label}[`, type: "class" }));
    const loops = axes.map((label): Completion => ({ label, type: "variable", detail: "axis" }));
    return { from: start, options: [...tensors, ...loops, ...WORDS], validFor: /^\w*$/ };
  };

const FIELDS = [
  ..."op value filters a b rate strides dilations groups padding bias residual activation prologue".split(" "),
  ..."layout filterLayout convention outputShape outputPadding weights transposeA transposeB window".split(" "),
  ..."countPadding axis epsilon scale size method coordinates block mode fill axes keepDims".split(" "),
];

const VALUES: Readonly<Record<string, readonly string[]>> = {
  op: ALL_OPS,
  padding: ["SAME", "VALID", "SAME_UPPER", "SAME_LOWER"],
  activation: ["relu", "relu6", "sigmoid", "tanh", "silu", "gelu", "hardSwish", "softplus"],
  convention: ["tensorflow", "keras", "onnx", "pytorch", "webnn"],
  layout: ["NHWC", "NCHW", "NWC", "NCW", "NDHWC", "NCDHW"],
  method: ["bilinear", "nearest"],
};

/** Inside quotes: values of the field before them, else fields. */
export const completeSpec: CompletionSource = (context) => {
  const word = context.matchBefore(/"\w*/);
  if (!word) return null;
  const { text } = context.state.doc.lineAt(context.pos);
  const [, field] =
    /"(\w+)"\s*:\s*"\w*$/.exec(text.slice(0, context.pos - context.state.doc.lineAt(context.pos).from)) ?? [];
  const labels = field === undefined ? FIELDS : (VALUES[field] ?? []);
  return { from: word.from + 1, options: labels.map((label) => ({ label, type: "property" })), validFor: /^\w*$/ };
};
