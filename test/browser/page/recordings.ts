/** TensorFlow's recordings on the page's GPU: the op, its gradient and conv2d, each within the bound of a float32 sum. */
import { compile, interpret, type OpSpec, type Shape4 } from "tilewright";
import atrous from "../../vectors/tf_atrous_conv2d_transpose.json" with { type: "json" };
import conv2d from "../../vectors/tf_conv2d.json" with { type: "json" };

interface Recorded {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Recording {
  readonly title: string;
  readonly spec: OpSpec;
  readonly value: Recorded;
  readonly filters: Recorded;
  readonly expected: Recorded;
}

const shape4 = ({ shape }: Recorded): Shape4 => shape as unknown as Shape4;

function recordings(): Recording[] {
  const ofAtrous = atrous.vectors.flatMap(({ name, attrs, input, filter, expected, gradOutput, expectedGradInput }) => {
    const { rate } = attrs;
    const padding = attrs.padding as OpSpec["padding"];
    const common = { filters: shape4(filter), rate, padding };
    const forward: OpSpec = { op: "atrousConv2dTranspose", value: shape4(input), ...common };
    const backward: OpSpec = { op: "conv2d", value: shape4(gradOutput), ...common };
    return [
      { title: name, spec: forward, value: input, filters: filter, expected },
      { title: `gradient of ${name}`, spec: backward, value: gradOutput, filters: filter, expected: expectedGradInput },
    ];
  });
  const ofConv2d = conv2d.vectors.map(({ name, attrs, input, filter, expected }) => {
    const [rate = 1] = attrs.dilations;
    const padding = attrs.padding as OpSpec["padding"];
    const spec: OpSpec = { op: "conv2d", value: shape4(input), filters: shape4(filter), rate, padding };
    return { title: name, spec, value: input, filters: filter, expected };
  });
  return [...ofAtrous, ...ofConv2d];
}

/** How many there are, and the titles of those whose result is not within the bound. */
export async function tryRecordings(): Promise<{ readonly tried: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const all = recordings();
  for (const recording of all) if (!(await isRight(recording))) wrong.push(recording.title);
  return { tried: all.length, wrong };
}

async function isRight({ spec, value, filters, expected }: Recording): Promise<boolean> {
  const [x, w] = [Float32Array.from(value.data), Float32Array.from(filters.data)];
  const kernel = await compile(spec, { target: "webgpu" });
  const result = await kernel.run(x, await kernel.prepare(w));
  kernel.dispose();
  // By definition: the call on ones counts the products, on magnitudes it sums them.
  const products = interpret(
    spec,
    x.map(() => 1),
    w.map(() => 1),
  );
  const magnitudes = interpret(spec, x.map(Math.abs), w.map(Math.abs));
  // Both sides were summed in float32. NaN must fail too.
  const isClose = (y: number, i: number) =>
    Math.abs(y - (expected.data[i] as number)) <=
    2 * ((products[i] as number) + 2) * 2 ** -24 * (magnitudes[i] as number);
  return result.length === expected.data.length && result.every(isClose);
}
