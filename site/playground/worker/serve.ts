/** Answers the page's questions in a worker, one after the other. */
import { failInternally, TilewrightError } from "../../../src/ir/errors.js";
import type { Answer, News, Question, Refusal } from "../messages.js";

type Calls = Readonly<Record<string, (...operands: never[]) => unknown>>;

/** `callsWith` makes the calls that are answered, of which some tell news before their answer. */
export function serve(callsWith: (tell: (news: News) => void) => Calls): void {
  let last: Promise<unknown> = Promise.resolve();
  addEventListener("message", ({ data }: MessageEvent<Question>) => {
    last = last.then(() => answer(data, callsWith));
  });
}

async function answer(
  { id, call, operands }: Question,
  callsWith: (tell: (news: News) => void) => Calls,
): Promise<void> {
  const send = (reply: Answer) => postMessage(reply);
  try {
    const calls = callsWith((news) => send({ id, news }));
    send({ id, value: await (calls[call] ?? failInternally(`no worker answers ${call}`))(...(operands as never[])) });
  } catch (error) {
    send({ id, refusal: refusalOf(error) });
  }
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof TilewrightError)) return { code: "internal", sentence: String(error) };
  const { code, message, place } = error;
  // The excerpt below the sentence is drawn by the editor.
  return { code, sentence: message.split("\n")[0] as string, ...(place ? { place } : {}) };
}
