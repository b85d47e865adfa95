/** A measurer elsewhere, from here: asked one thing at a time, given a time for each, and replaced when it does not come back. */
import type { Opened, Problem, Reply, Request, Trial, Tried } from "./messages.js";

/** A process or thread with a `Measurer` in it. */
export interface Channel {
  send(request: Request): void;
  /** Each reply, and undefined once it has ended by itself. */
  onReply(listener: (reply: Reply | undefined) => void): void;
  kill(): void;
}

/** What became of a trial. */
export type Verdict = Tried | { readonly is: "crashed" | "hung" };

/** Milliseconds until the first call of a candidate begins: its code is compiled, and weights are prepared. */
const GRACE = 2000;
/** As long as so many calls of the model's pick the first call may take. */
const PATIENCE = 40;
/** Milliseconds for all that comes after the first call, beside the time it was given: what has ended once ends again. */
const REST = 10_000;
/** Timers take no more. */
const LONGEST = 2 ** 30;
/** To begin with: the definition of a large kernel takes a while. */
const OPENING = 120_000;

export class RemoteMeasurer {
  readonly #start: () => Channel;
  #channel: Channel | undefined;
  #problem: Problem | undefined;
  #ms = 0;

  constructor(start: () => Channel) {
    this.#start = start;
  }

  /** Undefined if the model's pick itself cannot be measured. */
  async open(problem: Problem): Promise<Opened | undefined> {
    this.close();
    this.#problem = problem;
    const reply = await this.#ask({ do: "open", problem }, OPENING);
    if (typeof reply === "string" || reply.did !== "open") return undefined;
    this.#ms = reply.opened.ms;
    return reply.opened;
  }

  async try(trial: Trial): Promise<Verdict> {
    if (!this.#channel && this.#problem && !(await this.open(this.#problem))) return { is: "late" };
    const rest = REST + Math.min(trial.within, LONGEST);
    const reply = await this.#ask({ do: "try", trial }, GRACE + PATIENCE * this.#ms, rest);
    if (typeof reply === "string") return { is: reply };
    return reply.did === "try" ? reply.tried : { is: "crashed" };
  }

  close(): void {
    this.#channel?.kill();
    this.#channel = undefined;
  }

  /** The reply, or how there came to be none; then the next question starts another measurer. */
  async #ask(request: Request, milliseconds: number, rest = milliseconds): Promise<Reply | "crashed" | "hung"> {
    this.#channel ??= this.#start();
    const channel = this.#channel;
    const reply = await new Promise<Reply | "crashed" | "hung">((resolve) => {
      let timer = setTimeout(() => resolve("hung"), milliseconds);
      channel.onReply((reply) => {
        clearTimeout(timer);
        if (reply?.did === "call") timer = setTimeout(() => resolve("hung"), rest);
        else resolve(reply ?? "crashed");
      });
      channel.send(request);
    });
    if (typeof reply === "string") this.close();
    return reply;
  }
}
