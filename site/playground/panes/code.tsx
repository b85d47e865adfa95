/** The code that runs: JavaScript, WGSL, or WebAssembly as text. */
import { useEffect, useState } from "preact/hooks";
import { byteText } from "../../../src/report/format.js";
import { compiler, refusalOf } from "../engine.js";
import type { Compiled } from "../messages.js";
import { jobOf } from "../spec.js";
import { setup } from "../store.js";
import type { PaneProps } from "./pane.js";
import { Listing } from "./text.js";

const LANGUAGES = { js: "JavaScript", wasm: "WebAssembly", wgsl: "WGSL" } as const;

export function CodePane({ compiled: { explanation } }: PaneProps) {
  const { language } = explanation.schedule.target;
  const text = useText(explanation, language === "wasm");
  const bytes = explanation.memory.reduce((sum, { codeBytes }) => sum + codeBytes, 0);
  return (
    <>
      <p class="about">
        {LANGUAGES[language]}
        {bytes > 0 && `, ${byteText(bytes)} of binary, read back as text by wabt`}
      </p>
      <Listing text={text} label={`Code in ${LANGUAGES[language]}`} />
    </>
  );
}

/** A binary is read back by a worker, with a library that is loaded for this pane alone. */
function useText(explanation: Compiled["explanation"], isBinary: boolean): string {
  const [text, setText] = useState("");
  useEffect(() => {
    if (!isBinary) return;
    let isCurrent = true;
    const show = (found: string) => {
      if (isCurrent) setText(found);
    };
    compiler.ask("wat", [jobOf(setup.value)]).then(show, (error) => show(refusalOf(error).sentence));
    return () => {
      isCurrent = false;
    };
  }, [explanation, isBinary]);
  return isBinary ? text : explanation.code;
}
