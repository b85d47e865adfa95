/** Tells models from other files by how they begin, so that each is refused by its name and with what helps. */
import { fail } from "../ir/errors.js";
import type { Pieces } from "./pieces.js";

const READ = "an ONNX file and the model.json of a TensorFlow.js graph model can be read";

/** Text that a file has at a position. */
const at =
  (position: number, ...texts: readonly string[]) =>
  (start: string): boolean =>
    texts.some((text) => start.startsWith(text, position));

const like =
  (pattern: RegExp) =>
  (start: string): boolean =>
    pattern.test(start);

/** Files that are no model: how the first bytes look, what the file is, and what helps. */
const OTHERS: readonly (readonly [looks: (start: string) => boolean, what: string, remedy: string])[] = [
  [at(0, "version https://git-lfs"), "a pointer of Git LFS, not the model", "fetch the model with git lfs pull"],
  [
    like(/^.{0,16}<(!doctype|html|head|\?xml)/is),
    "a web page, not the model",
    "download the file that the page is about",
  ],
  [at(0, "\x89HDF"), "an HDF5 file, such as a model of Keras", `convert it with tensorflowjs_converter; ${READ}`],
  [at(4, "TFL3"), "a TensorFlow Lite model", `convert the model that it was made from; ${READ}`],
  [at(4, "ORTM"), "a model in ONNX Runtime's own format", "give the .onnx file that it was made from"],
  [at(0, "PK\x03\x04"), "a zip archive, such as a checkpoint of PyTorch", `unpack it, or export the model; ${READ}`],
  [at(0, "\x1f\x8b"), "compressed with gzip", "unpack it with gunzip"],
  [at(0, "\x80\x02", "\x80\x04"), "a pickle of Python, such as a checkpoint of PyTorch", `export the model; ${READ}`],
  [at(0, "\xff\xfe", "\xfe\xff"), "text in UTF-16", "save it as UTF-8"],
  [
    like(/^(\xef\xbb\xbf)?\s*\[/),
    "a list in JSON, such as a manifest of weights",
    "give the model.json that it belongs to",
  ],
];

/** Refuses a file that is known to be something else. */
export function checkFormat(pieces: Pieces): void {
  const start = startOf(pieces);
  const found = OTHERS.find(([looks]) => looks(start));
  if (found !== undefined) fail("invalid-argument", `${pieces.path} is ${found[1]}; ${found[2]}`);
  if (/\.json$/i.test(pieces.path) && !isJson(pieces))
    fail("invalid-argument", `${pieces.path} is no model.json: it does not begin with a brace`);
}

/** True if the file begins with a brace, as JSON does. No ONNX model can begin with a brace. */
export const isJson = (pieces: Pieces): boolean => /^(\xef\xbb\xbf)?\s*\{/.test(startOf(pieces));

/** The first bytes, one character each. */
const startOf = (pieces: Pieces): string => Buffer.from(pieces.bytes(0, Math.min(64, pieces.size))).toString("latin1");

/** True if a file seems to have lost its line ends: it has no line feed without a carriage return before it. */
export function hasChangedLines(pieces: Pieces): boolean {
  const text = Buffer.from(pieces.bytes(0, Math.min(PROBE, pieces.size))).toString("latin1");
  const count = text.split("\n").length - 1;
  return count >= 3 && text.split("\r\n").length - 1 === count;
}

/** Bytes that are looked at. Binary files hold a line feed every 256 bytes. */
const PROBE = 64 * 1024;
