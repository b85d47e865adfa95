/** The one installation of a program, as TensorFlow.js has one registry of kernels, and what was loaded for it. */
import { fail } from "../ir/errors.js";
import type { Installation } from "./installation.js";

interface Installed {
  readonly installation: Installation;
  /** The functions of this entry that need an installation. */
  readonly parts: typeof import("./parts.js");
}

let current: Installed | undefined;

export const setCurrent = (installed: Installed | undefined): void => {
  current = installed;
};

export const installed = (): Installed | undefined => current;

/** Throws `not-ready` before `install`. */
export const needInstalled = (what: string): Installed =>
  current ?? fail("not-ready", `${what} needs tilewright in TensorFlow.js; await install(tf) first`);
