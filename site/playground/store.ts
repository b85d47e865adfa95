/** The state of the page: what was chosen, and what became of it. */
import { batch, effect, signal } from "@preact/signals";
import { compiler, refusalOf } from "./engine.js";
import { FIRST } from "./examples.js";
import type { Compiled, Refusal } from "./messages.js";
import { names } from "./names.js";
import { decodeSetup, encodeSetup, type Setup, withoutStrangers } from "./setup.js";
import { jobOf } from "./spec.js";

const DEFAULT: Setup = { source: FIRST, target: "wasm", accuracy: "exact" };

const linked = decodeSetup(location.hash);

export const setup = signal<Setup>(linked ?? DEFAULT);
/** True until something is chosen, if the address was no setup. */
export const isLinkBroken = signal(linked === undefined && location.hash.length > 1);
/** The last kernel that could be compiled. It stays while a refusal tells what is wrong with the next one. */
export const compiled = signal<Compiled | undefined>(undefined);
export const refusal = signal<Refusal | undefined>(undefined);
export const isBusy = signal(false);
/** A sentence for people who do not see the page, and for a moment for all. */
export const notice = signal("");

/** A change of the setup; what is undefined in it goes back to its default. */
type Change = { readonly [Name in keyof Setup]?: Setup[Name] | undefined };

/** Chooses anew. Another kernel, or another target, has a schedule of its own. */
export function choose(change: Change): void {
  const isSameKernel = Object.keys(change).every((name) => name === "point" || name === "schedule");
  const own: Change = isSameKernel ? {} : { point: undefined, schedule: undefined };
  const chosen = Object.entries({ ...setup.value, ...own, ...change }).filter(([, value]) => value !== undefined);
  batch(() => {
    setup.value = Object.fromEntries(chosen) as unknown as Setup;
    isLinkBroken.value = false;
  });
}

let latest = 0;

async function compileNow(): Promise<void> {
  const mine = ++latest;
  const now = setup.value;
  try {
    if (now.source.kind === "formula") names.value = await compiler.ask("names", [now.source.text]);
    if (mine !== latest) return;
    const result = await compiler.ask("compile", [jobOf(now)]);
    if (mine !== latest) return;
    batch(() => {
      compiled.value = result;
      refusal.value = undefined;
    });
    keepInAddress(withoutStrangers(now, names.value.read));
  } catch (error) {
    if (mine === latest) refusal.value = refusalOf(error);
  } finally {
    if (mine === latest) isBusy.value = false;
  }
}

const keepInAddress = (now: Setup): void => history.replaceState(null, "", `#${encodeSetup(now)}`);

/** Milliseconds without another change after which a change counts. */
const PAUSE = 120;

/** Compiles after each change, and keeps the address of the page true. */
export function follow(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  effect(() => {
    const now = setup.value;
    isBusy.value = true;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        keepInAddress(now);
        void compileNow();
      },
      isFirst ? 0 : PAUSE,
    );
    isFirst = false;
  });
  addEventListener("hashchange", () => {
    const given = decodeSetup(location.hash);
    isLinkBroken.value = given === undefined && location.hash.length > 1;
    if (given && encodeSetup(given) !== encodeSetup(setup.value)) setup.value = given;
  });
}
