/** The output shapes of LSTM, GRU and RNN: all steps, the last step and, of an LSTM, the last cell. */
import { at } from "../rule.js";
import { gap, type Info, type Inputs, type Shape, type Size, sizeFrom, withSizes } from "../shapes.js";
import { intOf, textOf } from "./attributes.js";
import type { OnnxNode } from "./model.js";

export function recurrent(node: OnnxNode, inputs: Inputs): readonly Info[] {
  const { shape } = at(inputs, 0);
  const directions = textOf(node, "direction") === "bidirectional" ? 2 : 1;
  const hidden = hiddenSize(node, inputs);
  const isBatchFirst = intOf(node, "layout") === 1;
  const outputs = (rule: (steps: Size, batch: Size) => Shape): Info => ({
    shape: withSizes(shape, ([first, second, ...rest]) => {
      if (first === undefined || second === undefined || rest.length !== 1)
        return gap("a sequence that is not of 3 dimensions");
      return isBatchFirst ? rule(second, first) : rule(first, second);
    }),
  });
  const last = outputs((_, batch) => (isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]));
  const all = outputs((steps, batch) =>
    isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden],
  );
  return [all, last, last];
}

/** The attribute, else what the recurrent weights [directions, gates * hidden, hidden] say. */
function hiddenSize(node: OnnxNode, inputs: Inputs): Size {
  const weights = at(inputs, 2).shape;
  const [, , hidden = gap("recurrent weights of fewer than 3 dimensions")] = Array.isArray(weights)
    ? weights
    : [0, 0, weights as Size];
  return intOf(node, "hidden_size") ?? sizeFrom([hidden], (known) => known);
}
