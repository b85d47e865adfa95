/** Commands of the shell, run in this process. */
import { run } from "../../src/cli/run.js";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `input`: what comes on standard input. */
export async function tilewright(argv: readonly string[], input = ""): Promise<Ran> {
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
  });
  return { code, out, err };
}
