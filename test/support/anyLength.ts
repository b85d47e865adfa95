/** Random specs of which each call chooses a size, the specs of one length that they stand for, and data. */
import fc from "fast-check";
import type { AnyLengthSpec, FamilyOp, FamilySpec } from "tilewright";
import { elementCount } from "../../src/ir/program.js";
import { smallIntegers } from "./run.js";

/** A spec in parts: `at` says it for one length, `spec` for all. */
export interface LengthCase {
  readonly spec: AnyLengthSpec;
  readonly at: (length: number) => FamilySpec;
  readonly multiple: number;
  /** The longest call, in multiples. */
  readonly most: number;
}

interface Drawn {
  readonly op: FamilyOp;
  readonly axis: "batch" | "rows" | "columns";
  readonly kernels: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly other: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly multiple: number;
  readonly most: number;
  readonly padding: "SAME" | "VALID" | readonly (readonly [number, number])[];
  readonly around: Pick<FamilySpec, "bias" | "residual" | "prologue" | "activation">;
}

const size = (max: number) => fc.integer({ min: 1, max });
const pair = <T>(one: fc.Arbitrary<T>) => fc.tuple(one, one);

const drawn: fc.Arbitrary<Drawn> = fc.record({
  op: fc.constantFrom(...(["conv1d", "conv2d", "conv1dTranspose", "conv2dTranspose", "depthwiseConv2d"] as const)),
  axis: fc.constantFrom("batch", "rows", "columns", "columns"),
  kernels: pair(size(5)),
  strides: pair(fc.constantFrom(1, 1, 2, 3)),
  dilations: pair(fc.constantFrom(1, 1, 2, 3)),
  other: size(5),
  inputs: fc.constantFrom(1, 2, 3, 4, 8),
  outputs: fc.constantFrom(1, 2, 3, 4, 5, 8, 21),
  multiple: fc.constantFrom(1, 1, 2, 3, 4, 8),
  most: size(9),
  padding: fc.oneof(fc.constantFrom("SAME" as const, "VALID" as const), fc.tuple(pair(fc.nat(3)), pair(fc.nat(3)))),
  around: fc.record(
    {
      bias: fc.boolean(),
      residual: fc.boolean(),
      prologue: fc.constant("relu" as const),
      activation: fc.constantFrom("relu" as const, { kind: "leakyRelu", alpha: 0.5 } as const),
    },
    { requiredKeys: [] },
  ),
});

function caseOf({ op, axis, other, inputs, outputs, most, around, ...given }: Drawn): LengthCase {
  const isOneDimensional = op.startsWith("conv1d");
  const of = <T>([rows, columns]: readonly [T, T]): readonly T[] => (isOneDimensional ? [columns] : [rows, columns]);
  const along = isOneDimensional && axis === "rows" ? "columns" : axis;
  const isTransposed = op.endsWith("Transpose");
  const stride = along === "batch" || isTransposed ? 1 : given.strides[along === "rows" ? 0 : 1];
  const multiple = given.multiple * stride;
  const { padding } = given;
  const filters =
    op === "depthwiseConv2d" ? [inputs, 1 + (outputs % 2)] : isTransposed ? [outputs, inputs] : [inputs, outputs];
  const rest: Omit<AnyLengthSpec, "value"> = {
    op,
    filters: [...of(given.kernels), ...filters],
    strides: of(given.strides),
    dilations: of(given.dilations),
    padding:
      typeof padding === "string" ? padding : of(padding as [readonly [number, number], readonly [number, number]]),
    ...around,
  };
  const image = (length: number | { readonly max: number; readonly multiple: number }) => {
    const [batch, rows, columns] = {
      batch: [length, other, other],
      rows: [1, length, other],
      columns: [1, 1, length],
    }[along] as [number, number, number];
    return [batch, ...of([rows, columns]), inputs];
  };
  return {
    spec: { ...rest, value: image({ max: most * multiple, multiple }) },
    at: (length) => ({ ...rest, value: image(length) }) as FamilySpec,
    multiple,
    most,
  };
}

export const lengthCases: fc.Arbitrary<LengthCase> = drawn.map(caseOf);

/** Small integers for the inputs and weights of a spec of one length, by name. */
export function dataFor(spec: FamilySpec, outputShape: readonly number[]) {
  const { value, filters, bias, residual } = spec;
  return {
    inputs: {
      value: smallIntegers(elementCount(value), 1),
      ...(residual ? { residual: smallIntegers(elementCount(outputShape), 4) } : {}),
    },
    weights: {
      filters: smallIntegers(elementCount(filters), 2),
      ...(bias ? { bias: smallIntegers(outputShape.at(-1) as number, 3) } : {}),
    },
  };
}
