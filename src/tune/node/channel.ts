/** Starts a measurer in a process of its own. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Reply } from "../messages.js";
import type { Channel } from "../remote.js";

export function startChild(): Channel {
  const child = fork(fileURLToPath(new URL("./child.js", import.meta.url)), {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [],
  });
  let listener: (reply: Reply | undefined) => void = () => undefined;
  child.on("message", (reply: Reply) => listener(reply));
  child.on("exit", () => listener(undefined));
  // Sending to a child that has ended is an error; "exit" reports its end.
  child.on("error", () => undefined);
  return {
    send: (request) => void child.send(request, () => undefined),
    onReply(next) {
      listener = next;
    },
    kill() {
      // A caller that waits for a reply need not wait for the exit.
      listener(undefined);
      listener = () => undefined;
      child.kill("SIGKILL");
    },
  };
}
