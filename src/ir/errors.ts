/**
 * The one error that users see. Its message is a sentence that names the thing, the rule and the remedy. Its `code` is
 * stable, so programs may switch on it.
 */
export type ErrorCode =
  | "invalid-spec" // an attribute or shape that no call may have
  | "invalid-shape" // shapes that do not fit each other, or an impossible output shape
  | "invalid-argument" // a buffer of the wrong type or length, detached or aliased
  | "invalid-formula" // text that is no formula, or a formula that does not fit its tensors
  | "invalid-schedule" // a directive that does not fit the stage
  | "not-derivable" // a program that has no gradient with respect to a tensor, or none that stages can compute
  | "too-large" // sizes that cannot be indexed or allocated; `bytes` says how much was asked for
  | "not-ready" // a synchronous call before `ready` has loaded what it needs
  | "target-unavailable" // this machine, page policy or build has no such target
  | "server-unavailable" // no server of a farm answers, or it does not let this process in
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
  /** The refused characters of a formula's text, from one up to another, if the code is `invalid-formula`. */
  declare readonly place?: { readonly from: number; readonly to: number };

  constructor(code: ErrorCode, message: string, bytes?: number) {
    super(message);
    this.code = code;
    this.bytes = bytes;
  }
}

export function fail(code: ErrorCode, message: string, bytes?: number): never {
  throw new TilewrightError(code, message, bytes);
}

/** The most characters of a value that a message shows, and the most elements of an array. */
const MOST = 100;

/** As much of a text as a message shows. */
export const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}...` : text);

/**
 * A value as text for a message, cut to some 100 characters. It takes anything that a caller may hand in, and never
 * throws.
 */
export function show(value: unknown): string {
  const plain = (_: string, inner: unknown) => {
    if (typeof inner === "bigint" || (typeof inner === "number" && !Number.isFinite(inner))) return `<${inner}>`;
    if (typeof inner === "string") return cut(inner);
    if (ArrayBuffer.isView(inner)) return `<${kindOf(inner)}>`;
    return Array.isArray(inner) && inner.length > MOST ? inner.slice(0, MOST) : inner;
  };
  try {
    if (typeof value === "function") return "a function";
    return cut((JSON.stringify(value, plain) ?? String(value)).replace(/"<(-?\w+)>"/g, "$1"));
  } catch {
    // The value refers to itself, or throws when it is read.
    return `${typeof value === "object" ? "an object" : `a ${typeof value}`} that cannot be shown`;
  }
}

/** The kind of a value in a word: its class, or its type. It never throws either. */
export function kindOf(value: unknown): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  try {
    const name: unknown = value.constructor?.name;
    return typeof name === "string" && name !== "" ? cut(name) : "object";
  } catch {
    return "object";
  }
}

/**
 * The result of `read`, which reads and checks what a caller handed in, and may promise it. Getters and proxies may
 * throw anything; that becomes a refusal of the thing itself. `what` begins a sentence, `remedy` ends it.
 */
export function reading<T>(
  what: string,
  read: () => T,
  code: ErrorCode = "invalid-argument",
  remedy = "pass plain data",
): T {
  const refuse = (error: unknown): never => {
    if (error instanceof TilewrightError) throw error;
    return fail(code, `${what} cannot be read, as it throws ${kindOf(error)} when it is; ${remedy}`);
  };
  try {
    const result = read();
    return result instanceof Promise ? (result.catch(refuse) as T) : result;
  } catch (error) {
    return refuse(error);
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
