/** Errors as tests look at them. */
import { TilewrightError } from "../../src/ir/errors.js";

/** What a promise is rejected with; throws if it is not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection, and there was none");
}

/** What a function throws; throws another error if it does not. */
export function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error, and there was none");
}

/** `code: message` of a TilewrightError; any other error passes through. */
export function errorOf(error: unknown): string {
  if (error instanceof TilewrightError) return `${error.code}: ${error.message}`;
  throw error;
}
