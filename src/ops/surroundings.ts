/** Around the sum of a convolution: an activation before it, and bias, residual and activation behind. */
import { affine, coefficientOf, substitute, variable, variablesOf } from "../ir/affine.js";
import { failInternally } from "../ir/errors.js";
import { type Expr, load, local, multiply, plus, rewrite } from "../ir/expr.js";
import { sigmoid } from "../ir/functions.js";
import { type Activation, activated } from "../ir/ops/epilogue.js";
import type { FamilySpec } from "../ir/ops/familySpec.js";
import { type Axis, type BufferDecl, type Program, type Stage, SUM } from "../ir/program.js";
import { mapStageForms } from "../ir/visit.js";

type Around = Pick<FamilySpec, "prologue" | "bias" | "residual" | "activation">;

/**
 * The program with all of it. What stands behind the sum is fused into the stages that store it.
 * @param channels the dimension of the output's channels
 */
export function surrounded(plain: Program, spec: Around, channels: number): Program {
  const { prologue, bias = false, residual = false, activation } = spec;
  const output = plain.buffers.find(({ role }) => role === "output") as BufferDecl;
  const given: BufferDecl[] = [
    ...(residual ? [{ ...output, name: "residual", role: "input" as const }] : []),
    ...(bias ? [{ ...output, name: "bias", shape: [output.shape[channels] as number], role: "weights" as const }] : []),
  ];
  const run = plain.run.map((stage): Stage => {
    const sum = biased(stage, bias, channels);
    const total = residual ? plus(sum, load("residual", stage.output.at)) : sum;
    return { ...stage, finish: activation === "glu" ? total : activated(total, activation) };
  });
  const buffers = [...plain.buffers.filter((one) => one !== output), ...given, output];
  const all = { ...plain, buffers, run };
  const program = activation === "glu" ? gated(all, output, channels) : all;
  return prologue ? withPrologue(program, prologue) : program;
}

/**
 * The input goes through an activation in a stage of its own. In the loop of the sum each element would go through it
 * for every tap, and again for every tile of outputs: three times the time for relu, and a hundred times for tanh.
 */
function withPrologue(program: Program, prologue: Activation): Program {
  const value = program.buffers.find(({ name }) => name === "value") ?? failInternally("a convolution of no value");
  const axes = value.shape.map((extent, i): Axis => ({ name: `d${i}`, extent }));
  const at = axes.map(({ name }) => variable(name));
  const before: Stage = {
    ...{ name: "prologue", space: axes, reduce: [], domain: [] },
    term: load("value", at),
    finish: activated(local(SUM), prologue),
    output: { buffer: "activated", at },
  };
  const read = (expr: Expr) =>
    rewrite(expr, (part) =>
      part.kind === "load" && part.buffer === "value" ? { ...part, buffer: "activated" } : part,
    );
  const run = program.run.map((stage): Stage => ({ ...stage, term: read(stage.term) }));
  const scratch: BufferDecl = { ...value, name: "activated", role: "scratch" };
  return { ...program, buffers: [...program.buffers, scratch], run: [before, ...run] };
}

function biased({ finish, output }: Stage, bias: boolean, channels: number): Expr {
  const channel = output.at[channels] ?? failInternally("an output without channels");
  return bias ? plus(finish, load("bias", [channel])) : finish;
}

/** The second half of the channels becomes gates of the first: a stage computes these, and the other one reads them. */
function gated(program: Program, output: BufferDecl, channels: number): Program {
  const half = (output.shape[channels] as number) / 2;
  const shape = output.shape.with(channels, half);
  const run = program.run.flatMap((stage): Stage[] => {
    const value = ofChannels(stage, channels, half, 0);
    const gate = ofChannels(stage, channels, half, half);
    const read = load("gates", value.output.at);
    return [
      { ...gate, name: `${stage.name}Gates`, output: { buffer: "gates", at: value.output.at } },
      { ...value, finish: multiply(value.finish, sigmoid(read)) },
    ];
  });
  const buffers = program.buffers.flatMap((one): BufferDecl[] =>
    one === output
      ? [
          { ...output, name: "gates", shape, role: "scratch" },
          { ...output, shape },
        ]
      : [one],
  );
  return { ...program, buffers, run };
}

/** The stage for so many of its output channels, beginning with one. */
function ofChannels(stage: Stage, channels: number, count: number, first: number): Stage {
  const at = stage.output.at[channels] ?? affine(0);
  const [axis, ...others] = variablesOf(at);
  if (axis === undefined || others.length > 0 || coefficientOf(at, axis) !== 1) {
    return failInternally("output channels that are no axis of their own");
  }
  const moved = new Map([[axis, affine(first, { [axis]: 1 })]]);
  const part = mapStageForms(stage, (form) => substitute(form, moved));
  return { ...part, space: stage.space.map((one) => (one.name === axis ? { ...one, extent: count } : one)) };
}
