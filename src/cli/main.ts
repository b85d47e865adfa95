#!/usr/bin/env node
/** The shell command `tilewright`. */
import { run } from "./run.js";
import { screenOf } from "./style.js";

// A reader such as `| head` closes the pipe when it has seen enough. That is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  input: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  screens: { out: screenOf(process.stdout), err: screenOf(process.stderr) },
});
