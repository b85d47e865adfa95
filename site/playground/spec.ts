/** From what was typed to a spec, and to where a sentence about it belongs. */

import { featuresOf } from "./abilities.js";
import { Refused } from "./engine.js";
import type { Job, Refusal } from "./messages.js";
import { names } from "./names.js";
import { sizesIn } from "./sentences.js";
import type { Setup, Source } from "./setup.js";

/** Throws `Refused` if a text is no JSON. */
export function specOf(source: Source): unknown {
  if (source.kind === "op") return parsed(source.text);
  const { read } = names.value;
  const given = Object.entries(source.shapes).filter(([, shape]) => shape.trim() !== "");
  // A tensor without a shape may be one with a shape, misspelt: then the compiler sees all of them, and says so.
  const isWhole = read.every((name) => given.some(([other]) => other === name));
  const used = isWhole ? given.filter(([name]) => read.includes(name)) : given;
  const weights = source.weights.filter((name) => used.some(([other]) => other === name));
  return {
    formula: source.text,
    tensors: Object.fromEntries(used.map(([name, shape]) => [name, sizesOf(shape)])),
    ...(weights.length > 0 ? { weights } : {}),
  };
}

/** A word that is no number is left as it is: the compiler says what it thinks of it. */
const sizesOf = (shape: string): unknown[] =>
  sizesIn(shape).map((size) => (Number.isNaN(Number(size)) ? size : Number(size)));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    const sentence = `this is no JSON: ${message.replace(/ \(line.*$/, "")}`;
    throw new Refused({ code: "invalid-spec", sentence, place: { from: at, to: at + 1 } });
  }
}

export const jobOf = (setup: Setup): Job => ({
  spec: specOf(setup.source),
  features: featuresOf(setup),
  accuracy: setup.accuracy,
  ...(setup.point ? { point: setup.point } : {}),
  ...(setup.schedule ? { schedule: setup.schedule } : {}),
});

/** The place in the text to which a refusal belongs. Sentences about an op begin with the name of its field. */
export function placeOf({ place, sentence }: Refusal, { kind, text }: Source): Refusal["place"] {
  if (place || kind === "formula") return place;
  const [word = ""] = /^\w+/.exec(sentence) ?? [];
  const key = JSON.stringify(word);
  const value = new RegExp(`${key}\\s*:\\s*`).exec(text);
  if (!value || word === "") return undefined;
  const from = value.index + value[0].length;
  const rest = /^(\[[^\]]*\]|\{[^}]*\}|"[^"]*"|[^,}\n]*)/.exec(text.slice(from))?.[0] ?? "";
  return { from, to: from + Math.max(1, rest.length) };
}
