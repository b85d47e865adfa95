/** The colours of formulas and specs. */
import { StreamLanguage } from "@codemirror/language";

const REDUCTIONS = /^(?:sum|mean|max|min|where|floor)\b/;

export const formulaLanguage = StreamLanguage.define({
  name: "formula",
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^(?:for|if|each)\b/) || stream.match(REDUCTIONS)) return "keyword";
    if (stream.match(/^\d+(?:\.\d+)?(?:e[+-]?\d+)?/i)) return "number";
    if (stream.match(/^\w+(?=\s*\[)/)) return "typeName";
    if (stream.match(/^\w+(?=\s*\()/)) return "propertyName";
    if (stream.match(/^\w+/)) return "variableName";
    stream.next();
    return "operator";
  },
});

export const specLanguage = StreamLanguage.define({
  name: "spec",
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^"[^"]*"(?=\s*:)/)) return "propertyName";
    if (stream.match(/^"[^"]*"?/)) return "string";
    if (stream.match(/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i)) return "number";
    if (stream.match(/^(?:true|false|null)\b/)) return "keyword";
    stream.next();
    return "operator";
  },
});
