/** The page's side of its workers: questions go out in order, and each is answered by a promise. */
import type { Answer, CompilerCalls, MeasurerCalls, News, Question, Refusal } from "./messages.js";

/** A refusal as an error, so that promises may be rejected by it. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.sentence);
  }
}

/** A person, or another question, has ended the worker that was asked. */
export const STOPPED: Refusal = { code: "stopped", sentence: "stopped" };

interface Waiting {
  keep(value: unknown): void;
  refuse(error: Refused): void;
  hear(news: News): void;
}

type CallsOf<C> = { [Name in keyof C]: (...operands: never[]) => unknown };

class Client<C extends CallsOf<C>> {
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #last = 0;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  ask<Name extends keyof C & string>(
    call: Name,
    operands: Parameters<C[Name]>,
    hear: (news: News) => void = () => undefined,
  ): Promise<Awaited<ReturnType<C[Name]>>> {
    const id = ++this.#last;
    const question: Question = { id, call, operands };
    return new Promise((keep, refuse) => {
      this.#waiting.set(id, { keep: keep as (value: unknown) => void, refuse, hear });
      this.#open().postMessage(question);
    });
  }

  /** Ends the worker. Whoever waits is refused; the next question starts another one. */
  stop(refusal: Refusal = STOPPED): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { refuse } of this.#waiting.values()) refuse(new Refused(refusal));
    this.#waiting.clear();
  }

  #open(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data);
    worker.onerror = ({ message }) => this.stop({ code: "internal", sentence: message || "the worker did not start" });
    this.#worker = worker;
    return worker;
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if ("news" in answer) {
      waiting?.hear(answer.news);
      return;
    }
    this.#waiting.delete(answer.id);
    if ("refusal" in answer) waiting?.refuse(new Refused(answer.refusal));
    else waiting?.keep(answer.value);
  }
}

export const compiler = new Client<CompilerCalls>(
  () => new Worker(new URL("./compiler.js", import.meta.url), { type: "module" }),
);
export const measurer = new Client<MeasurerCalls>(
  () => new Worker(new URL("./measurer.js", import.meta.url), { type: "module" }),
);

export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refused ? error.refusal : { code: "internal", sentence: String(error) };
