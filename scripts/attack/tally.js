// @ts-check
/** Counts what attempts come to: right, refused with a typed error, wrong, or an error that no caller should see. */

/** The codes that the page on errors promises; "internal" is a bug by its own words. */
const CODES = [
  ...["invalid-spec", "invalid-shape", "invalid-argument", "invalid-formula", "invalid-schedule", "not-derivable"],
  ...["too-large", "not-ready", "target-unavailable", "device-lost", "missing-package", "worker-failed", "disposed"],
];
/** The longest message that still is a sentence; a formula's has the line with a caret below it. */
const MOST_MESSAGE = 1500;
/** An attempt that takes as many milliseconds has no answer. */
const PATIENCE = 60_000;
/** How much of an input is printed. */
const MOST_INPUT = 4000;

/** @typedef {{ kind: "WRONG" | "RAW", part: string, round: number, why: string, input: string }} Finding */

export class Tally {
  attempts = 0;
  right = 0;
  refused = 0;
  /** @type {Finding[]} */
  findings = [];
  mostMemory = 0;
  round = 0;
  #report;

  /**
   * @param {string} part
   * @param {object} [options]
   * @param {(finding: Finding) => void} [options.report] is told of findings as they come
   * @param {(expected: Float64Array) => Float64Array} [options.alter] changes what is expected: a fault on purpose
   * @param {boolean} [options.isTimed] true if what takes too long or too much memory is wrong
   */
  constructor(part, { report = () => {}, alter = (expected) => expected, isTimed = true } = {}) {
    this.part = part;
    this.alter = alter;
    this.isTimed = isTimed;
    this.#report = report;
  }

  get wrong() {
    return this.findings.filter(({ kind }) => kind === "WRONG").length;
  }

  get raw() {
    return this.findings.filter(({ kind }) => kind === "RAW").length;
  }

  /**
   * One input, and what is done with it.
   * @param {string} input as text that shows it
   * @param {() => unknown} act returns, or promises, a sentence if something is wrong; what it throws is judged here
   */
  async attempt(input, act) {
    this.attempts++;
    try {
      const why = await inTime(act);
      if (typeof why === "string") this.note("WRONG", why, input);
      else this.right++;
    } catch (error) {
      const raw = rawness(error);
      if (raw === undefined) this.refused++;
      else this.note("RAW", raw, input);
    }
    this.mostMemory = Math.max(this.mostMemory, process.memoryUsage.rss());
  }

  /** @param {"WRONG" | "RAW"} kind @param {string} why @param {string} input */
  note(kind, why, input) {
    const shown = input.length > MOST_INPUT ? `${input.slice(0, MOST_INPUT)}...` : input;
    const finding = { kind, part: this.part, round: this.round, why, input: shown };
    this.findings.push(finding);
    this.#report(finding);
  }
}

/** @param {() => unknown} act */
async function inTime(act) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE, `no answer for ${PATIENCE / 1000} s`);
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What makes an error one that no caller should see; undefined if it is a refusal. @param {unknown} error */
export function rawness(error) {
  const { name, code, message, stack } = Object(error);
  // By its name: entries that are bundled apart have a class each.
  if (!(error instanceof Error) || name !== "TilewrightError") {
    return typeof stack === "string" ? stack.split("\n").slice(0, 6).join("\n    ") : `${typeof error} was thrown`;
  }
  if (!CODES.includes(code)) return `code ${code}: ${message}`;
  if (message.length > MOST_MESSAGE) return `a message of ${message.length} characters: ${message.slice(0, 200)}...`;
  return /\n\s+at /.test(message) ? `a message with a stack: ${message}` : undefined;
}
