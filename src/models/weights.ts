/** Reads the weights that a report names, as float32. */
import { fail } from "../ir/errors.js";
import { Beside } from "./beside.js";
import { onnxFloats } from "./onnx/floats.js";
import { quoted, type WeightName } from "./report.js";
import { tfjsFloats } from "./tfjs/floats.js";

export class WeightReader {
  private readonly beside: Beside;

  /** @param model the path of the model that the report is about */
  constructor(private readonly model: string) {
    this.beside = new Beside(model);
  }

  /**
   * The elements in the order of the model, as float32 in little-endian order.
   * Throws `invalid-argument` if they are no floats, or not there.
   */
  bytesOf({ name, stored }: WeightName): Uint8Array {
    if (stored === undefined)
      fail(
        "invalid-argument",
        `no file has the tensor ${quoted(name)} as it is, since inputs or nodes make it, such as DequantizeLinear; ` +
          "fold the model's constants first, or export it unquantized",
      );
    return stored.format === "onnx" ? onnxFloats(this.model, stored, this.beside) : tfjsFloats(stored, this.beside);
  }
}
