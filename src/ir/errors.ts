/**
 * The one error that users see. Its message is a sentence that names the thing, the rule and the remedy. Its `code` is
 * stable, so programs may switch on it.
 */
export type ErrorCode =
  | "invalid-spec" // an attribute or shape that no call may have
  | "invalid-shape" // shapes that do not fit each other, or an impossible output shape
  | "invalid-argument" // a buffer of the wrong type or length, detached or aliased
  | "invalid-schedule" // a directive that does not fit the stage
  | "too-large" // sizes that cannot be indexed or allocated; `bytes` says how much was asked for
  | "not-ready" // a synchronous call before `ready` has loaded what it needs
  | "target-unavailable" // this machine, page policy or build has no such target
  | "missing-package" // an optional npm package that is not installed
  | "worker-failed" // a thread died; the next run starts another
  | "device-lost" // the GPU device was lost, and the call could not be repeated on another
  | "disposed" // the kernel was disposed
  | "internal"; // a bug in the compiler: please report it

export class TilewrightError extends Error {
  override readonly name = "TilewrightError";
  readonly code: ErrorCode;
  /** Bytes asked for, if the code is `too-large`. */
  readonly bytes: number | undefined;

  constructor(code: ErrorCode, message: string, bytes?: number) {
    super(message);
    this.code = code;
    this.bytes = bytes;
  }
}

export function fail(code: ErrorCode, message: string, bytes?: number): never {
  throw new TilewrightError(code, message, bytes);
}

/** A value as text for a message. It takes anything that a caller may hand in, and never throws. */
export function show(value: unknown): string {
  const plain = (_: string, inner: unknown) =>
    typeof inner === "bigint" || (typeof inner === "number" && !Number.isFinite(inner)) ? `<${inner}>` : inner;
  try {
    return (JSON.stringify(value, plain) ?? String(value)).replace(/"<(-?\w+)>"/g, "$1");
  } catch {
    // The value refers to itself, or throws when it is read.
    return `${typeof value === "object" ? "an object" : `a ${typeof value}`} that cannot be shown`;
  }
}

/** Reports a state that only a bug in the compiler can reach. */
export function failInternally(message: string): never {
  return fail("internal", `tilewright bug: ${message}`);
}

/** Closes a `switch` over a discriminated union: a new member makes this call a type error. */
export function unreachable(value: never): never {
  return failInternally(`unexpected ${show(value)}`);
}
