/** Words that JavaScript lets no variable or export have as its name, separated by spaces. */
export const JAVASCRIPT_WORDS =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
  "false finally for function if implements import in instanceof interface let new null package private protected " +
  "public return static super switch this throw true try typeof undefined var void while with yield";
