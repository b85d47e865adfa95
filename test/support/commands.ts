/** Commands of the shell, run in this process. */
import { run } from "../../src/cli/run.js";
import { NO_SCREEN, type Screen } from "../../src/cli/style.js";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `input`: what comes on standard input. `screen`: what shows both outputs. */
export async function tilewright(argv: readonly string[], input = "", screen: Screen = NO_SCREEN): Promise<Ran> {
  let [out, err] = ["", ""];
  const code = await run(argv, {
    // One character at a time: text must not depend on where chunks end.
    input: (async function* () {
      for (const byte of new TextEncoder().encode(input)) yield Uint8Array.of(byte);
    })(),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
    screens: { out: screen, err: screen },
  });
  return { code, out, err };
}
