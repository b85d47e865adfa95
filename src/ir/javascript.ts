/** Words that JavaScript does not allow as the name of a variable or export, with spaces between them. */
export const JAVASCRIPT_WORDS =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
  "false finally for function if implements import in instanceof interface let new null package private protected " +
  "public return static super switch this throw true try typeof undefined var void while with yield";
