/** A client of a measurer: one request at a time, each with a time limit, after which it is replaced. */
import type { Opened, Problem, Reply, Request, Trial, Tried } from "./messages.js";

/** A process or thread with a `Measurer` in it. */
export interface Channel {
  send(request: Request): void;
  /** The listener gets each reply, and undefined once the measurer has ended. */
  onReply(listener: (reply: Reply | undefined) => void): void;
  kill(): void;
}

/** The result of a trial, or how its process ended. */
export type Verdict = Tried | { readonly is: "crashed" | "hung" };

/** Milliseconds until a candidate's first call begins, in which its code is compiled and its weights are prepared. */
const GRACE = 2000;
/** The first call may take as long as so many calls of the model's pick. */
const PATIENCE = 40;
/** Milliseconds after the first call, beyond the trial's own limit. A kernel that ended once most likely ends again. */
const REST = 10_000;
/** Milliseconds of a timer at most: timers take less than 2^31. */
const LONGEST = 2 ** 30;
/** Milliseconds for "open", in which the definition is interpreted at some points, which is slow for a large kernel. */
const OPENING = 120_000;

export class RemoteMeasurer {
  readonly #start: () => Channel;
  #channel: Channel | undefined;
  #problem: Problem | undefined;
  #ms = 0;

  constructor(start: () => Channel) {
    this.#start = start;
  }

  /** Starts a measurer with a problem. Undefined if the model's pick itself cannot be measured. */
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

  /** The reply, or the reason why there is none; then the next request starts another measurer. */
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
