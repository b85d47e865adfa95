/** The page that a phone shows: what it is to the farm, what it does, and a button. */
import type { Saved } from "./saved.js";

/** The elements of the page, by their ids. */
const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

export interface FarmView {
  /** Shows what happens now, in words. */
  say(what: string): void;
  device(name: string): void;
  show(saved: Saved): void;
  /** Called when the button is pressed, or the language is changed. */
  onChange(change: (wish: Pick<Saved, "isWilling" | "language">) => void): void;
}

export function viewOf(): FarmView {
  const [state, device, count] = [element("state"), element("device"), element("count")];
  const [button, select] = [element<HTMLButtonElement>("button"), element<HTMLSelectElement>("language")];
  let isWilling = false;
  return {
    say: (what) => {
      state.textContent = what;
    },
    device: (name) => {
      device.textContent = name;
    },
    show(saved) {
      isWilling = saved.isWilling;
      button.textContent = isWilling ? "Pause" : "Start";
      select.value = saved.language;
      count.textContent = String(saved.measured);
    },
    onChange(change) {
      const language = () => select.value as Saved["language"];
      button.addEventListener("click", () => change({ isWilling: !isWilling, language: language() }));
      select.addEventListener("change", () => change({ isWilling, language: language() }));
    },
  };
}
